/** Judges events: first match decides, effects before it add up. */
import type { Condition } from './condition.js';
import {
  FAILURE_REFUSAL,
  plainRuling,
  type Decision,
  type MatchedRule,
  type OnError,
  type Refusal,
  type Rewrite,
  type RuleError,
  type RuleMode,
  type Ruling,
  type Verdict,
} from './decision.js';
import { combineRewrites, fillRefusal, fillRewrite, intentOf, type Effects } from './effects.js';
import type { FactSource, JudgedEvent } from './event.js';
import { createFactReader, type FactReader } from './fact-reader.js';
import type { FactName } from './facts.js';
import type { RuleIndex } from './index/rule-index.js';
import { createJudge, startRun, type Judge, type Run } from './judge.js';
import { compilePredicate, type Predicate } from './predicate.js';
import type { DecideOptions, DecisionPolicy } from './rule-set.js';
import { placeholderReader } from './template.js';

/** A rule, ready to be judged. What judging needs is built when the rule is first a candidate. */
export interface CompiledRule {
  readonly id: string;
  readonly mode: RuleMode;
  readonly onError: OnError;
  readonly effects: Effects;
  readonly predicate: Predicate;
  readonly judge: Judge;
}

export function compileRule({
  id,
  mode,
  onError,
  effects,
  condition,
}: Pick<CompiledRule, 'id' | 'mode' | 'onError' | 'effects'> & {
  readonly condition: Condition;
}): CompiledRule {
  let predicate: Predicate | undefined;
  let judge: Judge | undefined;
  return {
    id,
    mode,
    onError,
    effects,
    get predicate() {
      return (predicate ??= compilePredicate(condition));
    },
    get judge() {
      return (judge ??= createJudge(condition));
    },
  };
}

/** Rules in the order in which they are judged, and how to find those that could match. */
export interface RuleSequence {
  readonly rules: readonly CompiledRule[];
  readonly index: RuleIndex;
}

/** Judges an event, target by target. Never rejects. */
export async function decide(
  sequence: RuleSequence,
  event: JudgedEvent,
  policy: DecisionPolicy,
  revision: string,
  options: DecideOptions = {},
): Promise<Decision> {
  const sources: readonly FactSource[] =
    event.targets.length === 0 ? [event.facts] : event.targets.map((target) => target.facts);
  const rulings = sources.map((facts) =>
    ruleOn(sequence, event, createFactReader(facts, options.patience), policy, options),
  );
  return { revision, rulings: await Promise.all(rulings) };
}

/** What has come together so far for one target. */
interface Draft {
  readonly rewrites: Map<FactName, Rewrite>;
  readonly tags: Set<string>;
  readonly notify: Set<string>;
  readonly matched: MatchedRule[];
  readonly errors: RuleError[];
}

async function ruleOn(
  { rules, index }: RuleSequence,
  { kind, stage }: JudgedEvent,
  facts: FactReader,
  policy: DecisionPolicy,
  options: DecideOptions,
): Promise<Ruling> {
  let run: Run | undefined;
  let draft: Draft | undefined;
  for (const rank of index.candidates(kind, stage, facts)) {
    const rule = rules[rank];
    if (rule === undefined || rule.predicate(facts) === false) continue;
    run ??= startRun(facts);
    draft ??= { rewrites: new Map(), tags: new Set(), notify: new Set(), matched: [], errors: [] };
    const outcome = await judgeRule(rule, facts, run, draft, policy, options);
    if (outcome !== undefined) return finish(draft, outcome.verdict, rule.id, outcome.refusal);
  }
  const plain = plainRuling(policy.default);
  return draft === undefined ? plain : finish(draft, plain.verdict, null, plain.refusal);
}

interface Outcome {
  readonly verdict: Verdict;
  readonly refusal: Refusal | null;
}

/** Judges one rule and adds its effects to the draft. @returns the verdict when it ends the judging */
async function judgeRule(
  rule: CompiledRule,
  facts: FactReader,
  run: Run,
  draft: Draft,
  policy: DecisionPolicy,
  options: DecideOptions,
): Promise<Outcome | undefined> {
  try {
    return (await rule.judge(run)) ? await followRule(rule, facts.read, draft, options) : undefined;
  } catch (error) {
    draft.errors.push({ rule: rule.id, message: error instanceof Error ? error.message : String(error) });
    switch (rule.onError) {
      case 'skip':
        return undefined;
      case 'match':
        return followRule(rule, orAbsent(facts.read), draft, options);
      case 'fail':
        return rule.mode === 'enforce' && changesEvent(rule.effects) ? failurePolicy(policy) : undefined;
    }
  }
}

type ReadFact = FactReader['read'];

/** Notes that a rule matches, and what it does. Changes the draft only when all of it succeeds. */
async function followRule(
  { id, mode, effects }: CompiledRule,
  read: ReadFact,
  draft: Draft,
  options: DecideOptions,
): Promise<Outcome | undefined> {
  if (mode !== 'enforce') {
    draft.matched.push({ rule: id, mode, would: intentOf(effects) });
    return undefined;
  }
  const outcome = await applyEffects(effects, read, draft, options);
  draft.matched.push({ rule: id, mode });
  return outcome;
}

/** A text that names a fact which cannot be read is filled as if the fact were absent. */
function orAbsent(read: ReadFact): ReadFact {
  return (name) => read(name).catch(() => undefined);
}

/** Whether it matters for the event that the rule could not be judged. */
function changesEvent({ verdict, rewrites }: Effects): boolean {
  return verdict !== null || rewrites.length > 0;
}

/** A rule that cannot be judged is left out where failures are let through, and refuses where they are not. */
function failurePolicy({ onFailure }: DecisionPolicy): Outcome | undefined {
  return onFailure === 'allow' ? undefined : { verdict: onFailure, refusal: FAILURE_REFUSAL };
}

async function applyEffects(
  effects: Effects,
  readFact: ReadFact,
  draft: Draft,
  { decisionId = () => '' }: DecideOptions,
): Promise<Outcome | undefined> {
  const read = placeholderReader(readFact, decisionId);
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
