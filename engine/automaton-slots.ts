/** Gives each state of an automaton its slot in the double array. */
import type { Trie } from './automaton-trie.js';
import { BASE, FIELDS, LEAVING, numberOf, NOWHERE, ORIGIN, type AlphabetImage } from './automaton.js';

export interface Placement {
  /** As the automaton has them, failure links and ends of words excepted. */
  readonly states: Int32Array;
  /** The states by their old numbers, shallow ones first. */
  readonly order: Int32Array;
  /** Slots by the old numbers. */
  readonly slotOf: Int32Array;
}

/** States that are dealt with in one step: a millisecond or two. */
const STEP = 8192;

/**
 * Places the states, shallow ones first, so that those where searches spend their time lie close together.
 * In steps of a few milliseconds for a million states.
 */
export function* placeStates(trie: Trie, alphabet: AlphabetImage): Generator<undefined, Placement> {
  const { count, units } = trie;
  const family = yield* familyOf(trie);
  const room = createRoom(count + alphabet.size);
  const order = new Int32Array(count);
  const slotOf = new Int32Array(count);
  const numbers = new Int32Array(alphabet.size);
  let known = 1;
  yield;
  for (let next = 0; next < known; next += 1) {
    const state = order[next] ?? 0;
    const first = family.starts[state] ?? 0;
    const size = (family.starts[state + 1] ?? 0) - first;
    for (let each = 0; each < size; each += 1) {
      const child = family.children[first + each] ?? 0;
      numbers[each] = numberOf(alphabet, units[child] ?? 0);
      order[known] = child;
      known += 1;
    }
    const origin = slotOf[state] ?? 0;
    // Edges of the start need no search: their base is 0.
    const base = size === 0 || state === 0 ? 0 : room.baseFor(numbers, size);
    room.take(origin, base, numbers, size);
    for (let each = 0; each < size; each += 1) {
      slotOf[family.children[first + each] ?? 0] = base + (numbers[each] ?? 0);
    }
    if (next % STEP === STEP - 1) yield;
  }
  yield;
  // A search may look as far beyond the last state as there are numbers.
  return { states: room.cut(alphabet.size), order, slotOf };
}

/** The states that edges lead to, by the state that they leave. */
interface Family {
  /** Where the children of each state begin, and at last where the last ones end. */
  readonly starts: Int32Array;
  readonly children: Int32Array;
}

function* familyOf({ count, parents }: Trie): Generator<undefined, Family> {
  const starts = new Int32Array(count + 2);
  for (let state = 1; state < count; state += 1) {
    const parent = parents[state] ?? 0;
    starts[parent + 2] = (starts[parent + 2] ?? 0) + 1;
  }
  for (let state = 2; state < starts.length; state += 1) {
    starts[state] = (starts[state] ?? 0) + (starts[state - 1] ?? 0);
  }
  yield;
  const children = new Int32Array(count);
  // Filling moves each start to where the next state's children begin.
  for (let state = 1; state < count; state += 1) {
    const parent = parents[state] ?? 0;
    const place = starts[parent + 1] ?? 0;
    children[place] = state;
    starts[parent + 1] = place + 1;
  }
  return { starts, children };
}

/** Bases that are tried for one state; a base behind all others always fits. */
const MOST_TRIES = 256;

/** Slots, free and taken. */
interface Room {
  /** A base from which so many of the numbers lead to free slots. */
  readonly baseFor: (numbers: Int32Array, size: number) => number;
  /** Gives the edges of a state their slots. */
  readonly take: (state: number, base: number, numbers: Int32Array, size: number) => void;
  /** The slots that are taken, and so many more. */
  readonly cut: (more: number) => Int32Array;
}

function createRoom(expected: number): Room {
  let states = new Int32Array(0);
  /** By slot, a slot at or after it before which none is free; itself when it is free. */
  let free = new Int32Array(0);
  let end = 1;
  /** By the order of magnitude of how many edges there are, where the last search for a base ended. */
  const searched = new Int32Array(32);

  function reach(slots: number): void {
    const before = free.length;
    if (slots <= before) return;
    const after = Math.max(slots, Math.ceil(before * 1.5));
    states = enlarge(states, after * FIELDS);
    free = enlarge(free, after);
    for (let slot = before; slot < after; slot += 1) {
      free[slot] = slot;
      states[slot * FIELDS + ORIGIN] = NOWHERE;
    }
  }

  function firstFree(from: number): number {
    let slot = from;
    for (;;) {
      reach(slot + 1);
      const next = free[slot] ?? slot;
      if (next === slot) return slot;
      reach(next + 1);
      // Halves the way for those who come after.
      free[slot] = free[next] ?? next;
      slot = next;
    }
  }

  function fits(base: number, numbers: Int32Array, size: number): boolean {
    for (let each = 0; each < size; each += 1) {
      const slot = base + (numbers[each] ?? 0);
      if (slot < end && free[slot] !== slot) return false;
    }
    return true;
  }

  reach(expected + 1);
  free[0] = 1;
  return {
    baseFor(numbers, size) {
      let lowest = numbers[0] ?? 0;
      for (let each = 1; each < size; each += 1) lowest = Math.min(lowest, numbers[each] ?? 0);
      // What so many edges did not fit into will hardly have room for others.
      const magnitude = 31 - Math.clz32(size);
      let slot = firstFree(Math.max(lowest, searched[magnitude] ?? 0));
      for (let tries = 1; !fits(slot - lowest, numbers, size); tries += 1) {
        slot = firstFree(tries < MOST_TRIES ? slot + 1 : Math.max(slot, end));
      }
      searched[magnitude] = slot;
      return slot - lowest;
    },
    take(state, base, numbers, size) {
      let leaving = 0;
      for (let each = 0; each < size; each += 1) {
        const number = numbers[each] ?? 0;
        const slot = base + number;
        reach(slot + 1);
        leaving |= 1 << (number & 31);
        free[slot] = slot + 1;
        states[slot * FIELDS + ORIGIN] = state;
        end = Math.max(end, slot + 1);
      }
      states[state * FIELDS + BASE] = base << 1;
      states[state * FIELDS + LEAVING] = leaving;
    },
    cut(more) {
      reach(end + more);
      return states.slice(0, (end + more) * FIELDS);
    },
  };
}

function enlarge(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(numbers);
  return larger;
}
