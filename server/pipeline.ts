/** One callback from request to reply: read, decide, render, within the app's deadline, whatever happens. */
import type { Logger } from 'pino';
import type { Adapter, AppSettings, Callback, Failure, JsonObject, WireRequest } from '../adapters/index.js';
import { plainRuling, type Decision } from '../engine/decision.js';
import type { Event } from '../engine/event.js';
import type { Stage } from '../engine/kinds.js';
import type { RuleSet, StateAccess } from '../engine/rule-set.js';
import type { StateStore } from '../engine/state.js';
import type { AfterQueue } from './after-queue.js';
import type { AppCounters } from './counters.js';
import { EXPIRED, withinDeadline, type Deadline } from './deadline.js';
import { createDecisionIds, type DecisionIds } from './decision-log/decision-id.js';
import type { DecisionLog } from './decision-log/decision-log.js';
import { describeError } from './errors.js';
import {
  AFTER_POLICY,
  decisionFor,
  failureDecision,
  unreadCallback,
  withoutConsequences,
} from './failure.js';
import { createFailureLog, type FailureLog } from './log-repeats.js';
import type { RuleCounts } from './metrics/rule-counts.js';
import { createReporter, type Replied, type Visit as ReportedVisit } from './reporter.js';
import { traceCallback } from './tracing/callback-trace.js';
import type { Tracer } from './tracing/tracer.js';

export interface PipelineParts {
  readonly app: AppSettings;
  readonly adapter: Adapter;
  /** The rule set in force; asked exactly once per callback. */
  readonly currentRuleSet: () => RuleSet;
  readonly afterQueue: AfterQueue;
  readonly counters: AppCounters;
  readonly ruleCounts?: RuleCounts;
  /** What rules remember; without it, nothing. */
  readonly state?: StateStore;
  readonly decisionIds?: DecisionIds;
  /** Absent when decisions are not logged. */
  readonly decisionLog?: DecisionLog | undefined;
  /** Says which app it logs for. */
  readonly logger: Logger;
  /** Takes the lines about failures; without it, the logger gets each of them. */
  readonly failureLog?: FailureLog;
  /** Absent when callbacks are not traced. */
  readonly tracer?: Tracer | undefined;
}

/**
 * Answers one request with the text of a JSON object in the platform's format.
 *
 * @param deadline started when the request arrived
 * @param shed why there is no time to judge it
 */
export type Pipeline = (request: WireRequest, deadline: Deadline, shed?: Failure) => Promise<string>;

/** One callback on its way. */
interface Visit extends ReportedVisit {
  readonly rules: RuleSet;
  /** Why it cannot be judged, whatever it is. */
  readonly shed: Failure | undefined;
}

interface Answer extends Replied {
  readonly text: string;
}

/** @throws Error when the adapter cannot even render a failure: a mistake that must not wait for traffic */
export function createPipeline(parts: PipelineParts): Pipeline {
  const { app, adapter, counters, logger, afterQueue, tracer } = parts;
  const { decisionIds = createDecisionIds(), failureLog = createFailureLog({ logger, interval: 0 }) } = parts;
  const state = memoryOf(parts);
  const reporter = createReporter({ ...parts, failureLog, platform: adapter.platform });
  const textOf = createWriter();

  function write(callback: Callback, decision: Decision): Answer {
    const carriedOut = app.enforce === false ? withoutConsequences(decision) : decision;
    const { body, shortfalls } = adapter.render(callback, carriedOut);
    return { text: textOf(body), callback, decision, shortfalls };
  }

  const unread = unreadCallback('before');
  const lastResort: Readonly<Record<Stage, string>> = {
    before: renderUnread('before'),
    after: renderUnread('after'),
  };

  function renderUnread(stage: Stage): string {
    const callback = unreadCallback(stage);
    return write(callback, failureDecision(callback, 'internal-error', app, 'none')).text;
  }

  function fail(callback: Callback, failure: Failure, visit: Visit): string {
    const decision = failureDecision(callback, failure.cause, app, visit.rules.revision);
    const { text, shortfalls } = writeFailure(callback, decision, failure);
    reporter.failed(visit, { callback, decision, shortfalls }, failure);
    return text;
  }

  /** A body that cannot be echoed (too deep for JSON.stringify, say) must not cost the reply. */
  function writeFailure(callback: Callback, decision: Decision, failure: Failure): Answer {
    const failed: Callback = { ...callback, outcome: { type: 'failure', failure } };
    for (const attempt of [failed, { ...failed, body: {} }]) {
      try {
        return write(attempt, decision);
      } catch {
        continue;
      }
    }
    return { text: lastResort[callback.stage], callback, decision, shortfalls: [] };
  }

  function acknowledge(callback: Callback, event: Event, visit: Visit): string {
    const { rules, decisionId } = visit;
    const replied = write(callback, decisionFor(rules.revision, event, plainRuling('allow')));
    const isTaken = afterQueue.push(async (limit) => {
      const began = performance.now();
      const decision = await rules.decide(event, AFTER_POLICY, {
        ...(state !== undefined && { state }),
        decisionId,
        patience: limit.nearEnd,
      });
      reporter.judgedLater({ ...visit, began }, { callback, decision, shortfalls: [] }, event);
    });
    reporter.acknowledged(visit, replied, isTaken);
    return replied.text;
  }

  function conclude(callback: Callback, event: Event, decision: Decision, visit: Visit): string {
    const replied = write(callback, decision);
    reporter.judged(visit, replied, event);
    return replied.text;
  }

  function giveUp(callback: Callback, work: Decision | Promise<Decision>, visit: Visit): string {
    void Promise.resolve(work).then(
      () => counters.late(false),
      () => counters.late(true),
    );
    return fail(
      callback,
      { cause: 'deadline', message: `the rules took longer than ${app.deadline} ms` },
      visit,
    );
  }

  function letThrough(callback: Callback, why: 'unknown-command' | 'exempt', visit: Visit): string {
    const replied = write(callback, decisionFor(visit.rules.revision, undefined, plainRuling('allow')));
    reporter.passed(visit, replied, why);
    return replied.text;
  }

  function answerUnjudged(callback: Callback, visit: Visit): string {
    const { outcome } = callback;
    switch (outcome.type) {
      case 'failure':
        return fail(callback, outcome.failure, visit);
      case 'unknown-command':
      case 'exempt':
        return letThrough(callback, outcome.type, visit);
      case 'event':
        return visit.shed === undefined
          ? acknowledge(callback, outcome.event, visit)
          : fail(callback, visit.shed, visit);
    }
  }

  // One function and not one for each step: every promise on the way costs as much as a look-up of the rules.
  return async (request, deadline, shed) => {
    let id: string | undefined;
    const decisionId = (): string => (id ??= decisionIds());
    const rules = parts.currentRuleSet();
    const trace = traceCallback(request, app, adapter.platform, tracer);
    const visit: Visit = { rules, deadline, shed, began: performance.now(), trace, decisionId };
    let callback = unread;
    try {
      callback = adapter.read(request);
      const event = eventToJudge(callback, visit);
      if (event === undefined) return answerUnjudged(callback, visit);
      const patience = deadline.nearEnd;
      const work = rules.decide(
        event,
        app,
        // Written out, since a spread costs as much here as reading the whole callback.
        state === undefined ? { decisionId, patience } : { state, decisionId, patience },
      );
      const decision = work instanceof Promise ? await withinDeadline(work, deadline) : work;
      // Work that never lets go of the thread comes before any timer; it is late all the same.
      return decision === EXPIRED || deadline.isOver()
        ? giveUp(callback, work, visit)
        : conclude(callback, event, decision, visit);
    } catch (error) {
      return fail(callback, { cause: 'internal-error', message: describeError(error) }, visit);
    } finally {
      reporter.ended(visit);
    }
  };
}

/** The event that the reply depends on; of what has happened already, it never does. */
function eventToJudge({ outcome, stage }: Callback, { shed }: Visit): Event | undefined {
  return outcome.type === 'event' && stage === 'before' && shed === undefined ? outcome.event : undefined;
}

/** Writes replies as JSON. Most are the plain allow, which is the same object each time. */
function createWriter(): (body: JsonObject) => string {
  let last: { readonly body: JsonObject; readonly text: string } | undefined;
  return (body) => (last = last?.body === body ? last : { body, text: JSON.stringify(body) }).text;
}

/** An app that only observes counts, so that its rules are seen at work, and punishes nobody. */
function memoryOf({ app, state }: PipelineParts): StateAccess | undefined {
  return state && { store: state, now: Date.now, keepsEffects: app.enforce !== false };
}
