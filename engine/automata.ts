/** Automata that are kept from one time to the next: most changes of rules leave their words alone. */
import { createHash } from 'node:crypto';
import { packAutomaton } from './automaton-build.js';
import type { AutomatonImage } from './automaton.js';
import { shareNumbers } from './shared-memory.js';

/** Builds the automaton of words. */
export type PackAutomaton = (words: readonly string[]) => AutomatonImage;

/** Automata in memory that threads share, by a hash of their words. */
export type Automata = ReadonlyMap<string, AutomatonImage>;

/** @param known automata from the last time; what is not asked for again is not in `packed` */
export function createAutomatonPacker(known: Automata): {
  readonly pack: PackAutomaton;
  readonly packed: Automata;
} {
  const packed = new Map<string, AutomatonImage>();
  return {
    pack(words) {
      const key = createHash('sha256').update(JSON.stringify(words)).digest('base64');
      const image = packed.get(key) ?? known.get(key) ?? shareAutomaton(packAutomaton(words));
      packed.set(key, image);
      return image;
    },
    packed,
  };
}

function shareAutomaton({ alphabet, ...image }: AutomatonImage): AutomatonImage {
  const { size, pageOf, numbers } = alphabet;
  return {
    alphabet: {
      size,
      pageOf: shareNumbers(Uint16Array, pageOf),
      numbers:
        numbers instanceof Uint16Array
          ? shareNumbers(Uint16Array, numbers)
          : shareNumbers(Int32Array, numbers),
    },
    beginnings: shareNumbers(Int32Array, image.beginnings),
    states: shareNumbers(Int32Array, image.states),
    longest: shareNumbers(Int32Array, image.longest),
    word: shareNumbers(Int32Array, image.word),
    shorter: shareNumbers(Int32Array, image.shorter),
  };
}
