/** Named lists of texts that conditions and masks refer to. */
import { packAutomaton } from './automaton-build.js';
import type { AutomatonImage } from './automaton.js';
import { openTextSet, packTextSet, textsOfSet, type TextSet, type TextSetImage } from './text-set.js';
import { createWordMatcher, foldedWords, openWordMatcher, type WordMatcher } from './words.js';

/** A list. What is derived from its entries is built when a rule first needs it, once. */
export interface List {
  readonly name: string;
  readonly entries: readonly string[];
  readonly set: TextSet;
  readonly words: WordMatcher;
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
export interface ListImage {
  readonly name: string;
  readonly set: TextSetImage;
  /** Of the folded entries; `null` when no rule looks for them in texts. */
  readonly words: AutomatonImage | null;
}

/** @param hasWords whether its entries are looked for in texts */
export function packList({ name, entries }: List, hasWords: boolean): ListImage {
  return { name, set: packTextSet(entries), words: hasWords ? packAutomaton(foldedWords(entries)) : null };
}

/** Makes a list of its plain data. Nothing is built but what a rule needs and the data lacks. */
export function openList({ name, set: image, words: automaton }: ListImage): List {
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
