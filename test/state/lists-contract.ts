/** What every store of live lists does. */
import { expect } from 'chai';
import fc from 'fast-check';
import { createLiveLists, type LiveLists } from '../../engine/live/live-lists.js';
import { faultOfValue, type WantedEntry } from '../../state/lists/entry.js';
import { createListReplica, type ListReplica } from '../../state/lists/replica.js';
import type { LiveListStore } from '../../state/lists/store.js';

export interface OpenedStore {
  readonly store: LiveListStore;
  close(): Promise<void>;
}

/** A clock that the test sets; it goes by itself as well. */
export interface TestClock {
  now(): number;
  forward(milliseconds: number): void;
}

export function createTestClock(): TestClock {
  let ahead = 0;
  return { now: () => Date.now() + ahead, forward: (milliseconds) => void (ahead += milliseconds) };
}

/** Resolves when it is so. Mocha's time limit bounds the wait. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The lists as rules of a process see them. */
export async function follow(
  store: LiveListStore,
  now?: () => number,
): Promise<{ readonly live: LiveLists; readonly replica: ListReplica }> {
  const live = createLiveLists();
  const replica = createListReplica(live, now);
  store.follow(replica.apply);
  const updates = store.updates();
  for (let next = updates.next(); next.done !== true; next = updates.next()) {
    replica.apply(next.value);
    await new Promise(setImmediate);
  }
  return { live, replica };
}

const HOUR = 3_600_000;
const wanted = (...values: readonly string[]): readonly WantedEntry[] => values.map((value) => ({ value }));

/** @param open a store without lists */
export function describeListStore(name: string, open: (now: () => number) => Promise<OpenedStore>): void {
  describe(`live lists ${name}`, () => {
    let opened: OpenedStore;
    let store: LiveListStore;
    let clock: TestClock;

    beforeEach(async () => {
      clock = createTestClock();
      opened = await open(clock.now);
      ({ store } = opened);
    });
    afterEach(() => opened.close());

    const valuesOf = (list: string): readonly string[] =>
      store.reader.page(list, 1000).entries.map(({ value }) => value);

    it('are empty at first', () => {
      expect(store.reader.summaries()).to.deep.equal([]);
      expect(store.reader.page('banned', 10)).to.deep.equal({ entries: [] });
      expect(store.reader.get('banned', 'bob')).to.equal(undefined);
      expect(store.status()).to.include({ isConnected: true, problem: null });
    });

    it('take entries with all that belongs to them, and tell what became of each', async () => {
      const before = clock.now();
      const entry = { value: 'bob', reason: 'spam "in" groups', owner: 'eve', expiresAt: before + HOUR };
      expect(await store.add('banned', [entry, { value: 'Bob' }])).to.deep.equal(['added', 'added']);
      const found = store.reader.get('banned', 'bob');
      expect(found).to.deep.equal({ ...entry, addedAt: found?.addedAt });
      expect(found?.addedAt).to.be.within(before, clock.now());
      expect(valuesOf('banned')).to.deep.equal(['Bob', 'bob']);
      expect(store.reader.summary('banned')).to.include({ name: 'banned', entries: 2 });
    });

    it('tell what is new from what was there, and keep when it first came', async () => {
      await store.add('banned', wanted('bob', 'eve'));
      const first = store.reader.get('banned', 'bob')?.addedAt;
      const { version } = store.reader.summary('banned');
      expect(await store.add('banned', wanted('bob', 'eve'))).to.deep.equal(['unchanged', 'unchanged']);
      expect(store.reader.summary('banned').version).to.equal(version);
      clock.forward(HOUR);
      const changed = { value: 'bob', reason: 'again' };
      expect(await store.add('banned', [changed, { value: 'new' }])).to.deep.equal(['updated', 'added']);
      expect(store.reader.get('banned', 'bob')).to.deep.equal({ ...changed, addedAt: first });
      expect(store.reader.summary('banned').version).to.be.greaterThan(version);
    });

    it('take what is said twice as it is said last', async () => {
      const twice = [{ value: 'bob' }, { value: 'bob', owner: 'a' }, { value: 'bob', owner: 'a' }];
      expect(await store.add('banned', twice)).to.deep.equal(['added', 'updated', 'unchanged']);
      expect(store.reader.get('banned', 'bob')?.owner).to.equal('a');
      expect(await store.remove('banned', ['bob', 'bob'])).to.deep.equal(['removed', 'absent']);
    });

    it('remove entries, and know the list afterwards', async () => {
      await store.add('banned', wanted('bob', 'eve'));
      expect(await store.remove('banned', ['bob', 'mallory'])).to.deep.equal(['removed', 'absent']);
      expect(await store.remove('other', ['bob'])).to.deep.equal(['absent']);
      expect(valuesOf('banned')).to.deep.equal(['eve']);
      await store.remove('banned', ['eve']);
      expect(store.reader.summaries().map(({ name: list, entries }) => [list, entries])).to.deep.equal([
        ['banned', 0],
      ]);
    });

    it('plan what adding and removing would come to, and change nothing', async () => {
      await store.add('banned', wanted('bob'));
      const plan = store.reader.planAdd('banned', [
        { value: 'bob' },
        { value: 'bob', owner: 'a' },
        { value: 'eve' },
      ]);
      expect(plan).to.deep.equal(['unchanged', 'updated', 'added']);
      expect(store.reader.planRemove('banned', ['bob', 'eve'])).to.deep.equal(['removed', 'absent']);
      expect(valuesOf('banned')).to.deep.equal(['bob']);
    });

    it('let go what is over, and take it anew', async () => {
      await store.add('banned', [
        { value: 'bob', expiresAt: clock.now() + HOUR },
        { value: 'eve', expiresAt: clock.now() + 2 * HOUR },
        { value: 'mallory', expiresAt: clock.now() - 1 },
      ]);
      const { live, replica } = await follow(store, clock.now);
      expect(valuesOf('banned')).to.deep.equal(['bob', 'eve']);
      clock.forward(HOUR);
      expect(store.reader.get('banned', 'bob'), 'asked for by name, it is over at once').to.equal(undefined);
      await until(() => store.reader.summary('banned').entries === 1);
      await until(() => !live.contents('banned').has('bob'));
      expect(live.contents('banned').has('eve')).to.equal(true);
      expect(await store.remove('banned', ['bob'])).to.deep.equal(['absent']);
      expect(await store.add('banned', wanted('bob'))).to.deep.equal(['added']);
      expect(live.contents('banned').has('bob')).to.equal(true);
      await replica.close();
    });

    it('keep an entry whose end was put off, or taken away', async () => {
      await store.add('banned', [
        { value: 'longer', expiresAt: clock.now() + HOUR },
        { value: 'forever', expiresAt: clock.now() + HOUR },
        { value: 'over', expiresAt: clock.now() + HOUR },
      ]);
      const { live, replica } = await follow(store, clock.now);
      await store.add('banned', [
        { value: 'longer', expiresAt: clock.now() + 3 * HOUR },
        { value: 'forever' },
      ]);
      clock.forward(2 * HOUR);
      await until(() => store.reader.summary('banned').entries === 2 && live.contents('banned').size === 2);
      expect(valuesOf('banned')).to.deep.equal(['forever', 'longer']);
      await replica.close();
    });

    it('are read in pages, also while they change', async () => {
      const values = Array.from({ length: 1000 }, (_, number) => `u${(number * 7919) % 1000}`);
      await store.add('banned', wanted(...values));
      const found: string[] = [];
      let next: string | undefined;
      do {
        const page = store.reader.page('banned', 90, next);
        found.push(...page.entries.map(({ value }) => value));
        // What has been read may go.
        await store.remove('banned', [found.at(-1) ?? '']);
        next = page.next;
      } while (next !== undefined);
      expect(found).to.deep.equal([...values].sort());
    });

    it('are apart from each other, whatever their names and values are', async () => {
      const names = ['a', 'A', 'a b', '__proto__', 'constructor', 'a:b', '{a}', '名单', "a'b\\c", 'v:a'];
      for (const [number, list] of names.entries())
        await store.add(list, wanted(`__proto__`, `only ${number}`));
      const { live, replica } = await follow(store);
      for (const [number, list] of names.entries()) {
        expect(valuesOf(list)).to.deep.equal(['__proto__', `only ${number}`]);
        expect(live.contents(list).has(`only ${number}`)).to.equal(true);
        expect(live.contents(list).size).to.equal(2);
      }
      await replica.close();
    });

    it('carry out what is asked at the same time, one after the other', async () => {
      const all = Array.from({ length: 30 }, (_, number) => [`u${number}`, 'shared'] as const);
      const outcomes = await Promise.all(all.map((values) => store.add('banned', wanted(...values))));
      expect(outcomes.filter(([, shared]) => shared === 'added')).to.have.length(1);
      expect(store.reader.summary('banned').entries).to.equal(31);
      expect(store.reader.summary('banned').version).to.equal(30);
    });

    it('are the same for who follows as for who reads, whatever happens (property)', async () => {
      const value = fc
        .oneof(fc.constantFrom('a', 'b', 'c'), fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }))
        .filter((text) => faultOfValue(text) === undefined);
      const entry = fc.record(
        { value, reason: fc.constantFrom('r', '"', '{{x}}'), expiresIn: fc.constantFrom(-1, HOUR) },
        { requiredKeys: ['value'] },
      );
      const step = fc.oneof(
        fc.record({ add: fc.array(entry, { maxLength: 5 }) }),
        fc.record({ remove: fc.array(value, { maxLength: 5 }) }),
      );
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.nat(8), async (steps, followAt) => {
          const list = `list ${(run += 1)}`;
          const model = new Map<string, string | undefined>();
          let followed: Awaited<ReturnType<typeof follow>> | undefined;
          for (const [number, one] of steps.entries()) {
            if (number === followAt) followed = await follow(store);
            if ('add' in one) {
              const entries = one.add.map(({ expiresIn, ...rest }) => ({
                ...rest,
                ...(expiresIn !== undefined && { expiresAt: clock.now() + expiresIn }),
              }));
              await store.add(list, entries);
              for (const each of one.add) {
                if (each.expiresIn === -1) model.delete(each.value);
                else model.set(each.value, each.reason);
              }
            } else {
              await store.remove(list, one.remove);
              for (const each of one.remove) model.delete(each);
            }
          }
          followed ??= await follow(store);
          const found = store.reader.page(list, 1000).entries.map((each) => [each.value, each.reason]);
          expect(found).to.deep.equal([...model].sort(([left], [right]) => (left < right ? -1 : 1)));
          const { live, replica } = followed;
          expect(live.contents(list).size).to.equal(model.size);
          for (const each of model.keys()) expect(live.contents(list).has(each)).to.equal(true);
          await replica.close();
        }),
        { numRuns: 60 },
      );
    });
  });
}
