/** What comes of an event that a suite gives, on the same code that the server runs. */
import type { App } from '../../adapters/index.js';
import type { Decision } from '../../engine/decision.js';
import type { Event } from '../../engine/event.js';
import type { RuleSet } from '../../engine/rule-set.js';
import { policyFor } from './given.js';
import type { CaseInput } from './suite.js';
import { answerRequest, appFor, DECISION_ID, type Answer, type Circumstances } from './wire.js';

export interface RunContext {
  readonly rules: RuleSet;
  readonly apps: readonly App[];
}

export interface Outcome {
  readonly decision: Decision;
  /** `undefined` when there was nothing to judge. */
  readonly event: Event | undefined;
  /** Of a request. */
  readonly answer: Answer | undefined;
}

export async function outcomeOf(
  input: CaseInput,
  { rules, apps }: RunContext,
  circumstances: Circumstances,
): Promise<Outcome> {
  if (input.type === 'given') {
    const { state, prepare } = circumstances;
    const event = prepare?.(input.event) ?? input.event;
    const options = { decisionId: () => DECISION_ID, ...(state !== undefined && { state }) };
    return {
      event,
      decision: await rules.decide(event, policyFor(event, apps), options),
      answer: undefined,
    };
  }
  const app = input.app ?? appFor(apps, input.draft);
  if (app === undefined) throw new Error('a configuration without apps');
  const answer = await answerRequest(rules, app, input.draft, circumstances);
  return { event: answer.event, decision: answer.decision, answer };
}
