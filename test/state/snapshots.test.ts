import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { TOKEN_LIFE, type StateCommand } from '../../engine/state.js';
import { readSnapshot, writeSnapshot } from '../../state/memory/snapshot-file.js';
import { restoreStore, startSnapshots } from '../../state/memory/snapshots.js';
import { createMemoryStateStore, type MemoryStateStore } from '../../state/memory/store.js';
import { createTempFolder, type TempFolder } from '../store/temp-folder.js';
import { claimingOf, countingOf, gatheringOf, markingOf, START } from './commands.js';
import { createStateModel } from './model.js';
import { exchangesOf, scripts } from './scripts.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** No test lasts until then. */
const NEVER = 2 ** 31 - 1;

const fail = (error: unknown): never => {
  throw error;
};

const namesOf = (word: string, length: number): readonly string[] =>
  Array.from({ length }, (_, index) => `${word}${index}`);

/** Counts how often others had their turn while work was done. */
async function turnsDuring<T>(
  work: () => Promise<T>,
): Promise<{ readonly turns: number; readonly result: T }> {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    if (isOver) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  const result = await work();
  isOver = true;
  return { turns, result };
}

describe('the snapshot of a store in memory', () => {
  let folder: TempFolder;
  let path: string;
  beforeEach(() => {
    folder = createTempFolder();
    path = folder.at('kept/state.json');
  });
  afterEach(() => folder.remove());

  /** Writes what a store has taken up since, and ends. */
  async function save(
    store: MemoryStateStore,
    commands: readonly StateCommand[],
    now: number,
  ): Promise<void> {
    const snapshots = startSnapshots(store, { path, every: NEVER, now: () => now, onError: fail });
    store.run(commands);
    await snapshots.close();
  }

  /** A store with what a snapshot holds. */
  async function restored(now: number): Promise<MemoryStateStore> {
    const { store, restored: outcome } = await restoreStore(path, {}, now);
    expect(outcome.type).to.equal('restored');
    return store;
  }

  const linesOf = (): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

  it('answers as the store would have gone on answering (property)', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, fc.uniqueArray(fc.nat(24), { maxLength: 3 }), async (script, restarts) => {
        const model = createStateModel();
        let store = createMemoryStateStore();
        let number = 0;
        for (const { commands, expected } of exchangesOf(script, model)) {
          const snapshots = startSnapshots(store, { path, every: NEVER, now: model.latest, onError: fail });
          expect(store.run(commands).results).to.deep.equal(expected);
          await snapshots.close();
          // The first commands may change nothing, and then there is no file.
          if (restarts.includes(number) && existsSync(path)) store = await restored(model.latest());
          number += 1;
        }
      }),
      { numRuns: 40 },
    );
  });

  it('holds counts, members, marks and claims with all that belongs to them', async () => {
    const { count } = countingOf(HOUR);
    const { member } = gatheringOf(HOUR);
    const { set, read } = markingOf();
    const { claim } = claimingOf();
    const [tokens, members] = [namesOf('token-', 1300), namesOf('member-', 1700)];
    await save(
      createMemoryStateStore(),
      [
        ...tokens.map((token, index) => count('add', START + index, token)),
        ...members.map((name, index) => member('add', START + index, name)),
        set(START, START + HOUR),
        claim(START, START + HOUR, 'holder'),
      ],
      START + 2000,
    );
    const store = await restored(START + 2000);
    const now = START + 2000;
    expect(
      store.run([
        count('read', now),
        member('read', now),
        read(START + HOUR - 1),
        read(START + HOUR),
        claim(now, now + HOUR, 'another'),
        claim(now, now + HOUR, 'holder'),
      ]).results,
    ).to.deep.equal([1300, 1700, 1, 0, 0, 1]);
    expect(store.run(tokens.map((token) => count('assume', now, token))).results).to.deep.equal(
      tokens.map(() => 1300),
    );
    expect(store.run(members.map((name) => member('assume', now, name))).results).to.deep.equal(
      members.map(() => 1700),
    );
    expect(store.run([count('add', now, 'new'), member('add', now, 'new')]).results).to.deep.equal([
      1301, 1701,
    ]);
  });

  it('takes texts as they are', async () => {
    const texts = ['\u2028', '😀', '\ud800', '__proto__', '"\\', '\0', '名'.repeat(40)];
    const keys = texts.map((text) => ({ owner: text, key: `count:${text}` }));
    const commands = keys.map((key, index) => countingOf(HOUR, key).count('add', START, texts[index]));
    await save(createMemoryStateStore(), commands, START);
    const store = await restored(START);
    expect(store.run(commands).results).to.deep.equal(texts.map(() => 1));
    expect(store.counts().keys).to.equal(texts.length);
  });

  it('is restored although the first of many tokens are over, and their count with them', async () => {
    const { count } = countingOf(1000);
    const tokens = namesOf('t', 1200);
    await save(
      createMemoryStateStore(),
      tokens.map((token, index) => count('add', START + index * 40, token)),
      START + 48_000,
    );
    // Half of the tokens were added less than a minute before.
    const now = START + TOKEN_LIFE + 24_000;
    const store = await restored(now);
    expect(store.run([count('add', now, tokens.at(-1))]).results).to.deep.equal([0]);
    expect(store.run([count('add', now, tokens[0])]).results).to.deep.equal([1]);
  });

  it('has nothing that is over, whenever it is over', async () => {
    const [short, long] = [countingOf(MINUTE), countingOf(HOUR)];
    const at = START + 3 * MINUTE;
    await save(
      createMemoryStateStore(),
      [
        short.count('add', START, 'a'),
        long.count('add', START, 'a'),
        gatheringOf(MINUTE).member('add', START, 'a'),
        markingOf().set(START, START + MINUTE),
        claimingOf().claim(START, START + MINUTE, 'a'),
      ],
      at,
    );
    const rows: unknown[] = [];
    expect(await readSnapshot(path, (row) => void rows.push(row))).to.equal(at);
    expect(rows).to.have.lengthOf(1);
    expect(rows[0]).to.include(long.count('read', START).key);
    const { restored: outcome } = await restoreStore(path, {}, at + HOUR);
    expect(outcome).to.deep.equal({ type: 'restored', savedAt: at, keys: 0 });
  });

  it('is not written when nothing changed', async () => {
    const { count } = countingOf(HOUR);
    const store = createMemoryStateStore();
    await save(store, [count('read', START), count('assume', START, 'a'), markingOf().read(START)], START);
    expect(existsSync(path)).to.equal(false);
    await save(store, [count('add', START, 'a')], START + 1);
    const before = readFileSync(path, 'utf8');
    await save(store, [count('read', START)], START + 2);
    expect(readFileSync(path, 'utf8')).to.equal(before);
    const again = await restored(START + 3);
    await save(again, [], START + 4);
    expect(readFileSync(path, 'utf8')).to.equal(before);
  });

  it('is written again and again while things change, and tells when', async () => {
    const store = createMemoryStateStore();
    const { count } = countingOf(HOUR);
    let now = START;
    let told = (): void => undefined;
    const snapshots = startSnapshots(store, {
      path,
      every: 1,
      savedAt: START - 1,
      now: () => now,
      onError: fail,
      onSaved: () => told(),
    });
    expect(snapshots.status()).to.deep.equal({ path, savedAt: START - 1, durationMs: null, failures: 0 });
    for (const token of ['a', 'b', 'c']) {
      now += 1;
      const saved = new Promise<void>((resolve) => (told = resolve));
      store.run([count('add', START, token)]);
      await saved;
      expect(snapshots.status().savedAt).to.equal(now);
      expect((await restored(now)).run([count('read', START)]).results[0]).to.equal(now - START);
    }
    await snapshots.close();
    expect(snapshots.status()).to.include({ savedAt: now, failures: 0 });
  });

  describe('is put aside, and the store is empty,', () => {
    /** Expects a file to be of no use. @returns why */
    async function unusable(): Promise<string> {
      const { store, restored: outcome } = await restoreStore(path, {}, START + 5);
      expect(outcome.type).to.equal('unusable');
      expect(store.counts()).to.deep.equal({ keys: 0, dropped: 0, changes: 0 });
      if (outcome.type !== 'unusable') return '';
      expect(outcome.aside).to.equal(`${path}.broken-${START + 5}`);
      expect(existsSync(path)).to.equal(false);
      expect(existsSync(`${path}.broken-${START + 5}`)).to.equal(true);
      return outcome.reason;
    }

    /** A file as it would be with other lines, but with the right checksums. */
    function rewrite(change: (data: unknown[]) => unknown[]): void {
      const data = linesOf().map((line) => JSON.parse(line.slice(65)) as unknown);
      let sum = '';
      const lines = change(data).map((each) => {
        const json = JSON.stringify(each);
        sum = createHash('sha256').update(sum).update(json).digest('hex');
        return `${sum} ${json}\n`;
      });
      writeFileSync(path, lines.join(''));
    }

    beforeEach(async () => {
      const commands = namesOf('user', 5).map((name) =>
        countingOf(HOUR, { owner: name, key: name }).count('add', START, 'a'),
      );
      await save(createMemoryStateStore(), commands, START);
    });

    it('when any of it was changed or lost (property)', async () => {
      const whole = readFileSync(path);
      const place = fc.nat(whole.length - 1);
      const damage = fc.oneof(
        place.map((end) => whole.subarray(0, Math.min(end, whole.length - 2))),
        fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, change]) => {
          const changed = Buffer.from(whole);
          changed[at] = (changed[at] ?? 0) ^ change;
          return changed;
        }),
        fc.uint8Array({ minLength: 1, maxLength: 20 }).map((more) => Buffer.concat([whole, more])),
      );
      await fc.assert(
        fc.asyncProperty(damage, async (bytes) => {
          writeFileSync(path, bytes);
          expect(await unusable()).to.match(/damaged|not a snapshot/);
        }),
        { numRuns: 150 },
      );
    });

    it('when lines are missing, doubled or out of place', async () => {
      const [head = '', rows = '', end = ''] = linesOf();
      for (const lines of [
        [rows, end],
        [head, end],
        [head, rows],
        [head, rows, rows, end],
        [rows, head, end],
        [head, rows, end, end],
      ]) {
        writeFileSync(path, `${lines.join('\n')}\n`);
        expect(await unusable()).to.match(/damaged|not a snapshot/);
      }
    });

    for (const [what, row] of [
      ['of no type', ['cuont', 'key', 1000, [1, 1], []]],
      ['without a key', ['label', 7, 1000]],
      ['without a moment', ['label', 'key', 'soon']],
      ['with half a part', ['count', 'key', 1000, [1], []]],
      ['with a name but no moment', ['distinct', 'key', 1000, ['a']]],
      ['without a token', ['claim', 'key', 1000]],
    ] as const) {
      it(`when it has a row ${what}, though the checksums are right`, async () => {
        rewrite(([head]) => [head, [row], { rows: 1 }]);
        expect(await unusable()).to.match(/damaged/);
      });
    }

    it('when it is of another version', async () => {
      rewrite(([, ...rest]) => [{ format: 'callgate-state', version: 2, savedAt: START }, ...rest]);
      expect(await unusable()).to.equal('it is of version 2, and this Callgate reads 1');
    });

    it('when it is something else', async () => {
      const others = [
        '',
        '{}',
        '{"format":1,"savedAt":5,"files":[],"checksum":"x"}',
        '\n\n',
        '\u0000'.repeat(9),
      ];
      for (const text of [...others, 'x'.repeat(5 * 1024 * 1024)]) {
        writeFileSync(path, text);
        expect(await unusable()).to.match(/damaged|not a snapshot/);
      }
    });

    it('when it cannot be read', async () => {
      folder.remove();
      mkdirSync(path, { recursive: true });
      expect(await unusable()).to.match(/EISDIR/);
    });
  });

  it('is none where there is none', async () => {
    const { store, restored: outcome } = await restoreStore(path, {});
    expect(outcome).to.deep.equal({ type: 'none' });
    expect(store.counts().keys).to.equal(0);
  });

  it('leaves no drafts behind, and takes away those of a process that was killed', async () => {
    await save(createMemoryStateStore(), [countingOf(HOUR).count('add', START)], START);
    folder.write('kept/state.json.4711.tmp', 'half');
    folder.write('kept/other.json.4711.tmp', 'not ours');
    await restored(START);
    expect(readdirSync(folder.at('kept'))).to.have.members([basename(path), 'other.json.4711.tmp']);
  });

  it('stays as it was when the next one cannot be written to its end', async () => {
    await writeSnapshot(path, START, [[['label', 'before', START]]]);
    function* broken(): Generator<never[]> {
      yield [];
      throw new Error('the disk is full');
    }
    let reason: unknown;
    await writeSnapshot(path, START + 1, broken()).catch((error: unknown) => (reason = error));
    expect(reason).to.be.an('error').with.property('message', 'the disk is full');
    const rows: unknown[] = [];
    expect(await readSnapshot(path, (row) => void rows.push(row))).to.equal(START);
    expect(rows).to.deep.equal([['label', 'before', START]]);
    expect(readdirSync(folder.at('kept'))).to.deep.equal([basename(path)]);
  });

  it('is tried again when it could not be written', async () => {
    folder.write('kept', 'a file where the folder should be');
    const store = createMemoryStateStore();
    const { count } = countingOf(HOUR);
    const errors: unknown[] = [];
    let told = (): void => undefined;
    const snapshots = startSnapshots(store, {
      path,
      every: 1,
      now: () => START,
      onError: (error) => {
        errors.push(error);
        told();
      },
      onSaved: () => told(),
    });
    const next = (): Promise<void> => new Promise((resolve) => (told = resolve));
    const failing = next();
    store.run([count('add', START, 'a')]);
    await failing;
    await next();
    expect(snapshots.status()).to.deep.equal({
      path,
      savedAt: null,
      durationMs: null,
      failures: errors.length,
    });
    expect(errors.length).to.be.at.least(2);
    const saved = next();
    folder.remove();
    await saved;
    expect(snapshots.status().savedAt).to.equal(START);
    await snapshots.close();
    expect((await restored(START)).run([count('read', START)]).results).to.deep.equal([1]);
  });

  describe('of very many keys', () => {
    const KEYS = 30_000;
    /** Keys, numbers and texts that are handled in one go. */
    const MOST_AT_ONCE = 1500 + 1100;

    async function fill(window: number): Promise<MemoryStateStore> {
      const store = createMemoryStateStore();
      for (const name of namesOf('user', KEYS))
        store.run([countingOf(window, { owner: name, key: `count:${name}` }).count('add', START, 'a')]);
      return Promise.resolve(store);
    }

    it('is written in pieces, and others have their turn after each', async () => {
      const store = await fill(HOUR);
      const { member } = gatheringOf(HOUR);
      store.run(namesOf('m', 10_000).map((name) => member('add', START, name)));
      const { turns } = await turnsDuring(() => save(store, [countingOf(HOUR).count('add', START)], START));
      const lines = linesOf().map((line) => JSON.parse(line.slice(65)) as unknown);
      const numbers = lines.map((line) => (Array.isArray(line) ? line.flat(2).length : 0));
      expect(Math.max(...numbers)).to.be.at.most(MOST_AT_ONCE);
      expect(lines).to.have.length.above((KEYS * 7) / MOST_AT_ONCE);
      expect(turns).to.be.at.least(lines.length);
    });

    it('is written in turns when all of them are over', async () => {
      const store = await fill(1000);
      const { turns } = await turnsDuring(() =>
        save(store, [countingOf(HOUR).count('add', START)], START + HOUR),
      );
      expect(turns).to.be.at.least(KEYS / MOST_AT_ONCE);
      expect(store.counts().keys).to.equal(1);
    });

    it('may change while it is written, and is whole all the same', async () => {
      const store = await fill(HOUR);
      const snapshots = startSnapshots(store, { path, every: NEVER, now: () => START, onError: fail });
      const commands = namesOf('user', KEYS).map((name) =>
        countingOf(HOUR, { owner: name, key: `count:${name}` }).count('add', START, 'b'),
      );
      store.run(commands.slice(0, 1));
      const work = { isOver: false };
      const saving = snapshots.close().then(() => (work.isOver = true));
      for (let index = 1; !work.isOver; index = (index + 100) % KEYS) {
        store.run(commands.slice(index, index + 100));
        await new Promise(setImmediate);
      }
      await saving;
      const before = store.run(
        commands.map((command) => ({ ...command, effect: 'read', token: '' })),
      ).results;
      const after = (await restored(START)).run(
        commands.map((command) => ({ ...command, effect: 'read', token: '' })),
      ).results;
      expect(after.every((count, index) => count === 1 || count === before[index])).to.equal(true);
      expect(after[0]).to.equal(2);
    });

    it('is restored in turns', async () => {
      await save(await fill(HOUR), [countingOf(HOUR).count('add', START)], START);
      const { turns, result: store } = await turnsDuring(() => restored(START));
      expect(turns).to.be.at.least(Math.floor(readFileSync(path).length / 65_536));
      expect(store.counts().keys).to.equal(KEYS + 1);
    });
  });
});
