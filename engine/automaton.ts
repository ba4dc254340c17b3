/**
 * Finds many words in one pass over a text (Aho and Corasick, 1975).
 *
 * States are numbered; edges live in one open-addressing hash table on typed arrays, so that a hundred
 * thousand words cost a few megabytes and no garbage, and can be handed to another thread. Most steps of a
 * search begin at the start again, so the edges that leave it are looked up without hashing, and only where
 * two code units stand that a word begins with.
 */
import type { TextUnits } from './text-units.js';

export interface Automaton {
  /**
   * Runs over a text and tells where words end.
   *
   * @param found is told the state and the place of the last code unit; the search ends when it says so
   */
  readonly search: (text: TextUnits, found: (state: number, index: number) => boolean) => void;
  /** Length of the longest word that ends in a state; 0 when none does. */
  readonly longest: Int32Array;
  /** Index of the word that a state spells from the start; -1 when it spells none. */
  readonly word: Int32Array;
  /** The nearest shorter state that spells a word that ends here too; 0 when there is none. */
  readonly shorter: Int32Array;
}

/** An automaton as plain data. */
export interface AutomatonImage extends Omit<Automaton, 'search'> {
  readonly start: StartImage;
  /** Bits by hash of two code units: whether a word may begin with them. A power of two long. */
  readonly beginnings: Int32Array;
  readonly edges: EdgeImage;
  /** The state of the longest proper end of what a state spells. */
  readonly failure: Int32Array;
}

/** Makes an automaton of its plain data, at no cost. */
export function openAutomaton(image: AutomatonImage): Automaton {
  const { longest, word, shorter } = image;
  return { search: (text, found) => search(image, text, found), longest, word, shorter };
}

function search(
  { start, beginnings, edges, failure, longest }: AutomatonImage,
  { units, length }: TextUnits,
  found: (state: number, index: number) => boolean,
): void {
  let state = 0;
  for (let index = 0; index < length; index += 1) {
    const unit = units[index] ?? 0;
    if (state !== 0) state = step(edges, failure, state, unit);
    if (state === 0 && mayBegin(beginnings, unit, units[index + 1] ?? 0)) state = begin(start, unit);
    if (longest[state] !== 0 && found(state, index)) return;
  }
}

/** The state after one more code unit; 0 when it can only be one that the start leads to. */
export function step(edges: EdgeImage, failure: Int32Array, state: number, unit: number): number {
  let from = state;
  while (from !== 0) {
    if (mayHaveEdge(edges, from, unit)) {
      const target = findEdge(edges, from, unit);
      if (target !== 0) return target;
    }
    from = failure[from] ?? 0;
  }
  return 0;
}

/** The state that a code unit leads to from the start. */
export function begin({ pageOf, targets }: StartImage, unit: number): number {
  return targets[((pageOf[unit >> 8] ?? 0) << 8) | (unit & 255)] ?? 0;
}

/** A hash of two code units, or of a state and a code unit. */
export function pairHash(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function mayBegin(beginnings: Int32Array, first: number, second: number): boolean {
  const hash = pairHash(first, second);
  return (((beginnings[(hash >>> 5) & (beginnings.length - 1)] ?? 0) >>> (hash & 31)) & 1) === 1;
}

/** The edges that leave the start, in pages of 256 code units. */
export interface StartImage {
  /** Page of a code unit by its upper byte; page 0 has no edges. */
  readonly pageOf: Uint16Array;
  readonly targets: Int32Array;
}

/** All other edges. */
export interface EdgeImage {
  /** Pairs of the state that an edge leaves and the one it leads to; 0 is free. A power of two long. */
  readonly table: Int32Array;
  /** By state, the code unit that leads to it. */
  readonly units: Uint16Array;
  /** By state, 64 bits: the lower six bits of the units that leave it. Spares most searches in the table. */
  readonly leaving: Int32Array;
}

/** Which of the two halves of the 64 bits of a state a unit is in. */
export function halfOf(state: number, unit: number): number {
  return (state << 1) | ((unit >> 5) & 1);
}

function mayHaveEdge({ leaving }: EdgeImage, state: number, unit: number): boolean {
  return (((leaving[halfOf(state, unit)] ?? 0) >>> (unit & 31)) & 1) === 1;
}

/** Where a search in the table begins, still to be cut to its length. */
export function slotOf(state: number, unit: number): number {
  return pairHash(state, unit) << 1;
}

/** The state that an edge leads to; 0 when there is none. */
export function findEdge({ table, units }: EdgeImage, state: number, unit: number): number {
  const mask = table.length - 1;
  let slot = slotOf(state, unit) & mask;
  for (;;) {
    const source = table[slot];
    const target = table[slot + 1] ?? 0;
    if (source === 0 || (source === state && units[target] === unit)) return target;
    slot = (slot + 2) & mask;
  }
}
