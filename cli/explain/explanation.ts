/** All that there is to tell about one request or event. */
import type { App, Callback, Reply } from '../../adapters/index.js';
import type { Decision, Verdict } from '../../engine/decision.js';
import type { Event } from '../../engine/event.js';
import { traceDecision, type TargetTrace } from '../../engine/trace.js';
import { policyFor } from '../suite/given.js';
import { answerRequest, appFor, DECISION_ID, hasProof } from '../suite/wire.js';
import type { Workbench } from '../suite/workbench.js';
import type { RequestInput } from './input.js';
import { withRemembered, type GivenMemory } from './remembered.js';

export interface Explanation {
  /** `undefined` for facts that belong to none. */
  readonly app: App | undefined;
  /** `undefined` for facts. */
  readonly callback: Callback | undefined;
  /** `undefined` for a request that could not be read. */
  readonly event: Event | undefined;
  readonly decision: Decision;
  /** One per ruling; none without an event. */
  readonly traces: readonly TargetTrace[];
  /** `undefined` for facts, which nobody waits for. */
  readonly reply: Reply | undefined;
  /** Verdict where no rule decides. */
  readonly defaultVerdict: Verdict;
  /** Whether the server would have asked the caller for a signature or secret. */
  readonly isCallerUnchecked: boolean;
}

export async function explainRequest(
  bench: Workbench,
  { app: named, draft }: RequestInput,
  given: GivenMemory = new Map(),
): Promise<Explanation> {
  const app = named ?? appFor(bench.apps, draft);
  if (app === undefined) throw new Error('a configuration without apps');
  const { callback, event, decision, reply } = await answerRequest(bench.rules.ruleSet, app, draft, {
    prepare: (one) => withRemembered(one, given),
  });
  return {
    app,
    callback,
    event,
    decision,
    traces: event === undefined ? [] : await traceDecision(bench.rules, event, decision),
    reply,
    defaultVerdict: app.default,
    isCallerUnchecked: hasProof(app),
  };
}

export async function explainFacts(
  bench: Workbench,
  facts: Event,
  given: GivenMemory = new Map(),
): Promise<Explanation> {
  const event = withRemembered(facts, given);
  const policy = policyFor(event, bench.apps);
  const decision = await bench.rules.ruleSet.decide(event, policy, { decisionId: () => DECISION_ID });
  return {
    app: 'id' in policy ? policy : undefined,
    callback: undefined,
    event,
    decision,
    traces: await traceDecision(bench.rules, event, decision),
    reply: undefined,
    defaultVerdict: policy.default,
    isCallerUnchecked: false,
  };
}
