/** Ranges of numbers that tests allow. */
import type { Leaf } from '../condition.js';
import type { Operand } from '../operand.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Whether the bound itself is outside. */
  readonly isLowOpen: boolean;
  readonly isHighOpen: boolean;
}

const from = (low: number, isOpen = false): Interval => ({
  low,
  isLowOpen: isOpen,
  high: Infinity,
  isHighOpen: false,
});
const upTo = (high: number, isOpen = false): Interval => ({
  low: -Infinity,
  isLowOpen: false,
  high,
  isHighOpen: isOpen,
});

type Bounds = (limit: number, holds: boolean) => Interval;

/** What each comparison allows, when it holds and when it does not. */
const COMPARISONS: Readonly<Partial<Record<Leaf['operator'], Bounds>>> = {
  lessThan: (limit, holds) => (holds ? upTo(limit, true) : from(limit)),
  lessThanInclusive: (limit, holds) => (holds ? upTo(limit) : from(limit, true)),
  greaterThan: (limit, holds) => (holds ? from(limit, true) : upTo(limit)),
  greaterThanInclusive: (limit, holds) => (holds ? from(limit) : upTo(limit, true)),
};

const LENGTHS: Readonly<Partial<Record<Leaf['operator'], Bounds>>> = {
  lengthAtLeast: (limit, holds) => (holds ? from(limit) : upTo(limit - 1)),
  lengthAtMost: (limit, holds) => (holds ? upTo(limit) : from(limit + 1)),
};

/** Values that a test leaves to a fact that is there; `undefined` when it bounds none. */
export function valuesWithin({ operator, right }: Leaf, holds: boolean): Interval | undefined {
  if (right.type !== 'operand') return undefined;
  const { operand } = right;
  if (operator === 'between' && holds && isRange(operand)) return { ...from(operand[0]), high: operand[1] };
  return typeof operand === 'number' ? COMPARISONS[operator]?.(operand, holds) : undefined;
}

function isRange(operand: Operand): operand is readonly [number, number] {
  return Array.isArray(operand) && operand.length === 2 && typeof operand[0] === 'number';
}

/** Lengths that a test leaves to a fact that is there; `undefined` when it bounds none. */
export function lengthsWithin({ operator, right }: Leaf, holds: boolean): Interval | undefined {
  if (right.type !== 'operand' || typeof right.operand !== 'number') return undefined;
  return LENGTHS[operator]?.(right.operand, holds);
}

/** The interval that lies in all of them; of one without members, `low` is not below `high`. */
export function intersection(intervals: readonly Interval[]): Interval {
  return intervals.reduce<Interval>((one, other) => {
    const lower = one.low > other.low || (one.low === other.low && one.isLowOpen) ? one : other;
    const upper = one.high < other.high || (one.high === other.high && one.isHighOpen) ? one : other;
    return {
      low: lower.low,
      isLowOpen: lower.isLowOpen,
      high: upper.high,
      isHighOpen: upper.isHighOpen,
    };
  }, from(-Infinity));
}

export function isEmpty({ low, high, isLowOpen, isHighOpen }: Interval): boolean {
  return low > high || (low === high && (isLowOpen || isHighOpen));
}

/** Whether every member of one is a member of the other. */
export function isWithin(inner: Interval, outer: Interval): boolean {
  const both = intersection([inner, outer]);
  return (
    both.low === inner.low &&
    both.high === inner.high &&
    both.isLowOpen === inner.isLowOpen &&
    both.isHighOpen === inner.isHighOpen
  );
}
