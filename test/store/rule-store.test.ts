import { expect } from 'chai';
import fc from 'fast-check';
import { NO_MEMORY } from '../../engine/memory.js';
import type { RuleFolder } from '../../engine/rule-set.js';
import { linesOf } from '../../store/text.js';
import { compileStub, createRig, type Rig } from './rule-store-rig.js';

describe('rule store', () => {
  let rig: Rig;
  beforeEach(() => {
    rig = createRig({ now: () => 1_700_000_000_000 });
  });
  afterEach(() => rig.dispose());

  it('has nothing in force before it has loaded', () => {
    expect(rig.store.current()).to.equal(null);
    expect(rig.store.status()).to.deep.equal({
      revision: null,
      source: null,
      release: null,
      latestRelease: null,
      keptAt: null,
      files: 0,
      rules: { enforce: 0, shadow: 0, off: 0 },
      lists: 0,
      liveLists: [],
      memory: NO_MEMORY,
      lastReload: null,
      watching: null,
    });
  });

  it('puts a good folder in force and tells what is in it', async () => {
    rig.rules('a.yaml', 'one', 'shadow-two');
    rig.rules('b.yaml', 'off-three', 'four');
    rig.parent.write('rules/words.txt', 'x');
    const reload = await rig.store.load();
    expect(reload).to.include({ at: 1_700_000_000_000, outcome: 'loaded' });
    expect(reload.durationMs).to.be.at.least(0);
    expect(reload.revision).to.equal(rig.store.current()?.revision);
    expect(rig.inForce()).to.deep.equal(['one', 'shadow-two', 'off-three', 'four']);
    expect(rig.store.status()).to.deep.equal({
      revision: reload.revision,
      source: 'files',
      release: null,
      latestRelease: null,
      keptAt: null,
      files: 2,
      rules: { enforce: 2, shadow: 1, off: 1 },
      lists: 1,
      liveLists: [],
      memory: NO_MEMORY,
      lastReload: reload,
      watching: null,
    });
  });

  it('puts nothing in force at first when there is a mistake', async () => {
    rig.rules('a.yaml', 'one', 'broken');
    const { outcome, revision, problems } = await rig.store.load();
    expect([outcome, revision, rig.store.current()]).to.deep.equal(['refused', null, null]);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include({ file: 'a.yaml', line: 3, column: 5 });
    expect(problems[0]?.frame).to.include('> 3 |   - broken');
  });

  it('refuses a missing folder at first', async () => {
    const { outcome, problems } = await rig.store.load();
    expect(outcome).to.equal('refused');
    expect(problems.map(({ file, code }) => [file, code])).to.deep.equal([['.', 'file-unreadable']]);
  });

  it('takes a folder without rules, with a warning', async () => {
    rig.parent.write('rules/readme.md', '');
    const { outcome, problems } = await rig.store.load();
    expect(outcome).to.equal('loaded');
    expect(problems.map(({ code, severity }) => [code, severity])).to.deep.equal([['no-rules', 'warning']]);
    expect(rig.inForce()).to.deep.equal([]);
  });

  it('keeps the last good rules when the next are broken', async () => {
    rig.rules('a.yaml', 'one');
    const first = await rig.store.load();
    rig.rules('a.yaml', 'two', 'broken');
    const second = await rig.store.load();
    expect(second).to.include({ outcome: 'refused', revision: first.revision });
    expect(rig.inForce()).to.deep.equal(['one']);
    expect(rig.store.status().lastReload).to.equal(second);
    rig.rules('a.yaml', 'two');
    expect(await rig.store.load()).to.include({ outcome: 'loaded' });
    expect(rig.inForce()).to.deep.equal(['two']);
  });

  it('tells when nothing has changed, and when it looked', async () => {
    let time = 1000;
    const other = createRig({ now: () => (time += 1000) });
    try {
      other.rules('a.yaml', 'one');
      const first = await other.store.load();
      const second = await other.store.load();
      expect(first).to.include({ at: 2000, outcome: 'loaded' });
      expect(second).to.include({ at: 3000, outcome: 'unchanged', revision: first.revision });
    } finally {
      await other.dispose();
    }
  });

  it('takes rules with warnings', async () => {
    rig.rules('a.yaml', 'doubtful');
    const { outcome, problems } = await rig.store.load();
    expect(outcome).to.equal('loaded');
    expect(problems.map(({ message }) => message)).to.deep.equal(['It is doubtful.']);
  });

  it('tells all mistakes at once, of syntax and of meaning, sorted', async () => {
    rig.rules('c.yaml', 'broken');
    rig.parent.write('rules/b.yaml', 'rules: [');
    rig.rules('a.yaml', 'doubtful', 'broken');
    const { problems } = await rig.store.load();
    expect(problems.map(({ file, line, code }) => `${file}:${line} ${code}`)).to.deep.equal([
      'a.yaml:2 wrong-value',
      'a.yaml:3 wrong-value',
      'b.yaml:1 yaml-syntax',
      'c.yaml:2 wrong-value',
    ]);
  });

  it('leaves out what may only be missing because a file could not be read', async () => {
    rig.rules('a.yaml', 'lost');
    expect((await rig.store.load()).problems.map(({ code }) => code)).to.deep.equal(['unknown-list']);
    rig.parent.write('rules/b.yaml', 'lists: [');
    expect((await rig.store.load()).problems.map(({ code }) => code)).to.deep.equal(['yaml-syntax']);
  });

  it('survives a compiler that throws', async () => {
    let isBuggy = false;
    const other = createRig({
      compile: (folder: RuleFolder) => {
        if (isBuggy) throw new Error('a bug');
        return Promise.resolve(compileStub(folder));
      },
    });
    try {
      other.rules('a.yaml', 'one');
      await other.store.load();
      isBuggy = true;
      const { outcome, problems } = await other.store.load();
      expect(outcome).to.equal('refused');
      expect(problems[0]).to.include({
        code: 'internal-error',
        message: 'The rules could not be compiled: a bug',
      });
      expect(other.inForce()).to.deep.equal(['one']);
    } finally {
      await other.dispose();
    }
  });

  it('never loads twice at a time', async () => {
    let running = 0;
    let most = 0;
    const other = createRig({
      async compile(folder: RuleFolder) {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return compileStub(folder);
      },
    });
    try {
      other.rules('a.yaml', 'one');
      const reloads = await Promise.all([other.store.load(), other.store.load(), other.store.load()]);
      expect(reloads.map(({ outcome }) => outcome)).to.deep.equal(['loaded', 'unchanged', 'unchanged']);
      expect(most).to.equal(1);
    } finally {
      await other.dispose();
    }
  });

  it('goes on when a listener throws, and stops calling one that has left', async () => {
    const calls: string[] = [];
    rig.store.onReload(() => {
      throw new Error('of the listener');
    });
    const leave = rig.store.onReload(({ outcome }) => calls.push(outcome));
    rig.rules('a.yaml', 'one');
    await rig.store.load();
    leave();
    await rig.store.load();
    expect(calls).to.deep.equal(['loaded']);
    expect(rig.errors.map(String)).to.deep.equal(['Error: of the listener', 'Error: of the listener']);
  });

  it('never rejects, whatever the files hold, and puts every problem inside its file', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({
        unit: fc.constantFrom('rules:', ' ', '\n', '- ', '[', ']', ': ', 'broken', '"', '&a ', '*a'),
      }),
    );
    const bytes = fc.oneof(
      text.map((some) => Buffer.from(some)),
      fc.uint8Array().map((some) => Buffer.from(some)),
    );
    const other = createRig({ compile: () => ({ ruleSet: null, problems: [] }) });
    try {
      await fc.assert(
        fc.asyncProperty(bytes, bytes, async (rules, words) => {
          other.parent.write('rules/a.yaml', rules);
          other.parent.write('rules/words.txt', words);
          const { problems } = await other.store.load();
          for (const { file, line, column } of problems) {
            const lines = linesOf((file === 'a.yaml' ? rules : words).toString('utf8'));
            expect(column).to.be.within(1, (lines.line(line)?.length ?? -1) + 1);
          }
        }),
        { numRuns: 200 },
      );
    } finally {
      await other.dispose();
    }
  });
});
