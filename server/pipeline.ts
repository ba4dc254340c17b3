/** One callback from request to reply: read, decide, render, within the app's deadline, whatever happens. */
import type { Logger } from 'pino';
import type { Adapter, AppSettings, Callback, Failure, Shortfall, WireRequest } from '../adapters/index.js';
import { plainRuling, type Decision } from '../engine/decision.js';
import type { Event } from '../engine/event.js';
import type { Stage } from '../engine/kinds.js';
import type { RuleSet } from '../engine/rule-set.js';
import type { AfterQueue } from './after-queue.js';
import type { AppCounters } from './counters.js';
import { EXPIRED, type Deadline } from './deadline.js';
import { createDecisionIds, type DecisionIds } from './decision-log/decision-id.js';
import type { DecisionLog } from './decision-log/decision-log.js';
import type { DecisionEntry } from './decision-log/line.js';
import { describeError } from './errors.js';
import { decisionFor, failureDecision, unreadCallback, verdictOf } from './failure.js';
import { logDropped, logEffects, logFailure, logShortfalls, logUnknownCommand } from './log-lines.js';

export interface PipelineParts {
  readonly app: AppSettings;
  readonly adapter: Adapter;
  /** The rule set in force; asked exactly once per callback. */
  readonly currentRuleSet: () => RuleSet;
  readonly afterQueue: AfterQueue;
  readonly counters: AppCounters;
  readonly decisionIds?: DecisionIds;
  /** Absent when decisions are not logged. */
  readonly decisionLog?: DecisionLog | undefined;
  /** Says which app it logs for. */
  readonly logger: Logger;
}

/**
 * Answers one request with the text of a JSON object in the platform's format.
 *
 * @param deadline started when the request arrived
 */
export type Pipeline = (request: WireRequest, deadline: Deadline) => Promise<string>;

/** One callback on its way. */
interface Visit {
  readonly rules: RuleSet;
  readonly deadline: Deadline;
  /** When it began, on the clock of `performance.now()`. */
  readonly began: number;
  /** The ID of the decision, made when it is first asked for. */
  readonly decisionId: () => string;
}

type Finding = Omit<DecisionEntry, 'id' | 'app' | 'platform' | 'ms'>;

interface Answer {
  readonly text: string;
  readonly shortfalls: readonly Shortfall[];
}

/** @throws Error when the adapter cannot even render a failure: a mistake that must not wait for traffic */
export function createPipeline(parts: PipelineParts): Pipeline {
  const { app, adapter, counters, logger, afterQueue, decisionLog } = parts;
  const { decisionIds = createDecisionIds() } = parts;
  const enforces = app.enforce !== false;

  const write = (callback: Callback, decision: Decision): Answer => {
    const { body, shortfalls } = adapter.render(
      callback,
      enforces ? decision : withoutConsequences(decision),
    );
    return { text: JSON.stringify(body), shortfalls };
  };

  function record({ decisionId, began }: Visit, finding: Finding): void {
    decisionLog?.record({
      ...finding,
      id: decisionId(),
      app,
      platform: adapter.platform,
      ms: performance.now() - began,
    });
  }

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
    counters.outcome('failure');
    counters.failure(failure.cause);
    counters.shortfalls(shortfalls.length);
    logFailure(logger, callback, failure, verdictOf(decision), shortfalls);
    record(visit, { callback, decision, shortfalls, degraded: failure.cause });
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
    return { text: lastResort[callback.stage], shortfalls: [] };
  }

  function report(callback: Callback, event: Event, decision: Decision, answer: Answer): void {
    counters.outcome(verdictOf(decision));
    counters.shortfalls(answer.shortfalls.length);
    try {
      logShortfalls(logger, callback, decision, answer.shortfalls);
      reportEffects(callback, event, decision);
    } catch (error) {
      // The reply stands, whatever happens to the lines about it.
      logger.error({ cause: 'internal-error' }, `effects not reported: ${describeError(error)}`);
    }
  }

  function reportEffects(callback: Callback, event: Event, decision: Decision): void {
    const failed = decision.rulings.flatMap(({ errors }) => errors.map(({ rule }) => rule));
    counters.ruleErrors(new Set(failed).size);
    logEffects(logger, callback, event, enforces ? decision : withoutConsequences(decision));
  }

  function acknowledge(callback: Callback, event: Event, visit: Visit): string {
    const { rules, decisionId } = visit;
    const { text } = write(callback, decisionFor(rules.revision, event, plainRuling('allow')));
    counters.outcome('acknowledged');
    const isTaken = afterQueue.push(async () => {
      const began = performance.now();
      const decision = await rules.decide(event, app, { decisionId });
      record({ ...visit, began }, { callback, decision, shortfalls: [] });
      reportEffects(callback, event, decision);
    });
    if (!isTaken) logDropped(logger, callback);
    return text;
  }

  async function judge(callback: Callback, event: Event, visit: Visit): Promise<string> {
    const { rules, deadline, decisionId } = visit;
    const work = rules.decide(event, app, { decisionId });
    const decision = await Promise.race([work, deadline.expired]);
    if (decision === EXPIRED) {
      void work.then(
        () => counters.late(false),
        () => counters.late(true),
      );
      const message = `the rules took longer than ${app.deadline} ms`;
      return fail(callback, { cause: 'deadline', message }, visit);
    }
    const answer = write(callback, decision);
    report(callback, event, decision, answer);
    record(visit, { callback, decision, shortfalls: answer.shortfalls });
    return answer.text;
  }

  function letThrough(callback: Callback, visit: Visit): string {
    const decision = decisionFor(visit.rules.revision, undefined, plainRuling('allow'));
    const { text } = write(callback, decision);
    counters.outcome('unknown-command');
    logUnknownCommand(logger, callback);
    record(visit, { callback, decision, shortfalls: [], degraded: 'unknown-command' });
    return text;
  }

  async function answer(callback: Callback, visit: Visit): Promise<string> {
    const { outcome } = callback;
    switch (outcome.type) {
      case 'failure':
        return fail(callback, outcome.failure, visit);
      case 'unknown-command':
        return letThrough(callback, visit);
      case 'event':
        return callback.stage === 'after'
          ? acknowledge(callback, outcome.event, visit)
          : judge(callback, outcome.event, visit);
    }
  }

  return async (request, deadline) => {
    let id: string | undefined;
    const visit: Visit = {
      rules: parts.currentRuleSet(),
      deadline,
      began: performance.now(),
      decisionId: () => (id ??= decisionIds()),
    };
    let callback = unreadCallback('before');
    try {
      callback = adapter.read(request);
      return await answer(callback, visit);
    } catch (error) {
      return fail(callback, { cause: 'internal-error', message: describeError(error) }, visit);
    }
  };
}

/** What is said and done about a decision that is not carried out. */
function withoutConsequences({ revision, rulings }: Decision): Decision {
  return { revision, rulings: rulings.map(({ errors }) => ({ ...plainRuling('allow'), errors })) };
}
