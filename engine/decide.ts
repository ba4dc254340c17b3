/** Judges events: first match decides, effects before it add up. */
import {
  FAILURE_REFUSAL,
  plainRuling,
  type Decision,
  type MatchedRule,
  type Refusal,
  type Rewrite,
  type RuleError,
  type RuleMode,
  type Ruling,
  type Verdict,
} from './decision.js';
import { combineRewrites, fillRefusal, fillRewrite, type Effects } from './effects.js';
import type { FactSource, JudgedEvent } from './event.js';
import type { FactName, FactValue } from './facts.js';
import { startRun, type Judge, type Run } from './judge.js';
import type { DecisionPolicy } from './rule-set.js';

/** A rule, ready to be judged. */
export interface CompiledRule {
  readonly id: string;
  readonly mode: RuleMode;
  readonly judge: Judge;
  readonly effects: Effects;
}

/** Rules in the order in which they are judged. */
export type RuleSequence = readonly CompiledRule[];

/** Judges an event, target by target. Never rejects. */
export async function decide(
  rules: RuleSequence,
  event: JudgedEvent,
  policy: DecisionPolicy,
  revision: string,
): Promise<Decision> {
  const sources: readonly FactSource[] =
    event.targets.length === 0 ? [event.facts] : event.targets.map((target) => target.facts);
  if (rules.length === 0) return { revision, rulings: sources.map(() => plainRuling(policy.default)) };
  return { revision, rulings: await Promise.all(sources.map((facts) => rule(rules, facts, policy))) };
}

/** What has come together so far for one target. */
interface Draft {
  readonly rewrites: Map<FactName, Rewrite>;
  readonly tags: Set<string>;
  readonly notify: Set<string>;
  readonly matched: MatchedRule[];
  readonly errors: RuleError[];
}

async function rule(rules: RuleSequence, facts: FactSource, policy: DecisionPolicy): Promise<Ruling> {
  const run = startRun(facts);
  const draft: Draft = { rewrites: new Map(), tags: new Set(), notify: new Set(), matched: [], errors: [] };
  for (const candidate of rules) {
    const outcome = await judgeRule(candidate, run, draft, policy);
    if (outcome !== undefined) return finish(draft, outcome.verdict, candidate.id, outcome.refusal);
  }
  const plain = plainRuling(policy.default);
  return { ...finish(draft, plain.verdict, null, plain.refusal) };
}

interface Outcome {
  readonly verdict: Verdict;
  readonly refusal: Refusal | null;
}

/** Judges one rule and adds its effects to the draft. @returns the verdict when it ends the judging */
async function judgeRule(
  { id, mode, judge, effects }: CompiledRule,
  run: Run,
  draft: Draft,
  policy: DecisionPolicy,
): Promise<Outcome | undefined> {
  try {
    if (!(await judge(run))) return undefined;
    if (mode !== 'enforce') {
      draft.matched.push({ rule: id, mode });
      return undefined;
    }
    const outcome = await applyEffects(effects, run, draft);
    draft.matched.push({ rule: id, mode });
    return outcome;
  } catch (error) {
    draft.errors.push({ rule: id, message: error instanceof Error ? error.message : String(error) });
    return mode === 'enforce' && changesEvent(effects) ? failurePolicy(policy) : undefined;
  }
}

/** Whether it matters for the event that the rule could not be judged. */
function changesEvent({ verdict, rewrites }: Effects): boolean {
  return verdict !== null || rewrites.length > 0;
}

/** A rule that cannot be judged is left out where failures are let through, and refuses where they are not. */
function failurePolicy({ onFailure }: DecisionPolicy): Outcome | undefined {
  return onFailure === 'allow' ? undefined : { verdict: onFailure, refusal: FAILURE_REFUSAL };
}

async function applyEffects(effects: Effects, run: Run, draft: Draft): Promise<Outcome | undefined> {
  const read = (fact: FactName): Promise<FactValue | undefined> => run.factValue<FactValue | undefined>(fact);
  const refusal = effects.refusal === null ? null : await fillRefusal(effects.refusal, read);
  const rewrites = await Promise.all(
    effects.rewrites.map(async (effect) => [effect.fact, await fillRewrite(effect, read)] as const),
  );
  for (const [fact, rewrite] of rewrites) {
    draft.rewrites.set(fact, combineRewrites(draft.rewrites.get(fact), rewrite));
  }
  for (const tag of effects.tags) draft.tags.add(tag);
  for (const name of effects.notify) draft.notify.add(name);
  return effects.verdict === null ? undefined : { verdict: effects.verdict, refusal };
}

function finish(draft: Draft, verdict: Verdict, decidedBy: string | null, refusal: Refusal | null): Ruling {
  const { rewrites, tags, notify, matched, errors } = draft;
  return { verdict, decidedBy, refusal, rewrites, tags: [...tags], notify: [...notify], matched, errors };
}
