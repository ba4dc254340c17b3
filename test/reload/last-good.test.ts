import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { createFolderOrigin } from '../../store/folder-origin.js';
import { readLastGood, UnusableLastGood, writeLastGood, type KeptFile } from '../../store/last-good.js';
import { createRuleStore, type RuleStore } from '../../store/rule-store.js';
import { createThreadLoader } from '../../store/thread-loader.js';
import { createTempFolder, type TempFolder } from '../store/temp-folder.js';
import { CONTEXT, refusing } from './rule-files.js';

let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder();
});
afterEach(() => folder.remove());

describe('file of the last good rules', () => {
  const FILES: readonly KeptFile[] = [
    { file: 'a.yaml', role: 'rules', text: 'rules: []\n' },
    { file: 'words.txt', role: 'list', text: '赌博\n' },
  ];

  async function failure(path: string): Promise<string> {
    try {
      await readLastGood(path);
      return 'none';
    } catch (error) {
      if (!(error instanceof UnusableLastGood)) throw error;
      return error.message;
    }
  }

  it('gives back what was kept (property)', async () => {
    const kept = fc.record({
      file: fc.string(),
      role: fc.constantFrom('rules' as const, 'list' as const),
      text: fc.string({ unit: 'binary' }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(kept, { maxLength: 5 }), fc.nat(), async (files, savedAt) => {
        await writeLastGood(folder.at('last-good.json'), { savedAt, files });
        expect(await readLastGood(folder.at('last-good.json'))).to.deep.equal({ savedAt, files });
      }),
      { numRuns: 30 },
    );
  });

  it('is nothing before anything was kept', async () => {
    expect(await readLastGood(folder.at('last-good.json'))).to.equal(null);
  });

  it('is refused when anything in it was changed or lost (property)', async () => {
    const path = folder.at('last-good.json');
    await writeLastGood(path, { savedAt: 1, files: FILES });
    const whole = readFileSync(path);
    const from = whole.indexOf('"files":');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: from, max: whole.length - 3 }), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(whole);
        changed[at] = byte;
        writeFileSync(path, changed);
        expect((await failure(path)) === 'none').to.equal(changed.equals(whole));
        writeFileSync(path, whole.subarray(0, at));
        expect(await failure(path)).not.to.equal('none');
      }),
      { numRuns: 60 },
    );
  });

  it('is refused when it is of another version', async () => {
    const path = folder.at('last-good.json');
    writeFileSync(path, JSON.stringify({ format: 99, files: 'in a new manner' }));
    expect(await failure(path)).to.equal('it is of format 99, and this Callgate reads 1');
  });

  it('is refused when it cannot be read', async () => {
    mkdirSync(folder.at('last-good.json'));
    expect(await failure(folder.at('last-good.json'))).to.include('EISDIR');
  });

  it('is replaced whole, and nothing else is left behind', async () => {
    const path = folder.at('state/last-good.json');
    for (const savedAt of [1, 2, 3]) await writeLastGood(path, { savedAt, files: FILES });
    expect((await readLastGood(path))?.savedAt).to.equal(3);
    expect(readdirSync(folder.at('state'))).to.deep.equal(['last-good.json']);
  });

  it('stays as it was when the next rules are too large to be kept', async () => {
    const path = folder.at('state/last-good.json');
    await writeLastGood(path, { savedAt: 1, files: FILES });
    const failed = await writeLastGood(path, { savedAt: 2, files: FILES }, 100).catch(String);
    expect(failed).to.include('more than 100 bytes');
    expect((await readLastGood(path))?.savedAt).to.equal(1);
    expect(readdirSync(folder.at('state'))).to.deep.equal(['last-good.json']);
  });
});

describe('rule store that keeps the last good rules', () => {
  const open: RuleStore[] = [];
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close();
  });

  /** A store as after a restart. */
  function start(): RuleStore {
    const onError = (error: unknown): void => {
      throw error instanceof Error ? error : new Error(String(error));
    };
    const store = createRuleStore({
      origin: createFolderOrigin(folder.at('rules')),
      loader: createThreadLoader({ context: CONTEXT, onError }),
      lastGood: folder.at('state/last-good.json'),
      onError,
    });
    open.push(store);
    return store;
  }

  const idsOf = (store: RuleStore): readonly string[] | undefined =>
    store.current()?.rules.map(({ id }) => id);

  /** Loads good rules once, so that they are kept. */
  async function keep(): Promise<string | undefined> {
    folder.write('rules/a.yaml', `rules:\n${refusing('one', 'ann')}`);
    const store = start();
    await store.load();
    expect(store.status()).to.include({ source: 'files', keptAt: null });
    await store.close();
    return store.current()?.revision;
  }

  for (const [what, harm] of [
    ['a rule file has a mistake', () => folder.write('rules/a.yaml', 'rules: [')],
    ['the folder is gone', () => rmSync(folder.at('rules'), { recursive: true })],
  ] as const) {
    it(`starts on them when ${what}`, async () => {
      const revision = await keep();
      harm();
      const store = start();
      const { outcome, problems, revision: inForce } = await store.load();
      expect(outcome).to.equal('refused');
      expect(problems.map(({ severity }) => severity)).to.deep.equal(['error']);
      expect(inForce).to.equal(revision);
      expect(idsOf(store)).to.deep.equal(['one']);
      expect(store.status().source).to.equal('last-good');
      expect(store.status().keptAt).to.be.at.most(Date.now());
    });
  }

  it('leaves them when the files are good again, even the same ones', async () => {
    const revision = await keep();
    folder.write('rules/a.yaml', 'rules: [');
    const store = start();
    await store.load();
    folder.write('rules/a.yaml', `rules:\n${refusing('one', 'ann')}`);
    expect(await store.load()).to.include({ outcome: 'loaded', revision });
    expect(store.status()).to.include({ source: 'files', keptAt: null });
  });

  it('stays on them while the files stay broken', async () => {
    await keep();
    folder.write('rules/a.yaml', 'rules: [');
    const store = start();
    await store.load();
    folder.write('rules/a.yaml', 'rules: {');
    expect(await store.load()).to.include({ outcome: 'refused' });
    expect(store.status().source).to.equal('last-good');
    expect(idsOf(store)).to.deep.equal(['one']);
  });

  it('starts on nothing when nothing was kept', async () => {
    folder.write('rules/a.yaml', 'rules: [');
    const store = start();
    const { outcome, problems } = await store.load();
    expect([outcome, problems.map(({ code }) => code)]).to.deep.equal(['refused', ['yaml-syntax']]);
    expect(store.status()).to.include({ source: null, revision: null });
    expect(existsSync(folder.at('state'))).to.equal(false);
  });

  it('starts on nothing when what was kept is damaged, with a warning', async () => {
    await keep();
    const path = folder.at('state/last-good.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('by one', 'by two'));
    folder.write('rules/a.yaml', 'rules: [');
    const store = start();
    const { problems } = await store.load();
    expect(store.current()).to.equal(null);
    const warning = problems.find(({ severity }) => severity === 'warning');
    expect(warning).to.include({ file: path, code: 'file-unreadable' });
    expect(warning?.message).to.include('checksum');
  });

  it('starts on nothing when what was kept is not good any more', async () => {
    await keep();
    await writeLastGood(folder.at('state/last-good.json'), {
      savedAt: 1,
      files: [{ file: 'a.yaml', role: 'rules', text: 'rules: 3' }],
    });
    folder.write('rules/a.yaml', 'rules: [');
    const store = start();
    const { problems } = await store.load();
    expect(store.status()).to.include({ source: null, keptAt: null });
    expect(problems.map(({ message }) => message)).to.include(
      'The last good rules are not good any more, so nothing is in force.',
    );
  });
});
