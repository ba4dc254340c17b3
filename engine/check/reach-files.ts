/** Where rules are filed under their keys, so that only those that share a key are compared. */
import type { NumberLists } from './reach-keys.js';

/** A file is told by the number that `find` gives, an entry by the one that `first` and `next` give. */
export interface ReachFiles {
  /** Files a rule under some of the keys: of those in `lists`, list number `row`. */
  add(rule: number, lists: NumberLists, row: number, isNew: boolean): void;
  /** The file of a key; -1 when nothing is filed under it. */
  find(key: number): number;
  /** How many rules there are in a file. */
  sizeOf(file: number): number;
  /** Whether one of them was filed as new. */
  hasNew(file: number): boolean;
  /** The first entry of a file, and the one after another; -1 when there is none. */
  first(file: number): number;
  next(entry: number): number;
  ruleOf(entry: number): number;
}

/** @param most how many keys there may be, counted for each rule */
export function createReachFiles(most: number): ReachFiles {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(8, most * 1.6)));
  const keys = new Int32Array(slots);
  const sizes = new Int32Array(slots);
  const firsts = new Int32Array(slots);
  const lasts = new Int32Array(slots);
  const news = new Uint8Array(slots);
  const following = new Int32Array(most).fill(-1);
  const rules = new Int32Array(most);
  let entries = 0;

  /** The slot of a key, or the free one where it would be. */
  function slotOf(key: number): number {
    let slot = key & (slots - 1);
    while (sizes[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (slots - 1);
    return slot;
  }

  return {
    add(rule, { starts, numbers }, row, isNew) {
      const end = starts[row + 1] ?? 0;
      for (let at = starts[row] ?? 0; at < end; at += 1) {
        const key = numbers[at] ?? 0;
        const slot = slotOf(key);
        const entry = entries;
        entries += 1;
        rules[entry] = rule;
        if (sizes[slot] === 0) firsts[slot] = entry;
        else following[lasts[slot] ?? 0] = entry;
        keys[slot] = key;
        sizes[slot] = (sizes[slot] ?? 0) + 1;
        lasts[slot] = entry;
        if (isNew) news[slot] = 1;
      }
    },
    find(key) {
      const slot = slotOf(key);
      return sizes[slot] === 0 ? -1 : slot;
    },
    sizeOf: (file) => sizes[file] ?? 0,
    hasNew: (file) => news[file] === 1,
    first: (file) => firsts[file] ?? -1,
    next: (entry) => following[entry] ?? -1,
    ruleOf: (entry) => rules[entry] ?? 0,
  };
}
