/**
 * Cells by key, no more than so many. They are spread over several maps: one that holds a million entries is
 * copied whole when it grows, and nothing else happens meanwhile.
 */
import { clear, weigh, type Cell } from './cell.js';
import type { Cells } from './carry-out.js';
import { inOnePiece } from './one-piece.js';

export interface Table extends Cells {
  /** Lets go of what is over among the next cells, and of some cells when they take too much room. */
  tidy(now: number, steps: number): void;
  /** Removes a key. @returns its cell */
  release(key: string): Cell | undefined;
  keys(): number;
  /** Keys that were dropped because there were too many. */
  dropped(): number;
  /**
   * Every key with its cell, in no certain order; what changes meanwhile may be there, or not, or twice. Lets go of
   * what is over, and tells nothing but the key then.
   */
  living(now: number): Iterable<readonly [key: string, cell: Cell | undefined]>;
}

export interface TableOptions {
  readonly maxKeys: number;
  /** Told of each key that is dropped because there are too many. */
  readonly onDropped: () => void;
}

const KEYS_PER_MAP = 4096;
const MOST_MAPS = 1024;
/** Keys and names in all cells together, as a multiple of the keys that there may be. */
const MOST_WEIGHT = 4;

export function createTable({ maxKeys, onDropped }: TableOptions): Table {
  const size = 2 ** Math.ceil(Math.log2(Math.min(MOST_MAPS, Math.max(1, maxKeys / KEYS_PER_MAP))));
  const maps = Array.from({ length: size }, () => new Map<string, Cell>());
  const [first = new Map<string, Cell>()] = maps;
  const hand = { map: 0, entries: first.entries() };
  let keys = 0;
  let weight = 0;
  let dropped = 0;

  function indexOf(key: string): number {
    let hash = 0;
    for (let index = 0; index < key.length; index += 1)
      hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
    return (hash ^ (hash >>> 15)) & (size - 1);
  }

  const mapAt = (index: number): Map<string, Cell> => maps[index & (size - 1)] ?? first;
  const mapOf = (key: string): Map<string, Cell> => mapAt(indexOf(key));

  /** Looks at the next cell. @returns `undefined` when one of the maps is at its end */
  function next(): [string, Cell] | undefined {
    const { done, value } = hand.entries.next();
    if (done !== true) return value;
    hand.map += 1;
    hand.entries = mapAt(hand.map).entries();
    return undefined;
  }

  function release(key: string): Cell | undefined {
    const map = mapOf(key);
    const cell = map.get(key);
    if (cell === undefined) return undefined;
    map.delete(key);
    keys -= 1;
    weight -= weigh(cell);
    return cell;
  }

  /** @returns whether anything is left of the cell */
  function tend(key: string, cell: Cell, now: number): boolean {
    weight -= weigh(cell);
    const isOver = clear(cell, now);
    weight += weigh(cell);
    if (isOver) release(key);
    return !isOver;
  }

  /**
   * Drops one key of a map, or of the next one that has any. A map is a queue: who comes to its front and was used
   * meanwhile goes to its end again, so that the one is dropped that was not used for about the longest time.
   */
  function drop(index: number): void {
    for (let step = 0; step < size; step += 1) {
      const map = mapAt(index + step);
      for (const [key, cell] of map) {
        if (!cell.isUsed) {
          release(key);
          dropped += 1;
          onDropped();
          return;
        }
        cell.isUsed = false;
        map.delete(key);
        map.set(key, cell);
      }
    }
  }

  return {
    find(key, type) {
      const cell = mapOf(key).get(key);
      if (cell === undefined || !isOf(cell, type)) return undefined;
      cell.isUsed = true;
      return cell;
    },
    put(key, cell) {
      release(key);
      const index = indexOf(key);
      if (keys >= maxKeys) drop(index);
      mapAt(index).set(inOnePiece(key), cell);
      keys += 1;
      weight += weigh(cell);
    },
    remove: release,
    grew: (names) => void (weight += names),
    tidy(now, steps) {
      for (let step = 0; step < steps; step += 1) {
        if (weight > maxKeys * MOST_WEIGHT) drop(hand.map);
        const entry = next();
        if (entry !== undefined) tend(...entry, now);
      }
    },
    release,
    keys: () => keys,
    dropped: () => dropped,
    *living(now) {
      for (const map of maps)
        for (const [key, cell] of map) yield [key, tend(key, cell, now) ? cell : undefined];
    },
  };
}

function isOf<Type extends Cell['type']>(cell: Cell, type: Type): cell is Extract<Cell, { type: Type }> {
  return cell.type === type;
}
