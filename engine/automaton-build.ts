/** Builds the automata that automaton.ts runs. */
import { placeStates, type Placement } from './automaton-slots.js';
import { addWords, createTrie, type Trie } from './automaton-trie.js';
import {
  BASE,
  beginningOf,
  edge,
  FAILURE,
  FIELDS,
  numberOf,
  openAutomaton,
  ORIGIN,
  step,
  type AlphabetImage,
  type Automaton,
  type AutomatonImage,
} from './automaton.js';

/** Builds the automaton of words; equal words share the index of the first, empty ones are never found. */
export function buildAutomaton(words: readonly string[]): Automaton {
  return openAutomaton(packAutomaton(words));
}

/** Builds the automaton of words as plain data; see {@link buildAutomaton}. */
export function packAutomaton(words: readonly string[]): AutomatonImage {
  const steps = packInSteps(words);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Words or states that are dealt with in one step: a millisecond or two. */
const STEP = 8192;

/** Like {@link packAutomaton}, in short steps, between which others may have their turn. */
export function* packInSteps(words: readonly string[]): Generator<undefined, AutomatonImage> {
  const trie = createTrie(words);
  for (const [from, to] of stepsOf(0, words.length, STEP / 8)) {
    addWords(trie, words, from, to);
    yield;
  }
  const alphabet = packAlphabet(trie);
  yield;
  const beginnings = packBeginnings(words, alphabet);
  yield;
  const placement = yield* placeStates(trie, alphabet);
  const links = createLinks(placement);
  for (const [from, to] of stepsOf(1, trie.count, STEP)) {
    linkStates({ words, trie, alphabet, placement, links }, from, to);
    yield;
  }
  return { alphabet, beginnings, states: placement.states, ...links };
}

function* stepsOf(from: number, to: number, size: number): Generator<readonly [from: number, to: number]> {
  for (let start = from; start < to; start += size) yield [start, Math.min(to, start + size)];
}

type Links = Pick<AutomatonImage, 'longest' | 'word' | 'shorter'>;

function createLinks({ states }: Placement): Links {
  const slots = states.length / FIELDS;
  return {
    longest: new Int32Array(slots),
    word: new Int32Array(slots).fill(-1),
    shorter: new Int32Array(slots),
  };
}

interface LinkedParts {
  readonly words: readonly string[];
  readonly trie: Trie;
  readonly alphabet: AlphabetImage;
  readonly placement: Placement;
  readonly links: Links;
}

/** A failure link points to a shallower state, which has come before. */
function linkStates(parts: LinkedParts, from: number, to: number): void {
  const { words, trie, alphabet, placement, links } = parts;
  const { longest, word, shorter } = links;
  const { states, order, slotOf } = placement;
  for (let index = from; index < to; index += 1) {
    const state = order[index] ?? 0;
    const slot = slotOf[state] ?? 0;
    const at = slot * FIELDS;
    const number = numberOf(alphabet, trie.units[state] ?? 0);
    const origin = states[at + ORIGIN] ?? 0;
    const fallback = origin === 0 ? 0 : failureOf(states, origin, number);
    const own = trie.wordOf[state] ?? -1;
    const length = Math.max(words[own]?.length ?? 0, longest[fallback] ?? 0);
    states[at + FAILURE] = fallback;
    if (length > 0) states[at + BASE] = (states[at + BASE] ?? 0) | 1;
    longest[slot] = length;
    word[slot] = own;
    shorter[slot] = word[fallback] === -1 ? (shorter[fallback] ?? 0) : fallback;
  }
}

function failureOf(states: Int32Array, origin: number, number: number): number {
  return step(states, states[origin * FIELDS + FAILURE] ?? 0, number) || edge(states, 0, number);
}

/** Low numbers go to the units that most edges have: states that share them lie close together. */
function packAlphabet({ count, units }: Trie): AlphabetImage {
  const uses = new Map<number, number>();
  for (let state = 1; state < count; state += 1) {
    const unit = units[state] ?? 0;
    uses.set(unit, (uses.get(unit) ?? 0) + 1);
  }
  const used = [...uses].sort(([, left], [, right]) => right - left);
  const pageOf = new Uint16Array(256);
  let pages = 1;
  for (const [unit] of used) {
    if (pageOf[unit >> 8] !== 0) continue;
    pageOf[unit >> 8] = pages;
    pages += 1;
  }
  const Numbers = used.length < 0x10000 ? Uint16Array : Int32Array;
  const numbers = new Numbers(pages << 8);
  for (const [index, [unit]] of used.entries()) {
    numbers[((pageOf[unit >> 8] ?? 0) << 8) | (unit & 255)] = index + 1;
  }
  return { size: used.length + 1, pageOf, numbers };
}

/** Bits for each pair of units that a word begins with: one in so many other pairs passes by chance. */
const BITS_PER_PAIR = 32;

/** With a word of one code unit anything may follow, so every bit is set. */
function packBeginnings(words: readonly string[], alphabet: AlphabetImage): Int32Array {
  if (words.some(({ length }) => length === 1)) return Int32Array.of(-1);
  const { size } = alphabet;
  const numberAt = (word: string, index: number): number => numberOf(alphabet, word.charCodeAt(index));
  const pairs = new Set(words.map((word) => beginningOf(size, numberAt(word, 0), numberAt(word, 1))));
  const bits = Math.min(size * size, pairs.size * BITS_PER_PAIR);
  const beginnings = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(1, bits / 32))));
  for (const bit of pairs) {
    const place = (bit >>> 5) & (beginnings.length - 1);
    beginnings[place] = (beginnings[place] ?? 0) | (1 << (bit & 31));
  }
  return beginnings;
}
