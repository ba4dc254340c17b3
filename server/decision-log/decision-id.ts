/** IDs of decisions: short, unique among all processes, in the order of time, and cheap. */
import { randomInt } from 'node:crypto';

/** Digits of base 36: until the year 2059, 46,656 a millisecond, one in 60 million processes. */
const TIME_DIGITS = 8;
const COUNT_DIGITS = 3;
const PROCESS_DIGITS = 5;
const COUNTS = 36 ** COUNT_DIGITS;

/** Makes the next ID: 16 characters of 0-9 and a-z, each greater than the ones before. */
export type DecisionIds = () => string;

function digits(number: number, width: number): string {
  return number.toString(36).padStart(width, '0');
}

/**
 * @param now milliseconds since 1970; a clock that is set back does not bring old IDs again
 * @param process a number below 36 ** 5 that tells this process from others
 */
export function createDecisionIds(
  now: () => number = Date.now,
  process = randomInt(36 ** PROCESS_DIGITS),
): DecisionIds {
  const suffix = digits(process, PROCESS_DIGITS);
  let moment = -1;
  let prefix = '';
  let count = 0;
  return () => {
    const current = now();
    count += 1;
    if (current > moment || count === COUNTS) {
      moment = Math.max(current, moment + 1);
      prefix = digits(moment, TIME_DIGITS);
      count = 0;
    }
    return prefix + digits(count, COUNT_DIGITS) + suffix;
  };
}

const SAMPLE_RANGE = 2 ** 32;

/**
 * Whether a decision belongs to a sample: the same ID always gives the same answer, so that whoever holds
 * an ID knows whether there is a line.
 *
 * @param share from 0 (none) to 1 (all)
 */
export function isSampled(id: string, share: number): boolean {
  // FNV-1a, finished with the mixer of MurmurHash3: consecutive IDs differ in few characters.
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / SAMPLE_RANGE < share;
}
