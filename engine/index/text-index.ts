/** Looks up postings by the words that occur in a text. */
import type { PackAutomaton } from '../automata.js';
import type { TextUnits } from '../text-units.js';
import { openAutomaton, type AutomatonImage } from '../automaton.js';

export interface TextIndexImage {
  readonly automaton: AutomatonImage;
  /** Number of the posting by word. */
  readonly postings: Int32Array;
}

/** @param numbers of postings by word; the words are looked for to the letter */
export function packTextIndex(numbers: ReadonlyMap<string, number>, pack: PackAutomaton): TextIndexImage {
  return { automaton: pack([...numbers.keys()]), postings: Int32Array.from(numbers.values()) };
}

export interface TextIndex {
  /** Hands over the postings of all words that occur in the text, each once. */
  find(text: TextUnits, found: (posting: number) => void): void;
}

export function openTextIndex({ automaton, postings }: TextIndexImage): TextIndex {
  const { search, word, shorter } = openAutomaton(automaton);
  return {
    find(text, found) {
      let seen: Set<number> | undefined;
      search(text, (state) => {
        let spelling = word[state] === -1 ? (shorter[state] ?? 0) : state;
        while (spelling !== 0) {
          const posting = postings[word[spelling] ?? -1];
          if (posting !== undefined && seen?.has(posting) !== true) {
            (seen ??= new Set()).add(posting);
            found(posting);
          }
          spelling = shorter[spelling] ?? 0;
        }
        return false;
      });
    },
  };
}
