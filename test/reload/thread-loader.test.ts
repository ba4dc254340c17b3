import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { compileRules } from '../../engine/compile.js';
import { readRulesFolder } from '../../store/rules-folder.js';
import type { Loading, RuleLoader } from '../../store/rule-loader.js';
import { createThreadLoader, type ThreadLoaderOptions } from '../../store/thread-loader.js';
import { createTempFolder, type TempFolder } from '../store/temp-folder.js';
import { ruleOn } from '../support/rules.js';
import { CONTEXT, refusing } from './rule-files.js';

const script = (name: string): URL => new URL(`./threads/${name}`, import.meta.url);

describe('loading rules in a thread', () => {
  let folder: TempFolder;
  let errors: string[];
  let loaders: RuleLoader[];
  let onEnd: () => unknown;

  beforeEach(() => {
    folder = createTempFolder();
    errors = [];
    loaders = [];
    onEnd = () => undefined;
    folder.write('rules/a.yaml', `rules:\n${refusing('one', 'ann')}`);
  });
  afterEach(async () => {
    onEnd();
    delete process.env['MARK'];
    for (const loader of loaders) await loader.close();
    folder.remove();
  });

  /** Counts the threads that are started from now on. */
  function countThreads(): { started: number; ended: number } {
    const counts = { started: 0, ended: 0 };
    const onWorker = (worker: Worker): void => {
      counts.started += 1;
      worker.once('exit', () => (counts.ended += 1));
    };
    process.on('worker', onWorker);
    onEnd = () => process.off('worker', onWorker);
    return counts;
  }

  function create(options: Partial<ThreadLoaderOptions> = {}): RuleLoader {
    const loader = createThreadLoader({
      context: CONTEXT,
      onError: (error) => errors.push(error instanceof Error ? error.message : String(error)),
      inPlaceBelow: 0,
      ...options,
    });
    loaders.push(loader);
    return loader;
  }

  function load(loader: RuleLoader, keepAt?: string): Promise<Loading> {
    return loader.load({
      source: { type: 'folder', path: folder.at('rules') },
      onProgress: () => undefined,
      ...(keepAt !== undefined && { keepAt }),
    });
  }

  const idsOf = ({ ruleSet }: Loading): readonly string[] | undefined => ruleSet?.rules.map(({ id }) => id);

  for (const [where, inPlaceBelow] of [
    ['in a thread', 0],
    ['in place', 1_000_000],
  ] as const) {
    it(`gives ${where} what compiling the folder gives`, async () => {
      folder.write('rules/words.txt', 'loan\n');
      const { ruleSet, problems, folder: state } = await load(create({ inPlaceBelow }));
      const reading = await readRulesFolder(folder.at('rules'));
      const expected = await compileRules(reading.folder, CONTEXT);
      expect(problems).to.deep.equal([]);
      expect(ruleSet?.revision).to.equal(expected.ruleSet?.revision);
      expect(ruleSet?.rules).to.deep.equal(expected.ruleSet?.rules);
      expect(state?.signature).to.equal(reading.listing.signature);
      expect((await ruleOn(ruleSet!, 'message.send', { 'actor.id': 'ann' })).decidedBy).to.equal('one');
    });
  }

  for (const [where, idleLimit, threads] of [
    ['the same thread', 60_000, 1],
    ['one thread after the other, each with what the last one knew', 0, 3],
  ] as const) {
    it(`follows edits in ${where}`, async () => {
      const counts = countThreads();
      const loader = create({ idleLimit });
      const revisions = new Set<string | undefined>();
      for (const [id, actor] of [
        ['two', 'bob'],
        ['three', 'cy'],
        ['four', 'dee'],
      ] as const) {
        folder.write('rules/b.yaml', `rules:\n${refusing(id, actor)}`);
        const loaded = await load(loader);
        expect(idsOf(loaded)).to.deep.equal(['one', id]);
        expect((await ruleOn(loaded.ruleSet!, 'message.send', { 'actor.id': actor })).decidedBy).to.equal(id);
        revisions.add(loaded.ruleSet?.revision);
        while (idleLimit === 0 && counts.ended < counts.started) await setImmediate();
      }
      expect(revisions.size).to.equal(3);
      expect(counts.started).to.equal(threads);
      expect(errors).to.deep.equal([]);
    });
  }

  it('has a thread ready when something has changed, and lets it go when nothing is to be loaded', async () => {
    const counts = countThreads();
    const loader = create({ inPlaceBelow: 1_000_000, idleLimit: 0 });
    loader.prepare?.();
    await load(loader);
    expect(counts.started).to.equal(0);
    loader.prepare?.();
    loader.prepare?.();
    await setImmediate();
    expect(counts.started).to.equal(1);
    while (counts.ended === 0) await setImmediate();
    expect(idsOf(await load(loader))).to.deep.equal(['one']);
    expect(counts.started).to.equal(2);
    expect(errors).to.deep.equal([]);
  });

  it('tells all problems in their places, however many', async () => {
    const typos = Array.from({ length: 250 }, (_, number) => `  - typo: ${number}\n`);
    folder.write('rules/a.yaml', `rules:\n${typos.join('')}`);
    const { ruleSet, problems } = await load(create());
    expect(ruleSet).to.equal(null);
    const unknown = problems.filter(({ code }) => code === 'unknown-key');
    expect(unknown.map(({ line }) => line)).to.deep.equal(typos.map((_, index) => index + 2));
    expect(unknown[0]?.frame).to.include('> 2 |   - typo: 0');
  });

  for (const [how, file, message] of [
    ['dies', 'dying.js', 'died of it'],
    ['leaves', 'leaving.js', 'it ended by itself with code 7'],
  ] as const) {
    it(`reports a thread that ${how}, after it has tried another`, async () => {
      const { ruleSet, problems, folder: state } = await load(create({ script: script(file) }));
      expect([ruleSet, state]).to.deep.equal([null, null]);
      expect(problems.map(({ code, message: text }) => [code, text])).to.deep.equal([
        ['internal-error', `The rules could not be loaded: ${message}.`],
      ]);
      expect(errors).to.deep.equal([message]);
    });
  }

  it('reports a thread that hangs, and does not try another', async () => {
    const { problems } = await load(create({ script: script('silent.js'), silenceLimit: 20 }));
    expect(problems.map(({ message }) => message)).to.deep.equal([
      'The rules could not be loaded: no sign of life for 20 ms.',
    ]);
    expect(errors).to.deep.equal([]);
  });

  it('goes on with another thread where one has died', async () => {
    process.env['MARK'] = folder.at('mark');
    const loader = create({ script: script('dying-once.js') });
    expect(idsOf(await load(loader))).to.deep.equal(['one']);
    expect(errors).to.deep.equal(['died once']);
    folder.write('rules/a.yaml', `rules:\n${refusing('two', 'bob')}`);
    expect(idsOf(await load(loader))).to.deep.equal(['two']);
  });

  for (const inPlaceBelow of [0, 1_000_000]) {
    const where = inPlaceBelow === 0 ? 'in a thread' : 'in place';

    it(`keeps good rules, loaded ${where}, and loads them from there`, async () => {
      const keepAt = folder.at('state/last-good.json');
      const loader = create({ inPlaceBelow });
      const { ruleSet } = await load(loader, keepAt);
      await loader.close();
      const kept = await create().load({
        source: { type: 'last-good', path: keepAt },
        onProgress: () => undefined,
      });
      expect(kept.ruleSet?.revision).to.equal(ruleSet?.revision);
      expect(kept.savedAt).to.be.a('number');
      expect(kept.folder).to.equal(null);
    });

    it(`never keeps bad rules, loaded ${where}`, async () => {
      const keepAt = folder.at('last-good.json');
      const loader = create({ inPlaceBelow });
      await load(loader, keepAt);
      folder.write('rules/a.yaml', 'rules: [');
      await load(loader, keepAt);
      await loader.close();
      expect(readFileSync(keepAt, 'utf8')).to.include('by one');
    });

    it(`says what could not be kept, and loads all the same ${where}`, async () => {
      const loader = create({ inPlaceBelow });
      const keepAt = folder.at('rules/a.yaml/last-good.json');
      expect(idsOf(await load(loader, keepAt))).to.deep.equal(['one']);
      await loader.close();
      expect(errors).to.have.length(1);
      expect(errors[0]).to.match(/ENOTDIR|EEXIST/);
    });
  }
});
