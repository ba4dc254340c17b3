/** The words of an automaton as a tree of their code units: the first half of building one. */

export interface Trie {
  /** How many states there are; the start is state 0. */
  readonly count: number;
  /** By state: the state before, the code unit that leads from there, the word that is spelt; -1 for none. */
  readonly parents: Int32Array;
  readonly units: Uint16Array;
  readonly wordOf: Int32Array;
}

/** A tree that is being put together. */
export interface TrieDraft extends Trie {
  count: number;
  /** Hash table of the states by what leads to them; 0 is free. Its size is a power of two. */
  readonly table: Int32Array;
}

/** @returns a tree with room for the words */
export function createTrie(words: readonly string[]): TrieDraft {
  const most = words.reduce((sum, word) => sum + word.length, 1);
  return {
    count: 1,
    parents: new Int32Array(most),
    units: new Uint16Array(most),
    wordOf: new Int32Array(most).fill(-1),
    table: new Int32Array(2 ** Math.ceil(Math.log2(Math.max(8, most * 1.6)))),
  };
}

/** Adds some of the words. @param from index of the first @param to index after the last */
export function addWords(draft: TrieDraft, words: readonly string[], from: number, to: number): void {
  const { wordOf } = draft;
  for (let index = from; index < to; index += 1) {
    const word = words[index] ?? '';
    let state = 0;
    for (let position = 0; position < word.length; position += 1) {
      state = follow(draft, state, word.charCodeAt(position));
    }
    if (state !== 0 && wordOf[state] === -1) wordOf[state] = index;
  }
}

/** The state after one more code unit, made when there is none. */
function follow(draft: TrieDraft, state: number, unit: number): number {
  const { table, parents, units, count } = draft;
  const mask = table.length - 1;
  let slot = hashOf(state, unit) & mask;
  for (;;) {
    const target = table[slot] ?? 0;
    if (target === 0) break;
    if (parents[target] === state && units[target] === unit) return target;
    slot = (slot + 1) & mask;
  }
  table[slot] = count;
  parents[count] = state;
  units[count] = unit;
  draft.count = count + 1;
  return count;
}

function hashOf(state: number, unit: number): number {
  const mixed = Math.imul(state, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
