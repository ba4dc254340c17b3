/**
 * Finds any of many words in a text, in time that depends on the text alone (Aho and Corasick, 1975).
 *
 * States are numbered; edges live in one open-addressing hash table on typed arrays, so that a list of
 * a hundred thousand words costs a few megabytes and no garbage.
 */
import { codePointCount, fold, foldWithOrigin } from './text.js';

export interface WordMatcher {
  /** Whether any word occurs in the text. */
  occursIn(text: string): boolean;
  /**
   * Replaces every character of every occurrence.
   *
   * @param replacement stands for one character of the original
   */
  mask(text: string, replacement: string): string;
}

interface Automaton {
  next(state: number, unit: number): number;
  /** Length of the longest word that ends in a state; 0 when none does. */
  readonly longest: Int32Array;
}

/** Builds a matcher. Words are compared folded; one that folds to nothing is ignored. */
export function createWordMatcher(words: Iterable<string>): WordMatcher {
  const folded = [...new Set([...words].map(fold))].filter((word) => word !== '');
  const automaton = buildAutomaton(folded);
  return {
    occursIn(text) {
      const { text: haystack } = foldWithOrigin(text);
      let state = 0;
      for (let index = 0; index < haystack.length; index += 1) {
        state = automaton.next(state, haystack.charCodeAt(index));
        if (automaton.longest[state] !== 0) return true;
      }
      return false;
    },
    mask: (text, replacement) => maskCovered(text, coveredRanges(automaton, text), replacement),
  };
}

type Range = readonly [start: number, end: number];

/** Ranges of the original text that occurrences cover, merged and in order. */
function coveredRanges(automaton: Automaton, original: string): readonly Range[] {
  const { text, origin } = foldWithOrigin(original);
  const ranges: [number, number][] = [];
  let state = 0;
  for (let index = 0; index < text.length; index += 1) {
    state = automaton.next(state, text.charCodeAt(index));
    const length = automaton.longest[state] ?? 0;
    if (length === 0) continue;
    const first = index - length + 1;
    const start = origin === undefined ? first : (origin.starts[first] ?? 0);
    const end = origin === undefined ? index + 1 : (origin.ends[index] ?? original.length);
    while ((ranges.at(-1)?.[0] ?? -1) >= start) ranges.pop();
    const previous = ranges.at(-1);
    if (previous !== undefined && previous[1] >= start) previous[1] = Math.max(previous[1], end);
    else ranges.push([start, end]);
  }
  return ranges;
}

function maskCovered(text: string, ranges: readonly Range[], replacement: string): string {
  let masked = '';
  let position = 0;
  for (const [start, end] of ranges) {
    masked += text.slice(position, start) + replacement.repeat(codePointCount(text.slice(start, end)));
    position = end;
  }
  return masked + text.slice(position);
}

function buildAutomaton(words: readonly string[]): Automaton {
  const units = words.reduce((sum, word) => sum + word.length, 0);
  const edges = createEdgeTable(units);
  const longest = new Int32Array(units + 1);
  const parents = new Int32Array(units + 1);
  const arrivals = new Uint16Array(units + 1);
  let states = 1;
  for (const word of words) {
    let state = 0;
    for (let index = 0; index < word.length; index += 1) {
      const unit = word.charCodeAt(index);
      let target = edges.get(state, unit);
      if (target === -1) {
        target = states;
        states += 1;
        edges.set(state, unit, target);
        parents[target] = state;
        arrivals[target] = unit;
      }
      state = target;
    }
    longest[state] = word.length;
  }

  const failure = new Int32Array(states);
  const next = (state: number, unit: number): number => {
    let from = state;
    for (;;) {
      const target = edges.get(from, unit);
      if (target !== -1) return target;
      if (from === 0) return 0;
      from = failure[from] ?? 0;
    }
  };
  for (const state of byDepth(parents, states)) {
    const parent = parents[state] ?? 0;
    failure[state] = parent === 0 ? 0 : next(failure[parent] ?? 0, arrivals[state] ?? 0);
    longest[state] = Math.max(longest[state] ?? 0, longest[failure[state] ?? 0] ?? 0);
  }
  return { next, longest };
}

/** All states but the root, shallow ones first: a failure link points to a shallower state. */
function byDepth(parents: Int32Array, states: number): Int32Array {
  const depths = new Int32Array(states);
  for (let state = 1; state < states; state += 1) depths[state] = (depths[parents[state] ?? 0] ?? 0) + 1;
  return Int32Array.from({ length: states - 1 }, (_, index) => index + 1).sort(
    (a, b) => (depths[a] ?? 0) - (depths[b] ?? 0),
  );
}

interface EdgeTable {
  /** Target of an edge, or -1. */
  get(state: number, unit: number): number;
  set(state: number, unit: number, target: number): void;
}

function createEdgeTable(capacity: number): EdgeTable {
  const size = 2 ** Math.ceil(Math.log2(Math.max(8, capacity * 2)));
  const sources = new Int32Array(size).fill(-1);
  const units = new Uint16Array(size);
  const targets = new Int32Array(size);
  const slotOf = (state: number, unit: number): number => {
    let slot = (Math.imul(state, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & (size - 1);
    while (sources[slot] !== -1 && (sources[slot] !== state || units[slot] !== unit))
      slot = (slot + 1) & (size - 1);
    return slot;
  };
  return {
    get(state, unit) {
      const slot = slotOf(state, unit);
      return sources[slot] === -1 ? -1 : (targets[slot] ?? -1);
    },
    set(state, unit, target) {
      const slot = slotOf(state, unit);
      sources[slot] = state;
      units[slot] = unit;
      targets[slot] = target;
    },
  };
}
