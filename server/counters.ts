/** What operators count: plain numbers that only grow, kept from start to stop. */
import type { Failure, FailureCause } from '../adapters/index.js';

/**
 * How a callback ended.
 *
 * - `allow`, `refuse`, `discard`: judged, the same for every target; of an app that does not enforce,
 *   what it would have been
 * - `mixed`: judged, differently for different targets
 * - `acknowledged`: an after-callback, answered before the rules ran
 * - `unknown-command`: let through unjudged
 * - `failure`: answered by the failure policy
 */
export type Outcome =
  'allow' | 'refuse' | 'discard' | 'mixed' | 'acknowledged' | 'unknown-command' | 'failure';

export interface AppCounts {
  readonly callbacks: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly failures: Readonly<Partial<Record<FailureCause, number>>>;
  /** Parts of decisions that a command could not carry. */
  readonly shortfalls: number;
  /** Rules that could not be judged, once per rule and callback. */
  readonly ruleErrors: number;
  /** Decisions that came too late and were thrown away; those that ended in an error count as failed. */
  readonly late: number;
  readonly lateFailed: number;
}

/** The counters of one app. */
export interface AppCounters {
  outcome(outcome: Outcome): void;
  failure(cause: Failure['cause']): void;
  shortfalls(number: number): void;
  ruleErrors(number: number): void;
  late(isError: boolean): void;
  snapshot(): AppCounts;
}

export function createAppCounters(): AppCounters {
  const outcomes: Partial<Record<Outcome, number>> = {};
  const failures: Partial<Record<FailureCause, number>> = {};
  const totals = { callbacks: 0, shortfalls: 0, ruleErrors: 0, late: 0, lateFailed: 0 };
  return {
    outcome(outcome) {
      totals.callbacks += 1;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    },
    failure: (cause) => void (failures[cause] = (failures[cause] ?? 0) + 1),
    shortfalls: (number) => void (totals.shortfalls += number),
    ruleErrors: (number) => void (totals.ruleErrors += number),
    late: (isError) => void (totals[isError ? 'lateFailed' : 'late'] += 1),
    snapshot: () => ({ ...totals, outcomes: { ...outcomes }, failures: { ...failures } }),
  };
}
