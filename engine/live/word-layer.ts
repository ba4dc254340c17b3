/** An automaton of many words, and what has changed since it was built. */
import { openAutomaton, type Automaton, type AutomatonImage } from '../automaton.js';
import { foldedUnitsOf, unitsOf } from '../text-units.js';
import { fold } from '../text.js';
import { createFreshWords } from './fresh-words.js';

export interface WordLayer {
  /** Words that have come or gone since the automaton was built. */
  changes(): number;
  /** Takes note of whether a folded word is there now. */
  place(word: string, isThere: boolean): void;
  occursIn(text: string): boolean;
  /** Tells where words begin in a folded text, and how long they are: of those that end together, the longest. */
  findAll(text: string, found: (first: number, length: number) => void): void;
}

/** @param words of which the automaton was built, folded */
export function createWordLayer(words: readonly string[], image: AutomatonImage): WordLayer {
  const automaton = openAutomaton(image);
  const fresh = createFreshWords();
  const gone = new Set<string>();

  /** Length of the longest word that ends in a state and has not gone; 0 when there is none. */
  function longestAt(state: number): number {
    if (gone.size === 0) return automaton.longest[state] ?? 0;
    let spelling = automaton.word[state] === -1 ? (automaton.shorter[state] ?? 0) : state;
    while (spelling !== 0) {
      const word = words[automaton.word[spelling] ?? -1] ?? '';
      if (!gone.has(word)) return word.length;
      spelling = automaton.shorter[spelling] ?? 0;
    }
    return 0;
  }

  function occursInBase(text: string): boolean {
    let isFound = false;
    automaton.search(foldedUnitsOf(text), (state) => (isFound = longestAt(state) > 0));
    return isFound;
  }

  return {
    changes: () => fresh.size + gone.size,
    place(word, isThere) {
      if (isSpelt(automaton, words, word)) {
        if (isThere) gone.delete(word);
        else gone.add(word);
      } else if (isThere) fresh.add(word);
      else fresh.remove(word);
    },
    occursIn: (text) => occursInBase(text) || (fresh.size > 0 && fresh.search(fold(text), () => true)),
    findAll(text, found) {
      automaton.search(unitsOf(text), (state, index) => {
        const length = longestAt(state);
        if (length > 0) found(index - length + 1, length);
        return false;
      });
      fresh.search(text, (first, length) => {
        found(first, length);
        return false;
      });
    },
  };
}

function isSpelt(automaton: Automaton, words: readonly string[], word: string): boolean {
  let isFound = false;
  automaton.search(unitsOf(word), (state, index) => {
    isFound = index === word.length - 1 && words[automaton.word[state] ?? -1] === word;
    return false;
  });
  return isFound;
}
