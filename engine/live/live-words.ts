/**
 * Finds words in texts while words come and go.
 *
 * Building an automaton of a hundred thousand words takes a third of a second. So the one at hand stays in
 * use, beside it what has changed since, and a new one is built in steps when that has become much.
 */
import { packAutomaton, packInSteps } from '../automaton-build.js';
import { fold, foldWithOrigin } from '../text.js';
import { maskCovered, type Range, type WordMatcher } from '../words.js';
import { createWordLayer } from './word-layer.js';

export interface LiveWords extends WordMatcher {
  add(entry: string): void;
  remove(entry: string): void;
  isUntidy(): boolean;
  tidy(): Generator<undefined, void>;
}

/** Changes beside an automaton that cost searches little; more of them in a longer list, which takes longer to build. */
const FEW = 256;
const SHARE = 1 / 8;
/** Changes that are carried over in one step. */
const STEP = 1000;

export function createLiveWords(): LiveWords {
  /** By folded word, how many entries fold to it. */
  const counts = new Map<string, number>();
  let layer = createWordLayer([], packAutomaton([]));
  /** Words that have come or gone while a new automaton is being built. */
  let touched: Set<string> | undefined;

  function change(entry: string, by: 1 | -1): void {
    const word = fold(entry);
    if (word === '') return;
    const before = counts.get(word) ?? 0;
    const count = before + by;
    if (count > 0) counts.set(word, count);
    else counts.delete(word);
    if (before > 0 === count > 0) return;
    layer.place(word, count > 0);
    touched?.add(word);
  }

  function* rebuild(since: Set<string>): Generator<undefined, void> {
    const words = [...counts.keys()];
    yield;
    const next = createWordLayer(words, yield* packInSteps(words));
    let carried = 0;
    // What is touched again meanwhile comes once more.
    for (const word of since) {
      since.delete(word);
      next.place(word, counts.has(word));
      carried += 1;
      if (carried % STEP === 0) yield;
    }
    layer = next;
  }

  return {
    add: (entry) => change(entry, 1),
    remove: (entry) => change(entry, -1),
    occursIn: (text) => layer.occursIn(text),
    mask(original, replacement) {
      const { text, origin } = foldWithOrigin(original);
      const isCovered = new Uint8Array(original.length);
      layer.findAll(text, (first, length) => {
        const last = first + length - 1;
        const start = origin === undefined ? first : (origin.starts[first] ?? 0);
        const end = origin === undefined ? last + 1 : (origin.ends[last] ?? original.length);
        isCovered.fill(1, start, end);
      });
      return maskCovered(original, rangesOf(isCovered), replacement);
    },
    isUntidy: () => touched === undefined && layer.changes() > Math.max(FEW, counts.size * SHARE),
    *tidy() {
      if (touched !== undefined || layer.changes() === 0) return;
      touched = new Set();
      try {
        yield* rebuild(touched);
      } finally {
        touched = undefined;
      }
    },
  };
}

function rangesOf(isCovered: Uint8Array): readonly Range[] {
  const ranges: Range[] = [];
  let start = isCovered.indexOf(1);
  while (start !== -1) {
    const end = isCovered.indexOf(0, start);
    ranges.push([start, end === -1 ? isCovered.length : end]);
    start = end === -1 ? -1 : isCovered.indexOf(1, end);
  }
  return ranges;
}
