import { expect } from 'chai';
import fc from 'fast-check';
import { TOKEN_LIFE, WINDOW_PARTS, type StateCommand } from '../../engine/state.js';
import { weigh } from '../../state/memory/cell.js';
import { createMemoryStateStore, type MemoryStateStore } from '../../state/memory/store.js';
import { claimingOf, countingOf, gatheringOf, markingOf, START } from './commands.js';

const MINUTE = 60_000;
/** A window, the part that it began in, and what clocks may differ by. */
const LATER = START + MINUTE * (1 + 1 / WINDOW_PARTS) + 10_000;

/** A key of a name, the same each time: which keys share a map must not change from run to run. */
const keyed = (name: string) => ({ owner: `im:${name}`, key: `count:test:im:${name}` });
const counted = (name: string) => countingOf(MINUTE, keyed(name));

function countOf(store: MemoryStateStore, name: string): number | undefined {
  return store.run([counted(name).count('read', START)]).results[0];
}

function add(store: MemoryStateStore, names: Iterable<string>): void {
  for (const name of names) store.run([counted(name).count('add', START)]);
}

const namesOf = (word: string, length: number): readonly string[] =>
  Array.from({ length }, (_, index) => `${word}${index}`);

describe('a store in memory', () => {
  it('never holds more keys than it may, whatever is asked', () => {
    const key = fc.nat(30).map((number) => keyed(`${number}`));
    const command: fc.Arbitrary<StateCommand> = fc.oneof(
      key.map((of) => countingOf(MINUTE, of).count('add', START)),
      key.map((of) => gatheringOf(MINUTE, of).member('add', START, 'a')),
      key.map((of) => markingOf(of).set(START, START + MINUTE)),
      key.map((of) => markingOf(of).clear(START)),
      key.map((of) => claimingOf(of).claim(START, START + MINUTE, 'a')),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(command, { maxLength: 60 }), (maxKeys, all) => {
        const store = createMemoryStateStore({ maxKeys });
        for (const one of all) {
          store.run([one]);
          expect(store.counts().keys).to.be.at.most(maxKeys);
        }
        expect([...store.living(START)].length).to.equal(store.counts().keys);
      }),
    );
  });

  it('drops the key that was not used for longest, counts it, and tells', () => {
    let told = 0;
    const store = createMemoryStateStore({ maxKeys: 4, onDropped: () => (told += 1) });
    add(store, ['a', 'b', 'c', 'd']);
    expect([countOf(store, 'a'), told]).to.deep.equal([1, 0]);
    add(store, ['e', 'f']);
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => countOf(store, name))).to.deep.equal([
      1, 0, 0, 1, 1, 1,
    ]);
    expect(store.counts()).to.include({ keys: 4, dropped: 2 });
    expect(told).to.equal(2);
  });

  it('keeps, among very many, those that are used now and then', () => {
    const store = createMemoryStateStore({ maxKeys: 5000 });
    const regulars = namesOf('regular', 500);
    add(store, regulars);
    for (const [index, name] of namesOf('passer-by', 40_000).entries()) {
      add(store, [name]);
      if (index % 4 === 0) countOf(store, regulars[(index / 4) % regulars.length] ?? '');
    }
    expect(regulars.filter((name) => countOf(store, name) !== 1)).to.deep.equal([]);
    expect(store.counts()).to.include({ keys: 5000, dropped: 40_500 - 5000 });
  });

  it('drops keys as well when those that it holds take too much room', () => {
    const store = createMemoryStateStore({ maxKeys: 1000 });
    for (const name of namesOf('crowd', 20)) {
      const { member } = gatheringOf(MINUTE, keyed(name));
      for (const one of namesOf('member', 1000)) store.run([member('add', START, one)]);
    }
    const weights = [...store.living(START)].map(([, cell]) => (cell === undefined ? 0 : weigh(cell)));
    expect(weights.reduce((sum, weight) => sum + weight, 0))
      .to.be.at.most(4000 + 1)
      .and.above(2000);
    expect(store.counts().dropped).to.equal(20 - store.counts().keys);
  });

  describe('lets go of what is over, a little with each command,', () => {
    const asked = (store: MemoryStateStore, times: number, at: number): void => {
      for (let time = 0; time < times; time += 1) store.run([counted('none').count('read', at)]);
    };

    const held: Readonly<Record<string, (name: string) => StateCommand>> = {
      counts: (name) => counted(name).count('add', START, 'a'),
      members: (name) => gatheringOf(MINUTE, keyed(name)).member('add', START, 'a'),
      marks: (name) => markingOf(keyed(name)).set(START, START + MINUTE),
      claims: (name) => claimingOf(keyed(name)).claim(START, START + MINUTE, 'a'),
    };
    for (const [what, command] of Object.entries(held)) {
      it(`of ${what}`, () => {
        const store = createMemoryStateStore();
        for (const name of namesOf('user', 1000)) store.run([command(name)]);
        asked(store, 2000, START + MINUTE);
        expect(store.counts().keys).to.equal(1000);
        asked(store, 10, LATER);
        expect(store.counts().keys).to.be.below(1000).and.above(900);
        // Twice round all keys and all maps that they could be in.
        asked(store, 2000, LATER);
        expect(store.counts()).to.include({ keys: 0, dropped: 0 });
      });
    }

    it('of tokens whose count goes on', () => {
      const store = createMemoryStateStore();
      const { count } = countingOf(60 * MINUTE);
      for (const token of namesOf('t', 100)) store.run([count('add', START, token)]);
      const weight = (): number =>
        [...store.living(START)].reduce((sum, [, cell]) => sum + (cell ? weigh(cell) : 0), 0);
      expect(weight()).to.equal(101);
      asked(store, 2000, START + TOKEN_LIFE + 10_000);
      expect(weight()).to.equal(1);
      expect(store.run([count('read', START)]).results).to.deep.equal([100]);
    });
  });
});
