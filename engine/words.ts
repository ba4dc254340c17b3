/** Finds any of many words in a text, and masks them, in time that depends on the text alone. */
import { buildAutomaton } from './automaton-build.js';
import { openAutomaton, type Automaton, type AutomatonImage } from './automaton.js';
import { foldedTextOf, foldedUnitsOf, unitsOf } from './text-units.js';
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

/** Builds a matcher. Words are compared folded; one that folds to nothing is ignored. */
export function createWordMatcher(words: Iterable<string>): WordMatcher {
  const folded = foldedWords(words);
  const isFew = folded.length <= FEW && folded.every(({ length }) => length <= SHORT);
  return isFew ? matcherOfFew(folded) : matcherOf(buildAutomaton(folded));
}

/** Up to so many short words are found faster one by one, with what every string has. */
const FEW = 8;
const SHORT = 32;

function matcherOfFew(words: readonly string[]): WordMatcher {
  let matcher: WordMatcher | undefined;
  return {
    occursIn(text) {
      const folded = foldedTextOf(text);
      return words.some((word) => folded.includes(word));
    },
    mask: (text, replacement) => (matcher ??= matcherOf(buildAutomaton(words))).mask(text, replacement),
  };
}

/** Makes a matcher of the automaton of its {@link foldedWords}. */
export function openWordMatcher(automaton: AutomatonImage): WordMatcher {
  return matcherOf(openAutomaton(automaton));
}

/** Words in the form in which they are looked for, each once. */
export function foldedWords(words: Iterable<string>): readonly string[] {
  return [...new Set([...words].map(fold))].filter((word) => word !== '');
}

function matcherOf(automaton: Automaton): WordMatcher {
  return {
    occursIn(text) {
      if (last.automaton !== automaton || last.text !== text) {
        last = { automaton, text, found: occurs(automaton, text) };
      }
      return last.found;
    },
    mask: (text, replacement) => maskCovered(text, coveredRanges(automaton, text), replacement),
  };
}

/** The last search: a rule that may match is judged right after its predicate has asked the same. */
let last: { readonly automaton: Automaton | null; readonly text: string; readonly found: boolean } = {
  automaton: null,
  text: '',
  found: false,
};

function occurs({ search }: Automaton, text: string): boolean {
  let isFound = false;
  search(foldedUnitsOf(text), () => (isFound = true));
  return isFound;
}

/** A piece of a text, in code units. */
export type Range = readonly [start: number, end: number];

/** Ranges of the original text that occurrences cover, merged and in order. */
function coveredRanges({ search, longest }: Automaton, original: string): readonly Range[] {
  const { text, origin } = foldWithOrigin(original);
  const ranges: [number, number][] = [];
  search(unitsOf(text), (state, index) => {
    const first = index - (longest[state] ?? 0) + 1;
    const start = origin === undefined ? first : (origin.starts[first] ?? 0);
    const end = origin === undefined ? index + 1 : (origin.ends[index] ?? original.length);
    while ((ranges.at(-1)?.[0] ?? -1) >= start) ranges.pop();
    const previous = ranges.at(-1);
    if (previous !== undefined && previous[1] >= start) previous[1] = Math.max(previous[1], end);
    else ranges.push([start, end]);
    return false;
  });
  return ranges;
}

/** Replaces every character of some ranges, which are in order and do not overlap. */
export function maskCovered(text: string, ranges: readonly Range[], replacement: string): string {
  let masked = '';
  let position = 0;
  for (const [start, end] of ranges) {
    masked += text.slice(position, start) + replacement.repeat(codePointCount(text.slice(start, end)));
    position = end;
  }
  return masked + text.slice(position);
}
