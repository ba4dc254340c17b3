/** When entries go, as people write it. */
import { parseDuration } from '../../engine/duration.js';

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

export const UNTIL_WORDS =
  'a day such as 2026-12-31, or a moment with its zone such as 2026-12-31T18:00:00+08:00';
export const FOR_WORDS = 'a length of time such as 30m, 12h or 7d, a year at most';

/**
 * Reads a moment. A day means its end, in the time zone of this machine.
 *
 * @returns milliseconds since 1970; `undefined` for anything else
 */
export function parseUntil(text: string): number | undefined {
  if (MOMENT.test(text)) {
    const time = Date.parse(text);
    return Number.isNaN(time) ? undefined : time;
  }
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (day === undefined) return undefined;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const begin = new Date(y, m - 1, d);
  const isThere = begin.getMonth() === m - 1 && begin.getDate() === d;
  return isThere ? new Date(y, m - 1, d + 1).getTime() : undefined;
}

/** Reads a length of time, from now. @returns milliseconds since 1970; `undefined` for anything else */
export function parseFor(text: string, now: number): number | undefined {
  const length = parseDuration(text);
  return length === undefined ? undefined : now + length;
}
