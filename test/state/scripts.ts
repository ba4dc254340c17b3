/** Random sequences of commands, for comparing stores with the model. */
import fc from 'fast-check';
import type { StateCommand, StateKey } from '../../engine/state.js';
import { claimingOf, countingOf, freshKey, gatheringOf, markingOf, START } from './commands.js';
import type { StateModel } from './model.js';

/** Milliseconds. */
const WINDOWS = [1000, 7000, 60_000, 3_600_000, 604_800_000] as const;

const effect = fc.constantFrom('add', 'add', 'assume', 'read');
/** Which of the keys of a kind. */
const which = fc.nat(2);
const name = fc.constantFrom('a', 'b', 'c');
/** When something ends, after the moment that it begins. */
const length = fc.constantFrom(-1, 0, 1, 50, 1000, 60_000);

const act = fc.oneof(
  fc.record({ type: fc.constant('count'), which, effect, token: fc.oneof(fc.constant(''), name) }),
  fc.record({ type: fc.constant('distinct'), which, effect, member: name }),
  fc.record({ type: fc.constantFrom('set', 'set', 'clear', 'marked'), which, length }),
  fc.record({ type: fc.constant('claim'), which, token: name, length }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** How far the clock moves: forward, not at all, or back a little. Parts of a window, or milliseconds. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ ms: fc.constantFrom(0, 0, 1, 10, 59_999, 60_000), windows: fc.constant(0) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ms: fc.integer({ min: -1, max: 1 }),
      windows: fc.constantFrom(1 / 30, 1 / 7, 0.5, 1, 31 / 30),
    }),
  },
  { weight: 2, arbitrary: fc.record({ ms: fc.integer({ min: -400, max: -1 }), windows: fc.constant(0) }) },
);

export interface Script {
  readonly offset: number;
  readonly windows: readonly number[];
  readonly runs: readonly {
    readonly step: { readonly ms: number; readonly windows: number };
    readonly acts: readonly Act[];
  }[];
}

/** What happens: the commands of several runs, and how the clock moves between them. */
export const scripts: fc.Arbitrary<Script> = fc.record({
  offset: fc.nat(604_800_000),
  windows: fc.array(fc.constantFrom(...WINDOWS), { minLength: 3, maxLength: 3 }),
  runs: fc.array(fc.record({ step, acts: fc.array(act, { minLength: 1, maxLength: 6 }) }), {
    minLength: 1,
    maxLength: 25,
  }),
});

/** What is asked of a store in one run, and what it must answer. */
export interface Exchange {
  readonly commands: readonly StateCommand[];
  readonly expected: readonly number[];
}

/**
 * Has a model carry out a script, about keys that nothing else uses. A moment goes back only where every store
 * must answer as the model does.
 */
export function* exchangesOf({ offset, windows, runs }: Script, model: StateModel): Generator<Exchange> {
  const owners = [freshKey().owner, freshKey().owner];
  const known = new Map<string, StateKey>();
  const keyOf = (type: string, number: number): StateKey => {
    const key = known.get(`${type}${number}`) ?? { key: freshKey(type).key, owner: owners[number % 2] ?? '' };
    known.set(`${type}${number}`, key);
    return key;
  };
  let now = START + offset;
  for (const { step, acts } of runs) {
    const [first = 0] = windows;
    now = Math.round(now + step.ms + step.windows * first);
    const commands: StateCommand[] = [];
    const expected: number[] = [];
    for (const one of acts) {
      const window = windows[one.which] ?? first;
      const early = commandOf(one, keyOf, window, now);
      const command = model.isSettled(early) ? early : commandOf(one, keyOf, window, model.latest());
      commands.push(command);
      expected.push(model.run(command));
    }
    yield { commands, expected };
  }
}

type KeyOf = (type: string, number: number) => StateKey;

function commandOf(act: Act, keyOf: KeyOf, window: number, at: number): StateCommand {
  const { which: number } = act;
  switch (act.type) {
    case 'count':
      return countingOf(window, keyOf('count', number)).count(
        act.effect,
        at,
        act.effect === 'read' ? '' : act.token,
      );
    case 'distinct':
      return gatheringOf(window, keyOf('distinct', number)).member(
        act.effect,
        at,
        act.effect === 'read' ? '' : act.member,
      );
    case 'set':
      return markingOf(keyOf('label', number)).set(at, at + act.length);
    case 'clear':
      return markingOf(keyOf('label', number)).clear(at);
    case 'marked':
      return markingOf(keyOf('label', number)).read(at);
    case 'claim':
      return claimingOf(keyOf('claim', number)).claim(at, at + act.length, act.token);
  }
}
