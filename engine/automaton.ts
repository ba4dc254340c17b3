/**
 * Finds many words in one pass over a text (Aho and Corasick, 1975).
 *
 * States are numbered; edges live in one open-addressing hash table on typed arrays, so that a hundred
 * thousand words cost a few megabytes and no garbage, and can be handed to another thread. Most steps of a
 * search begin at the start again, so the edges that leave it are looked up without hashing.
 */

export interface Automaton {
  /** The state after one more UTF-16 code unit; 0 is the start. */
  readonly next: (state: number, unit: number) => number;
  /** Length of the longest word that ends in a state; 0 when none does. */
  readonly longest: Int32Array;
  /** Index of the word that a state spells from the start; -1 when it spells none. */
  readonly word: Int32Array;
  /** The nearest shorter state that spells a word that ends here too; 0 when there is none. */
  readonly shorter: Int32Array;
}

/** An automaton as plain data. */
export interface AutomatonImage extends Omit<Automaton, 'next'> {
  readonly start: StartImage;
  readonly edges: EdgeImage;
  /** The state of the longest proper end of what a state spells. */
  readonly failure: Int32Array;
}

/** Builds the automaton of words; equal words share the index of the first, empty ones are never found. */
export function buildAutomaton(words: readonly string[]): Automaton {
  return openAutomaton(packAutomaton(words));
}

/** Builds the automaton of words as plain data; see {@link buildAutomaton}. */
export function packAutomaton(words: readonly string[]): AutomatonImage {
  const { first, parents, units, wordOf } = buildTrie(words);
  const states = parents.length;
  const start = packStart(first);
  // Words share beginnings, so there are fewer edges than there was room for.
  const edges = createEdges(units);
  for (let state = 1; state < states; state += 1) {
    const parent = parents[state] ?? 0;
    if (parent !== 0) insertEdge(edges, parent, state);
  }
  const failure = new Int32Array(states);
  const shorter = new Int32Array(states);
  const longest = new Int32Array(states);
  const next = stepper({ start, edges, failure });
  for (const state of byDepth(parents)) {
    const parent = parents[state] ?? 0;
    const fallback = parent === 0 ? 0 : next(failure[parent] ?? 0, units[state] ?? 0);
    failure[state] = fallback;
    shorter[state] = wordOf[fallback] === -1 ? (shorter[fallback] ?? 0) : fallback;
    const own = words[wordOf[state] ?? -1]?.length ?? 0;
    longest[state] = Math.max(own, longest[fallback] ?? 0);
  }
  return { start, edges, failure, longest, word: wordOf, shorter };
}

/** Makes an automaton of its plain data, at no cost. */
export function openAutomaton(image: AutomatonImage): Automaton {
  const { longest, word, shorter } = image;
  return { next: stepper(image), longest, word, shorter };
}

function stepper({
  start,
  edges,
  failure,
}: Pick<AutomatonImage, 'start' | 'edges' | 'failure'>): Automaton['next'] {
  const { pageOf, targets } = start;
  return (state, unit) => {
    let from = state;
    while (from !== 0) {
      if (mayHaveEdge(edges, from, unit)) {
        const target = findEdge(edges, from, unit);
        if (target !== 0) return target;
      }
      from = failure[from] ?? 0;
    }
    return targets[((pageOf[unit >> 8] ?? 0) << 8) | (unit & 255)] ?? 0;
  };
}

interface Trie {
  /** By code unit, the state that it leads to from the start. */
  readonly first: ReadonlyMap<number, number>;
  /** By state: the state before, the code unit that leads from there, the word that is spelt; -1 for none. */
  readonly parents: Int32Array;
  readonly units: Uint16Array;
  readonly wordOf: Int32Array;
}

function buildTrie(words: readonly string[]): Trie {
  const most = words.reduce((sum, word) => sum + word.length, 1);
  const parents = new Int32Array(most);
  const units = new Uint16Array(most);
  const wordOf = new Int32Array(most).fill(-1);
  const edges = createEdges(units);
  const first = new Map<number, number>();
  let states = 1;
  for (const [index, word] of words.entries()) {
    let state = 0;
    for (let position = 0; position < word.length; position += 1) {
      const unit = word.charCodeAt(position);
      let target = state === 0 ? (first.get(unit) ?? 0) : findEdge(edges, state, unit);
      if (target === 0) {
        target = states;
        states += 1;
        parents[target] = state;
        units[target] = unit;
        if (state === 0) first.set(unit, target);
        else insertEdge(edges, state, target);
      }
      state = target;
    }
    if (state !== 0 && wordOf[state] === -1) wordOf[state] = index;
  }
  return {
    first,
    parents: parents.slice(0, states),
    units: units.slice(0, states),
    wordOf: wordOf.slice(0, states),
  };
}

/** All states but the start, shallow ones first: a failure link points to a shallower state. */
function byDepth(parents: Int32Array): Int32Array {
  const states = parents.length;
  const depths = new Int32Array(states);
  const count: number[] = [0];
  for (let state = 1; state < states; state += 1) {
    const depth = (depths[parents[state] ?? 0] ?? 0) + 1;
    depths[state] = depth;
    count[depth] = (count[depth] ?? 0) + 1;
  }
  const start: number[] = [];
  let sum = 0;
  for (const [depth, number] of count.entries()) {
    start[depth] = sum;
    sum += number;
  }
  const order = new Int32Array(Math.max(0, states - 1));
  for (let state = 1; state < states; state += 1) {
    const depth = depths[state] ?? 0;
    const slot = start[depth] ?? 0;
    order[slot] = state;
    start[depth] = slot + 1;
  }
  return order;
}

/** The edges that leave the start, in pages of 256 code units. */
interface StartImage {
  /** Page of a code unit by its upper byte; page 0 has no edges. */
  readonly pageOf: Uint16Array;
  readonly targets: Int32Array;
}

function packStart(first: ReadonlyMap<number, number>): StartImage {
  const pageOf = new Uint16Array(256);
  let pages = 1;
  for (const unit of first.keys()) {
    if (pageOf[unit >> 8] !== 0) continue;
    pageOf[unit >> 8] = pages;
    pages += 1;
  }
  const targets = new Int32Array(pages << 8);
  for (const [unit, target] of first) targets[((pageOf[unit >> 8] ?? 0) << 8) | (unit & 255)] = target;
  return { pageOf, targets };
}

/** All other edges. */
interface EdgeImage {
  /** Pairs of the state that an edge leaves and the one it leads to; 0 is free. A power of two long. */
  readonly table: Int32Array;
  /** By state, the code unit that leads to it. */
  readonly units: Uint16Array;
  /** By state, 64 bits: the lower six bits of the units that leave it. Spares most searches in the table. */
  readonly leaving: Int32Array;
}

function createEdges(units: Uint16Array): EdgeImage {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(8, units.length * 1.6)));
  return { table: new Int32Array(slots * 2), units, leaving: new Int32Array(units.length * 2) };
}

/** Which of the two halves of the 64 bits of a state a unit is in. */
function halfOf(state: number, unit: number): number {
  return (state << 1) | ((unit >> 5) & 1);
}

function mayHaveEdge({ leaving }: EdgeImage, state: number, unit: number): boolean {
  return (((leaving[halfOf(state, unit)] ?? 0) >>> (unit & 31)) & 1) === 1;
}

/** Where a search in the table begins, still to be cut to its length. */
function slotOf(state: number, unit: number): number {
  const mixed = Math.imul(state, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) << 1;
}

/** The state that an edge leads to; 0 when there is none. */
function findEdge({ table, units }: EdgeImage, state: number, unit: number): number {
  const mask = table.length - 1;
  let slot = slotOf(state, unit) & mask;
  for (;;) {
    const source = table[slot];
    const target = table[slot + 1] ?? 0;
    if (source === 0 || (source === state && units[target] === unit)) return target;
    slot = (slot + 2) & mask;
  }
}

/** Adds an edge that is not there yet. */
function insertEdge({ table, units, leaving }: EdgeImage, state: number, target: number): void {
  const unit = units[target] ?? 0;
  const half = halfOf(state, unit);
  leaving[half] = (leaving[half] ?? 0) | (1 << (unit & 31));
  const mask = table.length - 1;
  let slot = slotOf(state, unit) & mask;
  while (table[slot] !== 0) slot = (slot + 2) & mask;
  table[slot] = state;
  table[slot + 1] = target;
}
