/** What operators count: plain numbers that only grow, kept from start to stop. */
import type { FailureCause } from '../adapters/index.js';
import { createLatency, type Latency, type LatencyCounts } from './metrics/latency.js';

/**
 * How a callback ended.
 *
 * - `allow`, `refuse`, `discard`: judged, the same for every target; of an app that does not enforce,
 *   what it would have been
 * - `mixed`: judged, differently for different targets
 * - `acknowledged`: an after-callback, answered before the rules ran
 * - `unknown-command`: let through unjudged
 * - `exempt`: let through unjudged, since the platform itself would break without it
 * - `failure`: answered by the failure policy
 */
export type Outcome =
  'allow' | 'refuse' | 'discard' | 'mixed' | 'acknowledged' | 'unknown-command' | 'exempt' | 'failure';

/** What a failure policy says. */
export type FailureVerdict = 'allow' | 'refuse';

/** An outcome; of failures, also what the policy said. */
export type Ending = Exclude<Outcome, 'failure'> | `failure-${FailureVerdict}`;

/** Stands for every command that the platform is not known to have, so that callers cannot invent labels. */
export const UNKNOWN_COMMAND = 'unknown';

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

type EndingCounts = Partial<Record<Ending, number>>;

/** The counters of one app. */
export interface AppCounters {
  /** @param command current name of the command, absent when it is unknown */
  outcome(outcome: Exclude<Outcome, 'failure'>, command: string | undefined): void;
  /** @param verdict what the failure policy said */
  failure(cause: FailureCause, command: string | undefined, verdict: FailureVerdict): void;
  shortfalls(number: number): void;
  ruleErrors(number: number): void;
  late(isError: boolean): void;
  /** @param ms milliseconds from arrival to reply */
  duration(ms: number): void;
  snapshot(): AppCounts;
  /** The same callbacks in more detail, by current name of the command or {@link UNKNOWN_COMMAND}. */
  commands(): ReadonlyMap<string, Readonly<EndingCounts>>;
  latency(): LatencyCounts;
}

export function createAppCounters(): AppCounters {
  const commands = new Map<string, EndingCounts>();
  const failures: Partial<Record<FailureCause, number>> = {};
  const totals = { shortfalls: 0, ruleErrors: 0, late: 0, lateFailed: 0 };
  const latency: Latency = createLatency();

  function end(ending: Ending, command = UNKNOWN_COMMAND): void {
    let counts = commands.get(command);
    if (counts === undefined) commands.set(command, (counts = {}));
    counts[ending] = (counts[ending] ?? 0) + 1;
  }

  return {
    outcome: (outcome, command) => end(outcome, command),
    failure(cause, command, verdict) {
      end(`failure-${verdict}`, command);
      failures[cause] = (failures[cause] ?? 0) + 1;
    },
    shortfalls: (number) => void (totals.shortfalls += number),
    ruleErrors: (number) => void (totals.ruleErrors += number),
    late: (isError) => void (totals[isError ? 'lateFailed' : 'late'] += 1),
    duration: (ms) => latency.observe(ms),
    snapshot: () => ({ ...sumUp(commands), ...totals, failures: { ...failures } }),
    commands: () => commands,
    latency: () => latency.counts(),
  };
}

function sumUp(commands: ReadonlyMap<string, EndingCounts>): Pick<AppCounts, 'callbacks' | 'outcomes'> {
  const outcomes: Partial<Record<Outcome, number>> = {};
  let callbacks = 0;
  for (const counts of commands.values()) {
    for (const [ending, number] of endingsOf(counts)) {
      const outcome = OUTCOMES[ending];
      outcomes[outcome] = (outcomes[outcome] ?? 0) + number;
      callbacks += number;
    }
  }
  return { callbacks, outcomes };
}

const OUTCOMES: Readonly<Record<Ending, Outcome>> = {
  allow: 'allow',
  refuse: 'refuse',
  discard: 'discard',
  mixed: 'mixed',
  acknowledged: 'acknowledged',
  'unknown-command': 'unknown-command',
  exempt: 'exempt',
  'failure-allow': 'failure',
  'failure-refuse': 'failure',
};

/** Every way to end, in a fixed order. */
export const ENDINGS: readonly Ending[] = [
  'allow',
  'refuse',
  'discard',
  'mixed',
  'acknowledged',
  'unknown-command',
  'exempt',
  'failure-allow',
  'failure-refuse',
];

/** The endings that have occurred, with their numbers. */
export function endingsOf(counts: Readonly<EndingCounts>): readonly (readonly [Ending, number])[] {
  return ENDINGS.flatMap((ending) => {
    const number = counts[ending];
    return number === undefined ? [] : [[ending, number] as const];
  });
}
