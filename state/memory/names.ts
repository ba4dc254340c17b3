/** Names, each with the latest moment that it was seen at: few in a list that takes little room, many in a map. */
import { inOnePiece } from './one-piece.js';

/** A list, latest first. */
export interface Few {
  readonly name: string;
  readonly at: number;
  next: Few | undefined;
}

export interface Many {
  /** In the order in which they were last seen, and so nearly by moment. */
  readonly moments: Map<string, number>;
  newest: number;
  /** How much earlier a moment may be than one that stands before it. */
  disorder: number;
}

/** `undefined` when there are none. Functions that change names return what is to be kept in their place. */
export type Names = Few | Many | undefined;

/** Names that a list holds; looking through a longer one would take longer than a map. */
const MOST_IN_LIST = 12;

function isMany(names: Few | Many): names is Many {
  return 'moments' in names;
}

export function sizeOf(names: Names): number {
  if (names === undefined) return 0;
  if (isMany(names)) return names.moments.size;
  let size = 0;
  for (let each: Names = names; each !== undefined; each = each.next) size += 1;
  return size;
}

export function momentOf(names: Names, name: string): number | undefined {
  if (names === undefined) return undefined;
  if (isMany(names)) return names.moments.get(name);
  for (let each: Few | undefined = names; each !== undefined; each = each.next)
    if (each.name === name) return each.at;
  return undefined;
}

/** A name was seen; that never makes its moment earlier. */
export function see(names: Names, name: string, at: number): Names {
  if (names === undefined) return { name: inOnePiece(name), at, next: undefined };
  if (isMany(names)) {
    seeAmongMany(names, name, at);
    return names;
  }
  const before = momentOf(names, name);
  if (before !== undefined && before >= at) return names;
  const others = before === undefined ? names : without(names, name);
  const all = insert(others, name, at);
  return sizeOf(all) > MOST_IN_LIST ? manyOf(all) : all;
}

function without(list: Few | undefined, name: string): Few | undefined {
  if (list === undefined) return undefined;
  if (list.name === name) return list.next;
  list.next = without(list.next, name);
  return list;
}

function insert(list: Few | undefined, name: string, at: number): Few {
  if (list === undefined || list.at <= at) return { name: inOnePiece(name), at, next: list };
  list.next = insert(list.next, name, at);
  return list;
}

function manyOf(list: Few): Many {
  const moments = [...entriesOf(list)].reverse();
  return { moments: new Map(moments), newest: list.at, disorder: 0 };
}

function seeAmongMany(many: Many, name: string, at: number): void {
  const { moments, newest } = many;
  const before = moments.get(name);
  if (before !== undefined) {
    if (before >= at) return;
    moments.delete(name);
  }
  moments.set(before === undefined ? inOnePiece(name) : name, at);
  if (at < newest) many.disorder = Math.max(many.disorder, newest - at);
  else many.newest = at;
}

/** Forgets the names that were last seen at a moment or before. */
export function forgetUntil(names: Names, moment: number): Names {
  if (names === undefined) return undefined;
  if (isMany(names)) {
    for (const [name, at] of names.moments) {
      // From here on, all are later.
      if (at > moment + names.disorder) break;
      if (at <= moment) names.moments.delete(name);
    }
    return names.moments.size === 0 ? undefined : names;
  }
  if (names.at <= moment) return undefined;
  let last: Few = names;
  while (last.next !== undefined && last.next.at > moment) last = last.next;
  last.next = undefined;
  return names;
}

/** Names that were seen after a moment. */
export function countAfter(names: Names, moment: number): number {
  if (names === undefined) return 0;
  let count = 0;
  if (!isMany(names)) {
    for (let each: Few | undefined = names; each !== undefined && each.at > moment; each = each.next)
      count += 1;
    return count;
  }
  count = names.moments.size;
  for (const at of names.moments.values()) {
    if (at > moment + names.disorder) break;
    if (at <= moment) count -= 1;
  }
  return count;
}

/** Forgets the name that was not seen for longest. */
export function forgetOldest(names: Many): void {
  let oldest: string | undefined;
  let earliest = Infinity;
  for (const [name, at] of names.moments) {
    if (at > earliest + names.disorder) break;
    if (at < earliest) [oldest, earliest] = [name, at];
  }
  if (oldest !== undefined) names.moments.delete(oldest);
}

/** Forgets names until no more than `most` are left, which is more than a list holds. */
export function limit(names: Names, most: number): void {
  if (names === undefined || !isMany(names)) return;
  while (names.moments.size > most) forgetOldest(names);
}

/** Every name with its moment, in no certain order. */
export function* entriesOf(names: Names): Generator<[name: string, at: number]> {
  if (names === undefined) return;
  if (isMany(names)) yield* names.moments;
  else
    for (let each: Few | undefined = names; each !== undefined; each = each.next) yield [each.name, each.at];
}
