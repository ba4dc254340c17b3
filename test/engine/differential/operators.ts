/**
 * What the operators mean, written a second time from their descriptions alone and as plainly as possible:
 * no index, no automaton, nothing prepared. An absent fact is `undefined`.
 */
import { BlockList, isIPv6 } from 'node:net';
import type { OperatorName } from '../../../engine/operators.js';

/** @param right the value as it stands in YAML, a named list already replaced by its entries */
export type PlainOperator = (left: unknown, right: unknown) => boolean;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const textsOf = (value: unknown): readonly string[] => listOf(value).map(String);

const has = (left: unknown, right: unknown): boolean =>
  typeof left === 'string' ? left.includes(String(right)) : listOf(left).includes(right);

const isIn = (left: unknown, right: unknown): boolean => listOf(right).includes(left);

/** A time may stand in YAML as ISO 8601 text. */
const comparable = (value: unknown): unknown => (typeof value === 'string' ? Date.parse(value) : value);
const isSame = (left: unknown, right: unknown): boolean =>
  left === (typeof left === 'number' ? comparable(right) : right);

const ordered =
  (holds: (left: number, right: number) => boolean): PlainOperator =>
  (left, right) =>
    holds(Number(left), Number(comparable(right)));

function withoutDisguise(text: string): string {
  return text
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .toLowerCase();
}

const hasWord = (left: unknown, right: unknown): boolean => {
  if (typeof left !== 'string') return listOf(left).some((entry) => isIn(entry, right));
  return textsOf(right).some((word) => withoutDisguise(left).includes(withoutDisguise(word)));
};

/** The patterns of this test mean the same in both dialects, but for the way to ignore case. */
const finds = (left: unknown, right: unknown): boolean => {
  const pattern = String(right);
  const ignoresCase = pattern.startsWith('(?i)');
  const expression = new RegExp(ignoresCase ? pattern.slice(4) : pattern, ignoresCase ? 'iu' : 'u');
  return textsOf(left).some((text) => expression.test(text));
};

const isInNetwork = (left: unknown, right: unknown): boolean => {
  const networks = new BlockList();
  for (const network of textsOf(right)) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    networks.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return networks.check(String(left), isIPv6(String(left)) ? 'ipv6' : 'ipv4');
};

const lengthOf = (value: unknown): number =>
  (typeof value === 'string' ? Array.from(value) : listOf(value)).length;

const MINUTE = 60_000;
const DAY = 24 * 60;
/** Both zones have kept their distance to UTC since 1991. */
const OFFSET: Readonly<Record<string, number>> = { UTC: 0, 'Asia/Shanghai': 8 * 60 };
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function clock(time: unknown, zone: string): { readonly minute: number; readonly day: string | undefined } {
  const local = Math.floor(Number(time) / MINUTE) + (OFFSET[zone] ?? NaN);
  // 1 January 1970 was a Thursday.
  return { minute: local % DAY, day: WEEKDAYS[(Math.floor(local / DAY) + 4) % 7] };
}

export interface ClockValue {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

const isBetweenTimes = (left: unknown, right: unknown): boolean => {
  const { from, to, zone } = right as ClockValue;
  const [start, end] = [minuteOf(from), minuteOf(to)];
  const { minute } = clock(left, zone);
  return start < end ? start <= minute && minute < end : minute >= start || minute < end;
};

export interface WeekdayValue {
  readonly days: readonly string[];
  readonly zone: string;
}

const isOnDay = (left: unknown, right: unknown): boolean => {
  const { days, zone } = right as WeekdayValue;
  return days.includes(clock(left, zone).day ?? '');
};

const not =
  (operator: PlainOperator): PlainOperator =>
  (left, right) =>
    !operator(left, right);

/** For facts that are there. */
const MEANINGS: Readonly<Record<Exclude<OperatorName, 'exists'>, PlainOperator>> = {
  equal: isSame,
  notEqual: not(isSame),
  in: isIn,
  notIn: not(isIn),
  contains: has,
  doesNotContain: not(has),
  lessThan: ordered((left, right) => left < right),
  lessThanInclusive: ordered((left, right) => left <= right),
  greaterThan: ordered((left, right) => left > right),
  greaterThanInclusive: ordered((left, right) => left >= right),
  between: (left, right) => {
    const [low, high] = listOf(right).map(comparable).map(Number);
    return Number(left) >= Number(low) && Number(left) <= Number(high);
  },
  startsWith: (left, right) => textsOf(right).some((text) => String(left).startsWith(text)),
  endsWith: (left, right) => textsOf(right).some((text) => String(left).endsWith(text)),
  matches: finds,
  containsAny: hasWord,
  containsNone: not(hasWord),
  inCidr: isInNetwork,
  lengthAtLeast: (left, right) => lengthOf(left) >= Number(right),
  lengthAtMost: (left, right) => lengthOf(left) <= Number(right),
  timeOfDayBetween: isBetweenTimes,
  weekday: isOnDay,
};

/** All operators; the rule for absent facts is put before each. */
export const PLAIN_OPERATORS: ReadonlyMap<string, PlainOperator> = new Map([
  ['exists', (left, right) => (left !== undefined) === right],
  ...Object.entries(MEANINGS).map(([name, operator]): [string, PlainOperator] => [
    name,
    (left, right) => left !== undefined && right !== undefined && operator(left, right),
  ]),
]);
