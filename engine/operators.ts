/**
 * The operators: one row each, with the facts they apply to, what they compare with, and the test.
 *
 * The names of json-rules-engine keep working. An absent fact makes every test false except that of
 * `exists`; so `notEqual`, `notIn`, `doesNotContain` and `containsNone` want a fact that is there.
 */
import { RE2JS } from 're2js';
import type { FactType, FactValue } from './facts.js';
import type { List } from './list.js';
import type { LiveContents } from './live/live-lists.js';
import { isInNetwork, type Network } from './networks.js';
import { WEEKDAYS, type ClockRange, type Operand, type OperandName, type WeekdaySet } from './operand.js';
import { codePointCount } from './text.js';

/** A test of a fact that is there. */
export type Test = (value: FactValue) => boolean;

export interface OperatorDefinition {
  readonly meaning: string;
  /** Types of facts that it applies to. */
  readonly facts: readonly FactType[];
  readonly operand: OperandName;
  /** Types of facts that `value: { fact: name }` may name, by type of the fact on the left. */
  readonly otherFact?: Readonly<Partial<Record<FactType, FactType>>>;
  /**
   * Builds the test. The operand has passed the checks of its kind, or is the value of another fact of
   * the type that `otherFact` names.
   */
  readonly prepare: (operand: Operand | FactValue) => Test;
}

const SCALARS = ['string', 'number', 'boolean', 'time'] as const;
const ORDERED = ['number', 'time'] as const;
const SAME = { string: 'string', number: 'number', boolean: 'boolean', time: 'time' } as const;
const MEMBER = { string: 'string', strings: 'string' } as const;

const not =
  (prepare: (operand: Operand | FactValue) => Test) =>
  (operand: Operand | FactValue): Test => {
    const test = prepare(operand);
    return (value) => !test(value);
  };

const isOneOf = (operand: Operand | FactValue): Test => {
  if (isList(operand)) {
    const { set } = operand;
    return (value) => typeof value === 'string' && set.has(value);
  }
  const members: ReadonlySet<unknown> = operand instanceof Set ? operand : new Set(textsOf(operand));
  return (value) => members.has(value);
};

const contains = (operand: Operand | FactValue): Test => {
  if (typeof operand !== 'string') return () => false;
  return (value) => (typeof value === 'string' || isTexts(value)) && value.includes(operand);
};

const isEqual =
  (operand: Operand | FactValue): Test =>
  (value) =>
    value === operand;

const compare =
  (holds: (value: number, limit: number) => boolean) =>
  (operand: Operand | FactValue): Test =>
  (value) =>
    typeof value === 'number' && typeof operand === 'number' && holds(value, operand);

const anyText =
  (
    holds: (text: string, wanted: string) => boolean,
    holdsOfLive: (live: LiveContents, text: string) => boolean,
  ) =>
  (operand: Operand | FactValue): Test => {
    const live = liveOf(operand);
    if (live !== undefined) return (value) => typeof value === 'string' && holdsOfLive(live, value);
    const wanted = textsOf(operand);
    return (value) => typeof value === 'string' && wanted.some((text) => holds(value, text));
  };

const hasWord = (operand: Operand | FactValue): Test => {
  if (!isList(operand)) return () => false;
  return (value) => (typeof value === 'string' ? operand.words.occursIn(value) : someEntry(value, operand));
};

const measured =
  (holds: (length: number, limit: number) => boolean) =>
  (operand: Operand | FactValue): Test =>
  (value) =>
    holds(
      typeof value === 'string' ? codePointCount(value) : isTexts(value) ? value.length : 0,
      Number(operand),
    );

/** The table. */
export const OPERATORS = {
  equal: {
    meaning: 'Is the value.',
    facts: SCALARS,
    operand: 'same',
    otherFact: SAME,
    prepare: isEqual,
  },
  notEqual: {
    meaning: 'Is there and is not the value.',
    facts: SCALARS,
    operand: 'same',
    otherFact: SAME,
    prepare: not(isEqual),
  },
  in: {
    meaning: 'Is one of the values.',
    facts: ['string', 'number'],
    operand: 'members',
    otherFact: { string: 'strings' },
    prepare: isOneOf,
  },
  notIn: {
    meaning: 'Is there and is none of the values.',
    facts: ['string', 'number'],
    operand: 'members',
    otherFact: { string: 'strings' },
    prepare: not(isOneOf),
  },
  contains: {
    meaning: 'A text holds the text, to the letter; a list has the entry.',
    facts: ['string', 'strings'],
    operand: 'text',
    otherFact: MEMBER,
    prepare: contains,
  },
  doesNotContain: {
    meaning: 'Is there and does not contain it.',
    facts: ['string', 'strings'],
    operand: 'text',
    otherFact: MEMBER,
    prepare: not(contains),
  },
  lessThan: {
    meaning: 'Is lower.',
    facts: ORDERED,
    operand: 'order',
    otherFact: SAME,
    prepare: compare((value, limit) => value < limit),
  },
  lessThanInclusive: {
    meaning: 'Is lower or the same.',
    facts: ORDERED,
    operand: 'order',
    otherFact: SAME,
    prepare: compare((value, limit) => value <= limit),
  },
  greaterThan: {
    meaning: 'Is higher.',
    facts: ORDERED,
    operand: 'order',
    otherFact: SAME,
    prepare: compare((value, limit) => value > limit),
  },
  greaterThanInclusive: {
    meaning: 'Is higher or the same.',
    facts: ORDERED,
    operand: 'order',
    otherFact: SAME,
    prepare: compare((value, limit) => value >= limit),
  },
  between: {
    meaning: 'Lies between the two, both included.',
    facts: ORDERED,
    operand: 'range',
    prepare: (operand) => {
      const [low, high] = isRange(operand) ? operand : [Infinity, -Infinity];
      return (value) => typeof value === 'number' && value >= low && value <= high;
    },
  },
  startsWith: {
    meaning: 'Begins with the text, or with one of the texts.',
    facts: ['string'],
    operand: 'texts',
    otherFact: { string: 'string' },
    prepare: anyText(
      (text, wanted) => text.startsWith(wanted),
      (live, text) => live.beginsText(text),
    ),
  },
  endsWith: {
    meaning: 'Ends with the text, or with one of the texts.',
    facts: ['string'],
    operand: 'texts',
    otherFact: { string: 'string' },
    prepare: anyText(
      (text, wanted) => text.endsWith(wanted),
      (live, text) => live.endsText(text),
    ),
  },
  matches: {
    meaning: 'The regular expression is found in the text, or in one entry of the list. Linear time (RE2).',
    facts: ['string', 'strings'],
    operand: 'pattern',
    prepare: (operand) => {
      if (!(operand instanceof RE2JS)) return () => false;
      return (value) => textsOf(value).some((text) => operand.test(text));
    },
  },
  containsAny: {
    meaning:
      'A text holds one of the words, whatever the case, width or invisible characters; a list has one of them as an entry.',
    facts: ['string', 'strings'],
    operand: 'words',
    prepare: hasWord,
  },
  containsNone: {
    meaning: 'Is there and has none of the words.',
    facts: ['string', 'strings'],
    operand: 'words',
    prepare: not(hasWord),
  },
  inCidr: {
    meaning: 'Is an address in one of the networks.',
    facts: ['string'],
    operand: 'networks',
    prepare: (operand) => {
      const live = liveOf(operand);
      if (live !== undefined) return (value) => typeof value === 'string' && live.holdsAddress(value);
      const networks = isNetworks(operand) ? operand : [];
      return (value) => typeof value === 'string' && isInNetwork(value, networks);
    },
  },
  exists: {
    meaning: 'Whether the fact is there at all.',
    facts: ['string', 'number', 'boolean', 'time', 'strings'],
    operand: 'flag',
    prepare: (operand) => () => operand === true,
  },
  lengthAtLeast: {
    meaning: 'A text has at least so many characters (code points), a list so many entries.',
    facts: ['string', 'strings'],
    operand: 'count',
    prepare: measured((length, limit) => length >= limit),
  },
  lengthAtMost: {
    meaning: 'A text has at most so many characters (code points), a list so many entries.',
    facts: ['string', 'strings'],
    operand: 'count',
    prepare: measured((length, limit) => length <= limit),
  },
  timeOfDayBetween: {
    meaning: 'The time of day in the zone lies from `from` up to before `to`; a range may pass midnight.',
    facts: ['time'],
    operand: 'clock',
    prepare: (operand) => {
      if (!isClockRange(operand)) return () => false;
      const { from, to, zone } = operand;
      const clock = clockIn(zone);
      return (value) => {
        const { minutes } = clock(Number(value));
        return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
      };
    },
  },
  weekday: {
    meaning: 'The day of the week in the zone is one of the days.',
    facts: ['time'],
    operand: 'days',
    prepare: (operand) => {
      if (!isWeekdaySet(operand)) return () => false;
      const clock = clockIn(operand.zone);
      return (value) => {
        const { day } = clock(Number(value));
        return day !== undefined && operand.days.has(day);
      };
    },
  },
} as const satisfies Readonly<Record<string, OperatorDefinition>>;

export type OperatorName = keyof typeof OPERATORS;

export const OPERATOR_NAMES = Object.keys(OPERATORS) as readonly OperatorName[];

export function isOperatorName(name: string): name is OperatorName {
  return Object.hasOwn(OPERATORS, name);
}

export function operatorDefinition(name: OperatorName): OperatorDefinition {
  return OPERATORS[name];
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function isList(value: Operand | FactValue): value is List {
  return typeof value === 'object' && 'entries' in value && 'words' in value;
}

function liveOf(value: Operand | FactValue): LiveContents | undefined {
  return isList(value) ? value.live : undefined;
}

function isRange(value: Operand | FactValue): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'number';
}

function isNetworks(value: Operand | FactValue): value is readonly Network[] {
  return Array.isArray(value) && value.every((item) => Array.isArray(item));
}

function isClockRange(value: Operand | FactValue): value is ClockRange {
  return typeof value === 'object' && 'from' in value;
}

function isWeekdaySet(value: Operand | FactValue): value is WeekdaySet {
  return typeof value === 'object' && 'days' in value;
}

function textsOf(value: Operand | FactValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.entries;
  return isTexts(value) ? value : [];
}

function someEntry(value: FactValue, list: List): boolean {
  return isTexts(value) && value.some((entry) => list.set.has(entry));
}

/** Reads the clock on the wall of a time zone. */
function clockIn(
  zone: string,
): (time: number) => { minutes: number; day: (typeof WEEKDAYS)[number] | undefined } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const day = parts.get('weekday')?.toLowerCase();
    return {
      minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
      day: WEEKDAYS.find((weekday) => weekday === day),
    };
  };
}
