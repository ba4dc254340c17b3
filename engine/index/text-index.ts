/** Looks up postings by the words that occur in a text. */
import { buildAutomaton, type Automaton } from '../automaton.js';
import type { Posting } from './posting.js';

export interface TextIndex {
  /** Hands over the postings of all words that occur in the text, each once. */
  find(text: string, found: (posting: Posting) => void): void;
}

/** @param postings by word; the words are looked for to the letter */
export function createTextIndex(postings: ReadonlyMap<string, readonly Posting[]>): TextIndex {
  const automaton = buildAutomaton([...postings.keys()]);
  const byWord = [...postings.values()];
  return { find: (text, found) => search(automaton, byWord, text, found) };
}

function search(
  { next, word, shorter }: Automaton,
  byWord: readonly (readonly Posting[])[],
  text: string,
  found: (posting: Posting) => void,
): void {
  let seen: Set<Posting> | undefined;
  let state = 0;
  for (let index = 0; index < text.length; index += 1) {
    state = next(state, text.charCodeAt(index));
    let spelling = word[state] === -1 ? (shorter[state] ?? 0) : state;
    while (spelling !== 0) {
      for (const posting of byWord[word[spelling] ?? -1] ?? []) {
        seen ??= new Set();
        if (seen.has(posting)) continue;
        seen.add(posting);
        found(posting);
      }
      spelling = shorter[spelling] ?? 0;
    }
  }
}
