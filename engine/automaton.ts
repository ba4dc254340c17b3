/**
 * Finds many words in one pass over a text (Aho and Corasick, 1975).
 *
 * States are slots of a double array (Aoe, 1989): the slot that an edge leads to is the base of its state
 * plus the number of its code unit, and a slot names the state that it is reached from. What a search must
 * know of a state lies side by side, because with many words it is waiting for memory that takes its time.
 * Everything is plain data on typed arrays: no garbage, and ready to be handed to another thread.
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
  readonly alphabet: AlphabetImage;
  /** Bits by the numbers of two code units: whether a word may begin with them. A power of two long. */
  readonly beginnings: Int32Array;
  /** {@link FIELDS} numbers for each state; the start is state 0. */
  readonly states: Int32Array;
}

/** The code units of all words, numbered from 1, in pages of 256. */
export interface AlphabetImage {
  /** Numbers that are in use, 0 for all other units included. */
  readonly size: number;
  /** Page of a code unit by its upper byte; page 0 has no numbers. */
  readonly pageOf: Uint16Array;
  readonly numbers: Uint16Array | Int32Array;
}

/** How many numbers tell of a state. */
export const FIELDS = 4;
/** Twice the base of its edges; 1 more when a word ends here. */
export const BASE = 0;
/** The state that it is reached from; {@link NOWHERE} for the start and for slots that are no state. */
export const ORIGIN = 1;
/** The state of the longest proper end of what it spells. */
export const FAILURE = 2;
/** Bits by the lower five of a unit's number: whether an edge may leave it. Spares most looks at other slots. */
export const LEAVING = 3;

export const NOWHERE = -1;

/*
 * Below, these are written as numbers: what a module exports is not folded into the code that uses it, and in
 * the innermost loop that costs a fifth of the time.
 */

/** Makes an automaton of its plain data, at no cost. */
export function openAutomaton(image: AutomatonImage): Automaton {
  const { longest, word, shorter } = image;
  return { search: (text, found) => search(image, text, found), longest, word, shorter };
}

function search(
  { alphabet, beginnings, states }: AutomatonImage,
  { units, length }: TextUnits,
  found: (state: number, index: number) => boolean,
): void {
  const { size } = alphabet;
  let state = 0;
  let following = numberOf(alphabet, units[0] ?? 0);
  for (let index = 0; index < length; index += 1) {
    const number = following;
    following = numberOf(alphabet, units[index + 1] ?? 0);
    if (state !== 0) state = step(states, state, number);
    // Most steps begin at the start again.
    if (state === 0 && mayBegin(beginnings, size, number, following)) state = edge(states, 0, number);
    if (state !== 0 && isEnd(states, state) && found(state, index)) return;
  }
}

/** The state after one more code unit; 0 when it can only be one that the start leads to. */
export function step(states: Int32Array, state: number, number: number): number {
  let from = state;
  while (from !== 0) {
    const target = edge(states, from, number);
    if (target !== 0) return target;
    from = states[(from << 2) + 2] ?? 0;
  }
  return 0;
}

/** The state that an edge leads to; 0 when there is none. */
export function edge(states: Int32Array, state: number, number: number): number {
  const at = state << 2;
  if ((((states[at + 3] ?? 0) >>> (number & 31)) & 1) === 0) return 0;
  const target = ((states[at] ?? 0) >> 1) + number;
  return states[(target << 2) + 1] === state ? target : 0;
}

function isEnd(states: Int32Array, state: number): boolean {
  return ((states[state << 2] ?? 0) & 1) === 1;
}

/** The number of a code unit; 0 when no word has it. */
export function numberOf({ pageOf, numbers }: AlphabetImage, unit: number): number {
  return numbers[((pageOf[unit >> 8] ?? 0) << 8) | (unit & 255)] ?? 0;
}

function mayBegin(beginnings: Int32Array, size: number, first: number, second: number): boolean {
  const bit = beginningOf(size, first, second);
  return (((beginnings[(bit >>> 5) & (beginnings.length - 1)] ?? 0) >>> (bit & 31)) & 1) === 1;
}

/** Which bit stands for two code units, still to be cut to how many there are. */
export function beginningOf(size: number, first: number, second: number): number {
  return Math.imul(first, size) + second;
}
