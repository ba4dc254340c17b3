/** The parts of a window and the additions in each. */
import { WINDOW_PARTS } from '../../engine/state.js';

/** The latest part stands by itself: most counts have no other, and take less room without a list. */
export interface Parts {
  part: number;
  /** In the latest part. */
  additions: number;
  /** `[part, additions, part, additions, ...]`, ascending: numbers in one list take the least room. */
  earlier: readonly number[];
}

export const NO_PARTS: readonly number[] = [];

/** The part that a moment is in. */
export function partOf(at: number, window: number): number {
  return Math.floor(at / (window / WINDOW_PARTS));
}

/** The additions in a part and in later ones. */
export function sumFrom({ part, additions, earlier }: Parts, first: number): number {
  let sum = part >= first ? additions : 0;
  for (let index = earlier.length - 2; index >= 0 && at(earlier, index) >= first; index -= 2)
    sum += at(earlier, index + 1);
  return sum;
}

/** Adds one, and forgets the parts that are of no use any more. */
export function addTo(parts: Parts, part: number): void {
  if (part === parts.part) {
    parts.additions += 1;
  } else if (part > parts.part) {
    parts.earlier = from(parts.earlier.concat(parts.part, parts.additions), part - WINDOW_PARTS);
    parts.part = part;
    parts.additions = 1;
  } else {
    parts.earlier = from(withAddition(parts.earlier, part), parts.part - WINDOW_PARTS);
  }
}

function withAddition(earlier: readonly number[], part: number): readonly number[] {
  let place = earlier.length;
  while (place > 0 && at(earlier, place - 2) >= part) place -= 2;
  return at(earlier, place) === part
    ? earlier.with(place + 1, at(earlier, place + 1) + 1)
    : earlier.toSpliced(place, 0, part, 1);
}

/** Without what is before a part. */
function from(earlier: readonly number[], first: number): readonly number[] {
  let begin = 0;
  while (begin < earlier.length && at(earlier, begin) < first) begin += 2;
  return begin === 0 ? earlier : begin === earlier.length ? NO_PARTS : earlier.slice(begin);
}

/** Whether none of the parts is in the window any more. */
export function partsOver({ part }: Parts, now: number, window: number): boolean {
  return part < partOf(now, window) - WINDOW_PARTS;
}

/** As one list, `[part, additions, part, additions, ...]`, ascending. */
export function listOf({ part, additions, earlier }: Parts): readonly number[] {
  return [...earlier, part, additions];
}

/** @returns `undefined` for what {@link listOf} never makes */
export function fromList(list: readonly number[]): Parts | undefined {
  const [part, additions] = list.slice(-2);
  if (part === undefined || additions === undefined || list.length % 2 === 1) return undefined;
  return { part, additions, earlier: list.length === 2 ? NO_PARTS : list.slice(0, -2) };
}

function at(list: readonly number[], index: number): number {
  return list[index] ?? NaN;
}
