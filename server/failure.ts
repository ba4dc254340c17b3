/** Decisions that no rule has made. */
import type { AppSettings, Callback, FailureCause } from '../adapters/index.js';
import { DEFAULT_REFUSAL, FAILURE_REFUSAL, plainRuling } from '../engine/decision.js';
import type { Decision, Ruling, Verdict } from '../engine/decision.js';
import type { Event } from '../engine/event.js';
import type { DecisionPolicy } from '../engine/rule-set.js';
import type { Stage } from '../engine/kinds.js';
import type { Outcome } from './counters.js';

/** What holds for every app about what has happened already: nothing can be refused any more. */
export const AFTER_POLICY: DecisionPolicy = { default: 'allow', onFailure: 'allow' };

/** What stands for a callback until, or unless, the adapter has read it. */
export function unreadCallback(stage: Stage): Callback {
  const failure = { cause: 'internal-error', message: 'the callback was not read' } as const;
  return { stage, body: {}, outcome: { type: 'failure', failure } };
}

/**
 * What the failure policy says, once for each target that was read. What has happened already is only
 * acknowledged. An unauthenticated caller is refused whatever the policy is, in words that tell nothing.
 */
export function failureDecision(
  callback: Callback,
  cause: FailureCause,
  app: AppSettings,
  revision: string,
): Decision {
  const event = callback.outcome.type === 'event' ? callback.outcome.event : undefined;
  return decisionFor(revision, event, failureRuling(callback.stage, cause, app));
}

function failureRuling(stage: Stage, cause: FailureCause, app: AppSettings): Ruling {
  if (cause === 'unauthenticated') return plainRuling('refuse', DEFAULT_REFUSAL);
  return plainRuling(stage === 'after' ? 'allow' : app.onFailure, FAILURE_REFUSAL);
}

/** The same ruling for each target, or for the whole event where there is no list of them. */
export function decisionFor(revision: string, event: Event | undefined, ruling: Ruling): Decision {
  const targets = event?.targets ?? [];
  return { revision, rulings: targets.length === 0 ? [ruling] : targets.map(() => ruling) };
}

/** The verdict that all rulings share. */
export function verdictOf({ rulings }: Decision): Extract<Outcome, Verdict | 'mixed'> {
  const first = rulings[0]?.verdict;
  return first !== undefined && rulings.every(({ verdict }) => verdict === first) ? first : 'mixed';
}

/** What is said and done about a decision that is not carried out. */
export function withoutConsequences({ revision, rulings }: Decision): Decision {
  return { revision, rulings: rulings.map(({ errors }) => ({ ...plainRuling('allow'), errors })) };
}
