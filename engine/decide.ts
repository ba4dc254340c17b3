/** Judges events: first match decides, effects before it add up. */
import type { CompiledRule } from './compiled-rule.js';
import { plainRuling, type Decision, type Ruling } from './decision.js';
import type { FactSource, JudgedEvent } from './event.js';
import { createFactReader, type FactReader } from './fact-reader.js';
import {
  createRuns,
  finish,
  judgeRule,
  startDraft,
  type Draft,
  type Outcome,
  type Runs,
} from './follow-rule.js';
import type { RuleIndex } from './index/rule-index.js';
import type { MemoryPlan } from './memory-plan.js';
import { startRecall, type Recall, type TargetRecall } from './recall.js';
import type { DecideOptions, DecisionPolicy } from './rule-set.js';
import type { Deed } from './state-commands.js';
import type { StateFactName } from './state-facts.js';

/** Rules in the order in which they are judged, how to find those that could match, and what they remember. */
export interface RuleSequence {
  /** @param rank the place in the order */
  readonly ruleAt: (rank: number) => CompiledRule | undefined;
  readonly index: RuleIndex;
  readonly plan: MemoryPlan;
}

/** Judges an event, target by target: at once, where there is nothing to wait for. Never rejects. */
export function decide(
  sequence: RuleSequence,
  event: JudgedEvent,
  policy: DecisionPolicy,
  revision: string,
  options: DecideOptions = NO_OPTIONS,
): Decision | Promise<Decision> {
  const memory = createCallMemory(sequence.plan, event, options);
  const judgings = sourcesOf(event).map((source, index) => {
    const target = (): TargetRecall | undefined => memory.begin()?.target(index);
    const facts = createFactReader(source, options.patience, target);
    const ranks = sequence.index.candidates(event.kind, event.stage, facts);
    const judging: Judging = {
      sequence,
      facts,
      policy,
      options,
      memory,
      target,
      ranks,
      position: 0,
      selected: NO_RULES,
    };
    select(judging);
    return judging;
  });
  const asked = memory.recall()?.ask();
  if (asked !== undefined || !judgings.every(isDecided)) return judge(judgings, asked, memory, revision);
  const rulings = judgings.map((judging) => conclude(judging, undefined, plainRuling(policy.default), null));
  memory.recall()?.keep();
  return { revision, rulings };
}

async function judge(
  judgings: readonly Judging[],
  asked: Promise<unknown> | undefined,
  memory: CallMemory,
  revision: string,
): Promise<Decision> {
  if (asked !== undefined) await asked;
  const rulings = await Promise.all(judgings.map(rule));
  memory.recall()?.keep();
  return { revision, rulings };
}

/** What is remembered, as one callback sees it. Nothing is begun for those that have nothing to do with it. */
interface CallMemory {
  /** `undefined` as long as nobody needed it. */
  readonly recall: () => Recall | undefined;
  /** `undefined` when there is no store. */
  readonly begin: () => Recall | undefined;
}

const NO_RECALL = (): undefined => undefined;
const FORGETFUL: CallMemory = { recall: NO_RECALL, begin: NO_RECALL };

function createCallMemory(
  plan: MemoryPlan,
  event: JudgedEvent,
  { state, patience }: DecideOptions,
): CallMemory {
  if (state === undefined) return FORGETFUL;
  const start = (): Recall => startRecall(plan, event, state, patience);
  let recall = plan.feeds(event.kind, event.stage).length === 0 ? undefined : start();
  return { recall: () => recall, begin: () => (recall ??= start()) };
}

const NO_OPTIONS: DecideOptions = {};

function sourcesOf({ facts, targets }: JudgedEvent): readonly FactSource[] {
  return targets.length === 0 ? [facts] : targets.map((target) => target.facts);
}

/** The judging of one target, in two steps, so that all targets can ask for what is remembered at once. */
interface Judging {
  readonly sequence: RuleSequence;
  readonly facts: FactReader;
  readonly policy: DecisionPolicy;
  readonly options: DecideOptions;
  readonly memory: CallMemory;
  /** Its part of what is remembered; `undefined` when there is no store. */
  readonly target: () => TargetRecall | undefined;
  /** Ranks of the rules that could match. */
  readonly ranks: readonly number[];
  /** How many of them have been looked at. */
  position: number;
  /** Those of them that could match by the facts at hand, and are to be judged next. */
  selected: readonly CompiledRule[];
}

const NO_RULES: readonly CompiledRule[] = [];
const NO_NEEDS: readonly StateFactName[] = [];

/** Finds the rules to be judged next, and notes what they need beyond the facts at hand. */
function select(judging: Judging): void {
  const { sequence, facts, ranks, memory, target } = judging;
  let found: CompiledRule[] | undefined;
  let needs: StateFactName[] | undefined;
  let { position } = judging;
  while (position < ranks.length) {
    const candidate = sequence.ruleAt(ranks[position] ?? -1);
    position += 1;
    const holds = candidate?.predicate(facts);
    if (candidate === undefined || holds === false) continue;
    (found ??= []).push(candidate);
    if (candidate.needs.length > 0) (needs ??= []).push(...candidate.needs);
    // What comes later will hardly be judged, so that nothing need be asked for it.
    if (holds === true && endsJudging(candidate)) break;
  }
  judging.position = position;
  judging.selected = found ?? NO_RULES;
  if (needs !== undefined || memory.recall() !== undefined) target()?.prepare(facts, needs ?? NO_NEEDS);
}

/** Whether there is nothing to judge. */
function isDecided({ selected, position, ranks }: Judging): boolean {
  return selected.length === 0 && position >= ranks.length;
}

async function rule(judging: Judging): Promise<Ruling> {
  const { facts, policy, options, memory, target } = judging;
  let draft: Draft | undefined;
  let runs: Runs | undefined;
  for (;;) {
    for (const candidate of judging.selected) {
      const isLocal = memory.recall()?.isLocal() === true;
      if (isRuledOut(candidate, facts, isLocal)) continue;
      draft ??= startDraft();
      runs ??= createRuns(facts, isLocal);
      const outcome = await judgeRule(candidate, runs, draft, policy, options, target);
      if (outcome !== undefined) return conclude(judging, draft, outcome, candidate.id);
    }
    if (judging.position >= judging.ranks.length) break;
    select(judging);
    await memory.recall()?.ask();
  }
  return conclude(judging, draft, plainRuling(policy.default), null);
}

/** What was remembered may have ruled a rule out by now; what only this process has seen rules out no rule with `on_error`. */
function isRuledOut(
  { needs, onError, predicate }: CompiledRule,
  facts: FactReader,
  isLocal: boolean,
): boolean {
  return needs.length > 0 && !(isLocal && onError !== null) && predicate(facts) === false;
}

function conclude(
  { facts, policy, memory, target }: Judging,
  draft: Draft | undefined,
  outcome: Outcome,
  decidedBy: string | null,
): Ruling {
  const deeds = draft?.deeds ?? NO_DEEDS;
  if (deeds.length > 0 || memory.recall() !== undefined) {
    target()?.conclude(facts, outcome.verdict === 'allow', deeds);
  }
  return draft === undefined ? plainRuling(policy.default) : finish(draft, outcome, decidedBy);
}

const NO_DEEDS: readonly Deed[] = [];

/** Whether nothing is judged after the rule when it matches. */
function endsJudging({ mode, effects, cooldown }: CompiledRule): boolean {
  return mode === 'enforce' && effects.verdict !== null && cooldown === null;
}
