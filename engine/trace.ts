/** How a decision came about: every rule on the event, with everything that was found for it. */
import { compileRules, parseFolder } from './compile.js';
import { factsOfCondition } from './condition.js';
import { eventOfExample } from './check/examples.js';
import type { Decision, Ruling } from './decision.js';
import { factsToFill } from './effects.js';
import type { FactSource, JudgedEvent } from './event.js';
import { createFactReader, PENDING, type FactReader } from './fact-reader.js';
import type { FactValue } from './facts.js';
import type { Finding } from './finding.js';
import type { List } from './list.js';
import { withEntries } from './live/given-entries.js';
import { createLiveLists } from './live/live-lists.js';
import { createWitness, startRun, type Run, type Witness } from './judge.js';
import type { Memory } from './memory.js';
import { planMemory } from './memory-plan.js';
import type { Rule } from './parse/rules.js';
import { placeRule, type PlacedCondition } from './placed.js';
import type { Problem } from './problem.js';
import { startRecall } from './recall.js';
import type { RuleContext, RuleFolder, RuleSet, StateAccess } from './rule-set.js';
import { isStateFact, type StateFactName } from './state-facts.js';

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
 * - `cooling`: its condition holds, and its cool-down is not over
 * - `off`: its mode is `off`
 */
export type RuleState = 'matched' | 'unmatched' | 'failed' | 'late' | 'cooling' | 'off';

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
  /** What these rules were told of counts, strikes and labels; absent is `undefined`. */
  readonly remembered: ReadonlyMap<StateFactName, FactValue | undefined>;
}

/** A rule set with what is needed to trace its decisions. Costs much more memory than the rule set alone. */
export interface TracedRuleSet {
  readonly ruleSet: RuleSet;
  /** All rules, in judging order. */
  readonly rules: readonly TracedRule[];
  /** Live ones are empty until somebody gives them entries. */
  readonly lists: ReadonlyMap<string, List>;
  readonly memory: Memory;
}

export interface TracedResult {
  readonly traced: TracedRuleSet | null;
  readonly problems: readonly Problem[];
}

/** Compiles a folder like {@link compileRules}, to be traced. */
export async function compileTraced(folder: RuleFolder, context: RuleContext): Promise<TracedResult> {
  const live = createLiveLists();
  const { ruleSet, problems } = await compileRules(folder, context, { live });
  if (ruleSet === null) return { traced: null, problems };
  // Whatever there is to report has been reported above.
  const { rules, conditions, lists, memory } = parseFolder(folder, context, () => undefined, live);
  const traced = rules.map((rule) => ({
    rule,
    when: placeRule(rule, conditions),
    witness: createWitness(rule.condition),
  }));
  return { traced: { ruleSet, rules: traced, lists, memory }, problems };
}

/**
 * Traces a decision.
 *
 * @param decision of the same rule set on the same event
 * @param state as it was before the decision; what the event feeds is counted there. Without it, counts,
 *   strikes and labels are absent where the event does not tell them
 * @returns one trace per ruling
 * @throws Error when json-rules-engine finds something else than the decision says: a mistake in Callgate
 */
export async function traceDecision(
  { rules, memory }: TracedRuleSet,
  event: JudgedEvent,
  { rulings }: Decision,
  state?: StateAccess,
): Promise<readonly TargetTrace[]> {
  const concerned = rules.filter(({ rule }) => isOn(rule, event));
  const needs = [...new Set(concerned.flatMap(({ rule }) => needsOf(rule)))];
  const readers = await readersOf(memory, event, needs, state);
  return Promise.all(
    rulings.map(async (ruling, index) => {
      const facts = readers[index] ?? createFactReader(event.facts);
      const found = await traceRuling(concerned, facts, ruling);
      return { ruling, rules: found, remembered: new Map(needs.map((name) => [name, told(facts, name)])) };
    }),
  );
}

/** The facts of each target, and what is remembered about it, as a decision gets them. */
async function readersOf(
  memory: Memory,
  event: JudgedEvent,
  needs: readonly StateFactName[],
  state: StateAccess | undefined,
): Promise<readonly FactReader[]> {
  const sources = event.targets.length === 0 ? [event.facts] : event.targets.map(({ facts }) => facts);
  const recall = state && startRecall(planMemory(memory), event, state, undefined);
  const readers = sources.map((source, index) => {
    const target = recall?.target(index);
    const facts = createFactReader(source, undefined, () => target);
    target?.prepare(facts, needs);
    return facts;
  });
  await recall?.ask();
  return readers;
}

/** The counts, strikes and labels that a rule asks for, by their full names. */
export function needsOf({
  condition,
  effects,
}: Pick<Rule, 'condition' | 'effects'>): readonly StateFactName[] {
  return [...factsOfCondition(condition), ...factsToFill(effects)].filter(isStateFact);
}

function told({ peek }: FactReader, name: StateFactName): FactValue | undefined {
  const value = peek(name);
  return value === PENDING ? undefined : value;
}

/** Whether a rule is on the kind and stage of an event. */
export function isOn({ kinds, stages }: Rule, { kind, stage }: Pick<JudgedEvent, 'kind' | 'stage'>): boolean {
  return kinds.includes(kind) && stages.includes(stage);
}

async function traceRuling(
  rules: readonly TracedRule[],
  facts: FactReader,
  ruling: Ruling,
): Promise<readonly RuleTrace[]> {
  const run = startRun(facts);
  const last =
    ruling.decidedBy === null ? rules.length : rules.findIndex(({ rule }) => rule.id === ruling.decidedBy);
  return Promise.all(rules.map((traced, index) => traceRule(traced, index > last, run, ruling)));
}

async function traceRule(traced: TracedRule, isLate: boolean, run: Run, ruling: Ruling): Promise<RuleTrace> {
  const { id, mode, cooldown } = traced.rule;
  const { finding, error } = await findingOf(traced, run);
  if (mode === 'off') return { traced, state: 'off', finding };
  if (isLate) return { traced, state: 'late', finding };
  const failure = error ?? ruling.errors.find(({ rule }) => rule === id)?.message;
  if (failure !== undefined) return { traced, state: 'failed', finding, error: failure };
  const isMatched = ruling.matched.some(({ rule }) => rule === id);
  if (!isMatched && finding?.holds === true && cooldown !== null && mode === 'enforce')
    return { traced, state: 'cooling', finding };
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
export async function findOnExamples(traced: TracedRule): Promise<readonly (Finding | undefined)[]> {
  const { rule } = traced;
  const findings: (Finding | undefined)[] = [];
  // One after the other: each may give entries to live lists.
  for (const example of rule.examples) {
    const { facts } = eventOfExample(rule, example);
    findings.push(await withEntries(example.lists, () => findOn(traced, facts)));
  }
  return findings;
}
