/** Named lists of texts that conditions and masks refer to. */
import { createWordMatcher, type WordMatcher } from './words.js';

/** A list. What is derived from its entries is built when a rule first needs it, once. */
export interface List {
  readonly name: string;
  readonly entries: readonly string[];
  readonly set: ReadonlySet<string>;
  readonly words: WordMatcher;
}

export function createList(name: string, entries: readonly string[]): List {
  let set: ReadonlySet<string> | undefined;
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

/** Reads a list file: one entry a line, blank lines and `#` comments left out. */
export function parseListText(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
