/** How a decision came about: every rule on the event, with everything that was found for it. */
import { compileRules, parseFolder } from './compile.js';
import { eventOfExample } from './check/examples.js';
import type { Decision, Ruling } from './decision.js';
import type { FactSource, JudgedEvent } from './event.js';
import { createFactReader } from './fact-reader.js';
import type { Finding } from './finding.js';
import { createWitness, startRun, type Run, type Witness } from './judge.js';
import type { Rule } from './parse/rules.js';
import { placeRule, type PlacedCondition } from './placed.js';
import type { Problem } from './problem.js';
import type { RuleContext, RuleFolder, RuleSet } from './rule-set.js';

/** A rule that can be asked for its findings. */
export interface TracedRule {
  readonly rule: Rule;
  /** Its condition and where it stands; `undefined` when the rule always matches. */
  readonly when: PlacedCondition | undefined;
  readonly witness: Witness;
}

/**
 * What became of a rule on an event.
 *
 * - `matched`, `unmatched`: it was judged
 * - `failed`: judging it failed
 * - `late`: an earlier verdict had ended the judging
 * - `off`: its mode is `off`
 */
export type RuleState = 'matched' | 'unmatched' | 'failed' | 'late' | 'off';

export interface RuleTrace {
  readonly traced: TracedRule;
  readonly state: RuleState;
  /** Also of a rule that was not judged: what would have been found. `undefined` when that fails. */
  readonly finding: Finding | undefined;
  /** Why judging failed. */
  readonly error?: string;
}

/** How the ruling on one target came about. */
export interface TargetTrace {
  readonly ruling: Ruling;
  /** The rules on the event's kind and stage, in judging order. */
  readonly rules: readonly RuleTrace[];
}

/** A rule set with what is needed to trace its decisions. Costs much more memory than the rule set alone. */
export interface TracedRuleSet {
  readonly ruleSet: RuleSet;
  /** All rules, in judging order. */
  readonly rules: readonly TracedRule[];
}

export interface TracedResult {
  readonly traced: TracedRuleSet | null;
  readonly problems: readonly Problem[];
}

/** Compiles a folder like {@link compileRules}, to be traced. */
export async function compileTraced(folder: RuleFolder, context: RuleContext): Promise<TracedResult> {
  const { ruleSet, problems } = await compileRules(folder, context);
  if (ruleSet === null) return { traced: null, problems };
  // Whatever there is to report has been reported above.
  const { rules, conditions } = parseFolder(folder, context, () => undefined);
  const traced = rules.map((rule) => ({
    rule,
    when: placeRule(rule, conditions),
    witness: createWitness(rule.condition),
  }));
  return { traced: { ruleSet, rules: traced }, problems };
}

/**
 * Traces a decision.
 *
 * @param decision of the same rule set on the same event
 * @returns one trace per ruling
 * @throws Error when json-rules-engine finds something else than the decision says: a mistake in Callgate
 */
export function traceDecision(
  { rules }: TracedRuleSet,
  event: JudgedEvent,
  { rulings }: Decision,
): Promise<readonly TargetTrace[]> {
  const concerned = rules.filter(({ rule }) => isOn(rule, event));
  return Promise.all(
    rulings.map(async (ruling, index) => ({
      ruling,
      rules: await traceRuling(concerned, event.targets[index]?.facts ?? event.facts, ruling),
    })),
  );
}

/** Whether a rule is on the kind and stage of an event. */
export function isOn({ kinds, stages }: Rule, { kind, stage }: Pick<JudgedEvent, 'kind' | 'stage'>): boolean {
  return kinds.includes(kind) && stages.includes(stage);
}

async function traceRuling(
  rules: readonly TracedRule[],
  facts: FactSource,
  ruling: Ruling,
): Promise<readonly RuleTrace[]> {
  const run = startRun(createFactReader(facts));
  const last =
    ruling.decidedBy === null ? rules.length : rules.findIndex(({ rule }) => rule.id === ruling.decidedBy);
  return Promise.all(rules.map((traced, index) => traceRule(traced, index > last, run, ruling)));
}

async function traceRule(traced: TracedRule, isLate: boolean, run: Run, ruling: Ruling): Promise<RuleTrace> {
  const { id, mode } = traced.rule;
  const { finding, error } = await findingOf(traced, run);
  if (mode === 'off') return { traced, state: 'off', finding };
  if (isLate) return { traced, state: 'late', finding };
  const failure = error ?? ruling.errors.find(({ rule }) => rule === id)?.message;
  if (failure !== undefined) return { traced, state: 'failed', finding, error: failure };
  const isMatched = ruling.matched.some(({ rule }) => rule === id);
  if (isMatched !== finding?.holds) throw new Error(`the trace of rule ${id} contradicts the decision`);
  return { traced, state: isMatched ? 'matched' : 'unmatched', finding };
}

async function findingOf(
  { witness }: TracedRule,
  run: Run,
): Promise<{ readonly finding: Finding | undefined; readonly error?: string }> {
  try {
    return { finding: await witness(run) };
  } catch (error) {
    return { finding: undefined, error: error instanceof Error ? error.message : String(error) };
  }
}

/** What is found for a rule on facts alone, whatever its kinds, stages and mode. */
export async function findOn(traced: TracedRule, facts: FactSource): Promise<Finding | undefined> {
  return (await findingOf(traced, startRun(createFactReader(facts)))).finding;
}

/** What is found for a rule on each of its own examples. */
export function findOnExamples(traced: TracedRule): Promise<readonly (Finding | undefined)[]> {
  const { rule } = traced;
  return Promise.all(rule.examples.map((example) => findOn(traced, eventOfExample(rule, example).facts)));
}
