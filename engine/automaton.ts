/**
 * Finds many words in one pass over a text (Aho and Corasick, 1975).
 *
 * States are numbered; edges live in one open-addressing hash table on typed arrays, so that a hundred
 * thousand words cost a few megabytes and no garbage, and can be handed to another thread.
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
  const units = words.reduce((sum, word) => sum + word.length, 0);
  const trie = createEdgeTable(units);
  const wordOf = new Int32Array(units + 1).fill(-1);
  const parents = new Int32Array(units + 1);
  const arrivals = new Uint16Array(units + 1);
  let states = 1;
  for (const [index, word] of words.entries()) {
    let state = 0;
    for (let position = 0; position < word.length; position += 1) {
      const unit = word.charCodeAt(position);
      let target = trie.get(state, unit);
      if (target === -1) {
        target = states;
        states += 1;
        trie.set(state, unit, target);
        parents[target] = state;
        arrivals[target] = unit;
      }
      state = target;
    }
    if (state !== 0 && wordOf[state] === -1) wordOf[state] = index;
  }

  // Words share beginnings, so there are fewer edges than there was room for.
  const edges = createEdgeTable(states);
  for (let state = 1; state < states; state += 1) edges.set(parents[state] ?? 0, arrivals[state] ?? 0, state);
  const failure = new Int32Array(states);
  const shorter = new Int32Array(states);
  const longest = new Int32Array(states);
  const next = stepper(edges, failure);
  for (const state of byDepth(parents, states)) {
    const parent = parents[state] ?? 0;
    const fallback = parent === 0 ? 0 : next(failure[parent] ?? 0, arrivals[state] ?? 0);
    failure[state] = fallback;
    shorter[state] = wordOf[fallback] === -1 ? (shorter[fallback] ?? 0) : fallback;
    const own = words[wordOf[state] ?? -1]?.length ?? 0;
    longest[state] = Math.max(own, longest[fallback] ?? 0);
  }
  return { edges: edges.image, failure, longest, word: wordOf.slice(0, states), shorter };
}

/** Makes an automaton of its plain data, at no cost. */
export function openAutomaton({ edges, failure, longest, word, shorter }: AutomatonImage): Automaton {
  return { next: stepper(openEdgeTable(edges), failure), longest, word, shorter };
}

function stepper(edges: EdgeTable, failure: Int32Array): Automaton['next'] {
  return (state, unit) => {
    let from = state;
    for (;;) {
      const target = edges.get(from, unit);
      if (target !== -1) return target;
      if (from === 0) return 0;
      from = failure[from] ?? 0;
    }
  };
}

/** All states but the root, shallow ones first: a failure link points to a shallower state. */
function byDepth(parents: Int32Array, states: number): Int32Array {
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

interface EdgeTable {
  /** Target of an edge, or -1. */
  get(state: number, unit: number): number;
  set(state: number, unit: number, target: number): void;
  readonly image: EdgeImage;
}

/** Slots of the hash table; their number is a power of two. */
interface EdgeImage {
  /** State that the edge leaves; -1 when the slot is free. */
  readonly sources: Int32Array;
  readonly units: Uint16Array;
  readonly targets: Int32Array;
}

function createEdgeTable(capacity: number): EdgeTable {
  const size = 2 ** Math.ceil(Math.log2(Math.max(8, capacity * 1.6)));
  return openEdgeTable({
    sources: new Int32Array(size).fill(-1),
    units: new Uint16Array(size),
    targets: new Int32Array(size),
  });
}

function openEdgeTable(image: EdgeImage): EdgeTable {
  const { sources, units, targets } = image;
  const size = sources.length;
  const slotOf = (state: number, unit: number): number => {
    let slot = (Math.imul(state, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & (size - 1);
    while (sources[slot] !== -1 && (sources[slot] !== state || units[slot] !== unit)) {
      slot = (slot + 1) & (size - 1);
    }
    return slot;
  };
  return {
    image,
    get(state, unit) {
      const slot = slotOf(state, unit);
      return sources[slot] === -1 ? -1 : (targets[slot] ?? -1);
    },
    set(state, unit, target) {
      const slot = slotOf(state, unit);
      sources[slot] = state;
      units[slot] = unit;
      targets[slot] = target;
    },
  };
}
