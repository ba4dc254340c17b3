/** Chance that repeats itself: the same seed gives the same numbers on every machine. */
export interface Random {
  /** A number from 0 up to 1, exclusive. */
  next(): number;
  /** A whole number from 0 up to the limit, exclusive. */
  below(limit: number): number;
  /** @throws RangeError when there is nothing to choose from */
  pick<T>(choices: ArrayLike<T>): T;
  chance(probability: number): boolean;
}

/** Mulberry32 by Tommy Ettinger: 32 bits of state are plenty here. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick(choices) {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new RangeError('nothing to choose from');
      return choice;
    },
    chance: (probability) => next() < probability,
  };
}
