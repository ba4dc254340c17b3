/** Builds the automata that automaton.ts runs. */
import {
  begin,
  findEdge,
  halfOf,
  openAutomaton,
  pairHash,
  slotOf,
  step,
  type Automaton,
  type AutomatonImage,
  type EdgeImage,
  type StartImage,
} from './automaton.js';

/** Builds the automaton of words; equal words share the index of the first, empty ones are never found. */
export function buildAutomaton(words: readonly string[]): Automaton {
  return openAutomaton(packAutomaton(words));
}

/** Builds the automaton of words as plain data; see {@link buildAutomaton}. */
export function packAutomaton(words: readonly string[]): AutomatonImage {
  const { first, parents, units, wordOf } = shallowFirst(buildTrie(words));
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
  const beginnings = packBeginnings(words);
  // A failure link points to a shallower state, which has come before.
  for (let state = 1; state < states; state += 1) {
    const parent = parents[state] ?? 0;
    const unit = units[state] ?? 0;
    const fallback =
      parent === 0 ? 0 : step(edges, failure, failure[parent] ?? 0, unit) || begin(start, unit);
    failure[state] = fallback;
    shorter[state] = wordOf[fallback] === -1 ? (shorter[fallback] ?? 0) : fallback;
    const own = words[wordOf[state] ?? -1]?.length ?? 0;
    longest[state] = Math.max(own, longest[fallback] ?? 0);
  }
  return { start, beginnings, edges, failure, longest, word: wordOf, shorter };
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

/** Numbers the states anew: shallow ones, where searches spend their time, lie close together. */
function shallowFirst({ first, parents, units, wordOf }: Trie): Trie {
  const states = parents.length;
  const renamed = new Int32Array(states);
  for (const [index, state] of byDepth(parents).entries()) renamed[state] = index + 1;
  const result = {
    first: new Map([...first].map(([unit, state]) => [unit, renamed[state] ?? 0])),
    parents: new Int32Array(states),
    units: new Uint16Array(states),
    wordOf: new Int32Array(states).fill(-1),
  };
  for (let state = 1; state < states; state += 1) {
    const name = renamed[state] ?? 0;
    result.parents[name] = renamed[parents[state] ?? 0] ?? 0;
    result.units[name] = units[state] ?? 0;
    result.wordOf[name] = wordOf[state] ?? -1;
  }
  return result;
}

/** All states but the start, shallow ones first. */
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

/** With a word of one code unit anything may follow, so every bit is set. */
function packBeginnings(words: readonly string[]): Int32Array {
  if (words.some(({ length }) => length === 1)) return Int32Array.of(-1);
  const pairs = new Set(words.map((word) => pairHash(word.charCodeAt(0), word.charCodeAt(1))));
  // Sixteen bits for each pair: one in sixteen others passes by chance.
  const beginnings = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(1, pairs.size / 2))));
  for (const hash of pairs) {
    const place = (hash >>> 5) & (beginnings.length - 1);
    beginnings[place] = (beginnings[place] ?? 0) | (1 << (hash & 31));
  }
  return beginnings;
}

function createEdges(units: Uint16Array): EdgeImage {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(8, units.length * 1.6)));
  return { table: new Int32Array(slots * 2), units, leaving: new Int32Array(units.length * 2) };
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
