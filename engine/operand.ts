/**
 * What operators compare with: one row for each kind of operand.
 *
 * A row checks a value from YAML and turns it into the form that operators work on, or says in words
 * what was wanted.
 */
import { RE2JS } from 're2js';
import type { FactType } from './facts.js';
import { createList, type List } from './list.js';
import { parseNetwork, type Network } from './networks.js';

/** A checked operand. */
export type Operand =
  | string
  | number
  | boolean
  | List
  | RE2JS
  | readonly Network[]
  | readonly [number, number]
  | ReadonlySet<number>
  | ClockRange
  | WeekdaySet;

/** Minutes since midnight, from inclusive, to exclusive; a range over midnight has `from > to`. */
export interface ClockRange {
  readonly from: number;
  readonly to: number;
  readonly zone: string;
}

export interface WeekdaySet {
  readonly days: ReadonlySet<Weekday>;
  readonly zone: string;
}

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Why a value is not an operand, when more can be said than what was wanted. */
export class OperandError {
  constructor(readonly message: string) {}
}

export interface OperandKind {
  /** What is wanted, for documentation and messages: "a text", "a list of networks". */
  readonly wants: string;
  /** Whether `value: { list: name }` may stand for it. */
  readonly takesList: boolean;
  /** An example in YAML flow style. */
  readonly example: string;
  /** @returns the operand, or `undefined` when the value is not one */
  parse(value: unknown, factType: FactType): Operand | OperandError | undefined;
  /** Turns a named list into the operand; only where `takesList`. */
  fromList?(list: List): Operand | OperandError;
}

/** An ISO 8601 time as operands write it: a date, or a date with a time and a zone. */
export const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !TIME.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

function parseScalar(value: unknown, type: FactType): string | number | boolean | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'time':
      return parseTime(value);
    case 'strings':
      return undefined;
  }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function parseNetworks(texts: readonly string[]): readonly Network[] | undefined {
  const networks = texts.map(parseNetwork);
  return networks.every((network) => network !== undefined) ? networks : undefined;
}

/** A time of day. */
export const CLOCK = /^([01]\d|2[0-4]):([0-5]\d)$/;

function parseClock(value: unknown): number | undefined {
  const match = typeof value === 'string' ? CLOCK.exec(value) : null;
  if (match === null) return undefined;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return minutes <= 1440 ? minutes : undefined;
}

function isTimeZone(value: unknown): value is string {
  if (typeof value !== 'string' || value === '') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function hasExactly(value: unknown, keys: readonly string[]): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const found = Object.keys(value);
  return found.length === keys.length && keys.every((key) => found.includes(key));
}

export const OPERANDS = {
  same: {
    wants: "one value of the fact's own type",
    takesList: false,
    example: '"alice"',
    parse: parseScalar,
  },
  order: {
    wants: 'a number, or for a time an ISO 8601 text or milliseconds',
    takesList: false,
    example: '20',
    parse: (value, type) => (type === 'time' ? parseTime(value) : parseScalar(value, 'number')),
  },
  members: {
    wants: "a list of values of the fact's own type",
    takesList: true,
    example: '[alice, bob]',
    parse: (value, type) => {
      if (type === 'string') return isTextList(value) ? createList('', value) : undefined;
      if (!Array.isArray(value) || value.length === 0) return undefined;
      const numbers = value.map((item) => parseScalar(item, type));
      return numbers.every((item) => typeof item === 'number') ? new Set(numbers) : undefined;
    },
    fromList: (list) => list,
  },
  text: {
    wants: 'a text',
    takesList: false,
    example: '"http://"',
    parse: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
  },
  texts: {
    wants: 'a text or a list of texts',
    takesList: true,
    example: '[bot_, test_]',
    parse: (value) => {
      if (typeof value === 'string') return value === '' ? undefined : createList('', [value]);
      return isTextList(value) && !value.includes('') ? createList('', value) : undefined;
    },
    fromList: (list) => list,
  },
  words: {
    wants: 'a list of words',
    takesList: true,
    example: '[loan, "赌博"]',
    parse: (value) => (isTextList(value) && !value.includes('') ? createList('', value) : undefined),
    fromList: (list) => list,
  },
  pattern: {
    wants: 'a regular expression (RE2 syntax: no look-around, no back-references)',
    takesList: false,
    example: "'(?i)\\bfree\\s+coins\\b'",
    parse: (value) => {
      if (typeof value !== 'string' || value === '') return undefined;
      try {
        return RE2JS.compile(value);
      } catch (error) {
        return new OperandError(error instanceof Error ? error.message : String(error));
      }
    },
  },
  networks: {
    wants: 'an address or network (10.0.0.0/8, 2001:db8::/32), or a list of them',
    takesList: true,
    example: '[10.0.0.0/8, 192.0.2.7]',
    parse: (value) => {
      if (typeof value === 'string') return parseNetworks([value]);
      return isTextList(value) ? parseNetworks(value) : undefined;
    },
    fromList: (list) => {
      // Entries that are no networks can come and go: they hold no address.
      if (list.live !== undefined) return list;
      const wrong = list.entries.find((entry) => parseNetwork(entry) === undefined);
      return wrong === undefined
        ? (parseNetworks(list.entries) ?? [])
        : new OperandError(`its entry "${wrong}" is no address or network`);
    },
  },
  range: {
    wants: 'two numbers (or times), the lower first',
    takesList: false,
    example: '[1, 5]',
    parse: (value, type) => {
      if (!Array.isArray(value) || value.length !== 2) return undefined;
      const [low, high] = value.map((item) =>
        type === 'time' ? parseTime(item) : parseScalar(item, 'number'),
      );
      return typeof low === 'number' && typeof high === 'number' && low <= high ? [low, high] : undefined;
    },
  },
  flag: {
    wants: 'true or false',
    takesList: false,
    example: 'true',
    parse: (value) => (typeof value === 'boolean' ? value : undefined),
  },
  count: {
    wants: 'a whole number from 0',
    takesList: false,
    example: '500',
    parse: (value) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined,
  },
  clock: {
    wants: 'from and to as "HH:MM" and a time zone',
    takesList: false,
    example: '{ from: "22:00", to: "06:00", zone: Asia/Shanghai }',
    parse: (value): ClockRange | undefined => {
      if (!hasExactly(value, ['from', 'to', 'zone'])) return undefined;
      const from = parseClock(value['from']);
      const to = parseClock(value['to']);
      const zone = value['zone'];
      return from !== undefined && to !== undefined && from !== to && isTimeZone(zone)
        ? { from, to, zone }
        : undefined;
    },
  },
  days: {
    wants: 'days (mon, tue, wed, thu, fri, sat, sun) and a time zone',
    takesList: false,
    example: '{ days: [sat, sun], zone: Asia/Shanghai }',
    parse: (value): WeekdaySet | undefined => {
      if (!hasExactly(value, ['days', 'zone'])) return undefined;
      const { days, zone } = value;
      if (!isTextList(days) || !isTimeZone(zone)) return undefined;
      const known = days.map((day) => WEEKDAYS.find((weekday) => weekday === day));
      return known.every((day) => day !== undefined) ? { days: new Set(known), zone } : undefined;
    },
  },
} as const satisfies Readonly<Record<string, OperandKind>>;

export type OperandName = keyof typeof OPERANDS;
