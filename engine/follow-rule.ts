/** Judges one rule, and follows it when it matches. */
import type { CompiledRule } from './compiled-rule.js';
import {
  FAILURE_REFUSAL,
  type MatchedRule,
  type Refusal,
  type Rewrite,
  type RuleError,
  type Ruling,
  type Verdict,
} from './decision.js';
import { combineRewrites, fillRefusal, fillRewrite, intentOf, type Effects } from './effects.js';
import { PENDING, type FactReader } from './fact-reader.js';
import type { FactName } from './facts.js';
import { startRun, type Run } from './judge.js';
import type { TargetRecall } from './recall.js';
import type { DecideOptions, DecisionPolicy } from './rule-set.js';
import type { Deed } from './state-commands.js';
import { isStateFact } from './state-facts.js';
import { placeholderReader } from './template.js';

/** What has come together so far for one target. */
export interface Draft {
  readonly rewrites: Map<FactName, Rewrite>;
  readonly tags: Set<string>;
  readonly notify: Set<string>;
  readonly matched: MatchedRule[];
  readonly errors: RuleError[];
  /** Rules that are followed. */
  readonly deeds: Deed[];
}

export function startDraft(): Draft {
  return { rewrites: new Map(), tags: new Set(), notify: new Set(), matched: [], errors: [], deeds: [] };
}

interface FactsAndRun {
  readonly facts: FactReader;
  readonly run: Run;
}

/** For each rule the facts that it gets, and the run on them. */
export type Runs = (rule: CompiledRule) => FactsAndRun;

/** @param isLocal whether what is remembered is only what this process has seen: not every rule takes that */
export function createRuns(facts: FactReader, isLocal: boolean): Runs {
  let usual: FactsAndRun | undefined;
  let strict: FactsAndRun | undefined;
  const start = (known: FactReader): FactsAndRun => ({ facts: known, run: startRun(known) });
  return ({ onError, needs }) =>
    isLocal && onError !== null && needs.length > 0
      ? (strict ??= start(withoutLocal(facts)))
      : (usual ??= start(facts));
}

/** Facts as a rule gets them that says what happens when the shared store cannot be asked. */
function withoutLocal({ peek, read }: FactReader): FactReader {
  return {
    peek: (name) => (isStateFact(name) ? PENDING : peek(name)),
    read: (name) =>
      isStateFact(name) ? Promise.reject(new Error('the shared store cannot be asked')) : read(name),
  };
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly refusal: Refusal | null;
}

/** Judges one rule and adds its effects to the draft. @returns the verdict when it ends the judging */
export async function judgeRule(
  rule: CompiledRule,
  runs: Runs,
  draft: Draft,
  policy: DecisionPolicy,
  options: DecideOptions,
  target: () => TargetRecall | undefined,
): Promise<Outcome | undefined> {
  const { facts, run } = runs(rule);
  try {
    if (!(await rule.judge(run))) return undefined;
    if (await isCoolingDown(rule, facts, target)) return undefined;
    return await followRule(rule, facts.read, draft, options);
  } catch (error) {
    draft.errors.push({ rule: rule.id, message: error instanceof Error ? error.message : String(error) });
    switch (rule.onError ?? 'fail') {
      case 'skip':
        return undefined;
      case 'match':
        return followRule(rule, orAbsent(facts.read), draft, options);
      case 'fail':
        return rule.mode === 'enforce' && changesEvent(rule.effects) ? failurePolicy(policy) : undefined;
    }
  }
}

/** A rule in shadow has no cool-down: it takes nothing that would be missed if it were off. */
async function isCoolingDown(
  { id, mode, cooldown }: CompiledRule,
  facts: FactReader,
  target: () => TargetRecall | undefined,
): Promise<boolean> {
  if (cooldown === null || mode !== 'enforce') return false;
  return (await target()?.claim(id, cooldown, facts)) === false;
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
  if (effects.strikes.length > 0 || effects.labels.length > 0) draft.deeds.push({ rule: id, effects });
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

export function finish(draft: Draft, { verdict, refusal }: Outcome, decidedBy: string | null): Ruling {
  const { rewrites, tags, notify, matched, errors, deeds } = draft;
  return {
    verdict,
    decidedBy,
    refusal,
    rewrites,
    tags: [...tags],
    notify: [...notify],
    strikes: [...new Set(deeds.flatMap(({ effects }) => effects.strikes.map(({ ladder }) => ladder)))],
    labels: [...new Set(deeds.flatMap(({ effects }) => effects.labels.map(({ name }) => name)))],
    matched,
    errors,
  };
}
