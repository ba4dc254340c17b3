/** What is counted, logged, traced and recorded about a callback once its reply is known. */
import type { Logger } from 'pino';
import type { AppSettings, Callback, Failure, Shortfall } from '../adapters/index.js';
import type { Decision, Ruling } from '../engine/decision.js';
import type { Event } from '../engine/event.js';
import type { AppCounters, Outcome } from './counters.js';
import type { Deadline } from './deadline.js';
import type { DecisionLog } from './decision-log/decision-log.js';
import type { DecisionEntry } from './decision-log/line.js';
import { describeError } from './errors.js';
import { verdictOf, withoutConsequences } from './failure.js';
import { logDropped, logEffects, logFailure, logShortfalls, logUnknownCommand } from './log-lines.js';
import type { FailureLog } from './log-repeats.js';
import type { RuleCounts } from './metrics/rule-counts.js';
import type { CallbackTrace } from './tracing/callback-trace.js';

export interface ReporterParts {
  readonly app: AppSettings;
  readonly platform: string;
  readonly counters: AppCounters;
  readonly ruleCounts?: RuleCounts | undefined;
  /** Absent when decisions are not logged. */
  readonly decisionLog?: DecisionLog | undefined;
  readonly logger: Logger;
  readonly failureLog: FailureLog;
}

/** One callback on its way. */
export interface Visit {
  readonly deadline: Deadline;
  /** When its judging began, on the clock of `performance.now()`. */
  readonly began: number;
  /** Absent when neither the caller nor we trace. */
  readonly trace: CallbackTrace | undefined;
  /** The ID of the decision, made when it is first asked for. */
  readonly decisionId: () => string;
}

/** What was replied, and to whom. */
export interface Replied {
  readonly callback: Callback;
  readonly decision: Decision;
  readonly shortfalls: readonly Shortfall[];
}

export interface Reporter {
  /** The rules have decided. */
  judged(visit: Visit, replied: Replied, event: Event): void;
  /** The failure policy has decided. */
  failed(visit: Visit, replied: Replied, failure: Failure): void;
  /** It was let through unjudged. */
  passed(visit: Visit, replied: Replied, why: 'unknown-command' | 'exempt'): void;
  /** An after-callback was answered, and will be judged unless too many are waiting. */
  acknowledged(visit: Visit, replied: Replied, willBeJudged: boolean): void;
  /** An after-callback was judged. */
  judgedLater(visit: Visit, replied: Replied, event: Event): void;
  /** Nothing more will be said about it. */
  ended(visit: Visit): void;
}

export function createReporter(parts: ReporterParts): Reporter {
  const { app, platform, counters, ruleCounts, decisionLog, logger, failureLog } = parts;

  function end(visit: Visit, replied: Replied, outcome: Exclude<Outcome, 'failure'>): void {
    counters.outcome(outcome, replied.callback.command);
    counters.shortfalls(replied.shortfalls.length);
    visit.trace?.end({ ...replied, outcome, duration: sinceArrival(visit) });
  }

  function record(
    { decisionId, began }: Visit,
    replied: Replied,
    degraded?: DecisionEntry['degraded'],
  ): void {
    if (decisionLog === undefined) return;
    const { callback, decision, shortfalls } = replied;
    const ms = performance.now() - began;
    decisionLog.record({ id: decisionId(), app, platform, callback, decision, shortfalls, degraded, ms });
  }

  function reportEffects({ trace }: Visit, { callback, decision }: Replied, event: Event): void {
    ruleCounts?.add(decision, app.enforce !== false);
    if (decision.rulings.every(isSilent)) return;
    const failed = decision.rulings.flatMap(({ errors }) => errors.map(({ rule }) => rule));
    counters.ruleErrors(new Set(failed).size);
    const carriedOut = app.enforce === false ? withoutConsequences(decision) : decision;
    logEffects(logger, failureLog, { callback, trace }, event, carriedOut);
  }

  return {
    judged(visit, replied, event) {
      const { callback, decision, shortfalls } = replied;
      end(visit, replied, verdictOf(decision));
      try {
        if (shortfalls.length > 0)
          logShortfalls(failureLog, { callback, trace: visit.trace }, decision, shortfalls);
        reportEffects(visit, replied, event);
      } catch (error) {
        // The reply stands, whatever happens to the lines about it.
        logger.error({ cause: 'internal-error' }, `effects not reported: ${describeError(error)}`);
      }
      record(visit, replied);
    },
    failed(visit, replied, failure) {
      const { callback, decision, shortfalls } = replied;
      const { cause } = failure;
      const verdict = verdictOf(decision) === 'allow' ? 'allow' : 'refuse';
      counters.failure(cause, callback.command, verdict);
      counters.shortfalls(shortfalls.length);
      logFailure(failureLog, { callback, trace: visit.trace }, failure, verdict, shortfalls);
      visit.trace?.end({ ...replied, outcome: 'failure', cause, duration: sinceArrival(visit) });
      record(visit, replied, cause);
    },
    passed(visit, replied, why) {
      end(visit, replied, why);
      if (why === 'exempt') return;
      logUnknownCommand(failureLog, { callback: replied.callback, trace: visit.trace });
      record(visit, replied, why);
    },
    acknowledged(visit, replied, willBeJudged) {
      end(visit, replied, 'acknowledged');
      if (!willBeJudged) logDropped(failureLog, { callback: replied.callback, trace: visit.trace });
    },
    judgedLater(visit, replied, event) {
      record(visit, replied);
      reportEffects(visit, replied, event);
    },
    ended: (visit) => counters.duration(sinceArrival(visit)),
  };
}

/** Whether there is nothing to tell about what rules did. */
function isSilent({ errors, tags, notify, strikes, labels }: Ruling): boolean {
  return errors.length + tags.length + notify.length + strikes.length + labels.length === 0;
}

/** Milliseconds. */
function sinceArrival({ deadline }: Visit): number {
  return performance.now() - deadline.startedAt;
}
