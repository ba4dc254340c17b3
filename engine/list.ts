/** Named lists of texts that conditions and masks refer to. */
import type { PackAutomaton } from './automata.js';
import { packAutomaton } from './automaton-build.js';
import type { AutomatonImage } from './automaton.js';
import type { LiveContents, LiveUse } from './live/live-lists.js';
import { openTextSet, packTextSet, textsOfSet, type TextSet, type TextSetImage } from './text-set.js';
import { createWordMatcher, foldedWords, openWordMatcher, type WordMatcher } from './words.js';

/** A list. What is derived from its entries is built when a rule first needs it, once. */
export interface List {
  readonly name: string;
  /** None of a live list: what it holds is not known before it is asked. */
  readonly entries: readonly string[];
  readonly set: TextSet;
  readonly words: WordMatcher;
  /** Of a live list. Each test has to ask it anew. */
  readonly live?: LiveContents;
}

/** A list whose entries come and go. */
export function createLiveList(name: string, live: LiveContents): List {
  return { name, entries: [], set: live, words: live.words, live };
}

export function createList(name: string, entries: readonly string[]): List {
  let set: TextSet | undefined;
  let words: WordMatcher | undefined;
  return {
    name,
    entries,
    get set() {
      return (set ??= new Set(entries));
    },
    get words() {
      return (words ??= createWordMatcher(entries));
    },
  };
}

/** A list as plain data. */
export type ListImage = FixedListImage | LiveListImage;

/** Of a live list there are no entries. */
export interface LiveListImage {
  readonly name: string;
  readonly live: true;
  /** What rules ask of it. */
  readonly uses: readonly LiveUse[];
}

export function isLiveImage(image: ListImage): image is LiveListImage {
  return 'live' in image;
}

export interface FixedListImage {
  readonly name: string;
  readonly set: TextSetImage;
  /** Of the folded entries; `null` when no rule looks for them in texts. */
  readonly words: AutomatonImage | null;
}

/** @param uses how rules look for its entries, besides whether they are equal */
export function packList(
  { name, entries, live }: List,
  uses: readonly LiveUse[],
  pack: PackAutomaton = packAutomaton,
): ListImage {
  if (live !== undefined) return { name, live: true, uses };
  const hasWords = uses.includes('words');
  return { name, set: packTextSet(entries), words: hasWords ? pack(foldedWords(entries)) : null };
}

/** Makes a list of its plain data. Nothing is built but what a rule needs and the data lacks. */
export function openList({ name, set: image, words: automaton }: FixedListImage): List {
  const set = openTextSet(image);
  let entries: readonly string[] | undefined;
  let words: WordMatcher | undefined;
  return {
    name,
    set,
    get entries() {
      return (entries ??= textsOfSet(image));
    },
    get words() {
      return (words ??= automaton === null ? createWordMatcher(this.entries) : openWordMatcher(automaton));
    },
  };
}

/** Reads a list file: one entry a line, blank lines and `#` comments left out. */
export function parseListText(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
