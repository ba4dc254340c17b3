/** Counts how often what occurs, without remembering everything that ever did. */

export interface Tally<T> {
  /** Counts a key. @param first makes what is kept with a key that is new */
  add(key: string, first: () => T): T;
  /** The most frequent ones first; equal ones in the order in which they came. */
  top(): readonly { readonly key: string; readonly count: number; readonly value: T }[];
  /** False when rare keys were forgotten: then counts are lower bounds. */
  isExact(): boolean;
}

/** @param capacity keys that are kept in any case; twice as many may be held for a while */
export function createTally<T>(capacity: number): Tally<T> {
  const entries = new Map<string, { count: number; readonly value: T }>();
  let exact = true;

  const sorted = () =>
    [...entries]
      .map(([key, { count, value }]) => ({ key, count, value }))
      .sort((left, right) => right.count - left.count);

  function forget(): void {
    exact = false;
    for (const { key } of sorted().slice(capacity)) entries.delete(key);
  }

  return {
    add(key, first) {
      let entry = entries.get(key);
      if (entry === undefined) {
        if (entries.size >= 2 * capacity) forget();
        entry = { count: 0, value: first() };
        entries.set(key, entry);
      }
      entry.count += 1;
      return entry.value;
    },
    top: sorted,
    isExact: () => exact,
  };
}
