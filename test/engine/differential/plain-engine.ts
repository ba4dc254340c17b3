/** Judges rules as json-rules-engine does when it is left alone: a fresh engine, every rule, every time. */
import { Engine, type TopLevelCondition } from 'json-rules-engine';
import { PLAIN_OPERATORS } from './operators.js';

/** A condition as it stands in YAML. */
export type ConditionData =
  | { readonly all: readonly ConditionData[] }
  | { readonly any: readonly ConditionData[] }
  | { readonly not: ConditionData }
  | { readonly condition: string }
  | LeafData;

export interface LeafData {
  readonly fact: string;
  readonly operator: string;
  readonly value: unknown;
}

export interface RuleData {
  readonly id: string;
  readonly on: string | readonly string[];
  readonly stage?: 'before' | 'after' | 'any';
  readonly priority: number;
  readonly mode: 'enforce' | 'shadow' | 'off';
  readonly when: ConditionData | 'always';
  readonly then: Readonly<Record<string, unknown>>;
}

export interface DocumentData {
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly conditions: Readonly<Record<string, ConditionData>>;
  readonly rules: readonly RuleData[];
}

/** IDs of the rules whose conditions hold, whatever event they are for. */
export async function holdingRules(
  { lists, conditions, rules }: DocumentData,
  facts: Readonly<Record<string, unknown>>,
): Promise<ReadonlySet<string>> {
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const [name, operator] of PLAIN_OPERATORS) engine.addOperator(name, operator);
  for (const [name, condition] of Object.entries(conditions)) {
    engine.setCondition(name, topLevel(condition, lists));
  }
  for (const { id, when } of rules) {
    engine.addRule({ conditions: topLevel(when, lists), event: { type: id } });
  }
  for (const [name, value] of Object.entries(facts)) engine.addFact(name, value);
  const { events } = await engine.run();
  return new Set(events.map(({ type }) => type));
}

type Lists = DocumentData['lists'];

function topLevel(condition: ConditionData | 'always', lists: Lists): TopLevelCondition {
  if (condition === 'always') return { all: [] };
  const native = withEntries(condition, lists);
  return 'fact' in native ? { all: [native] } : native;
}

/** Replaces references to lists by the lists; everything else is json-rules-engine's own format. */
function withEntries(condition: ConditionData, lists: Lists): TopLevelCondition | LeafData {
  if ('all' in condition) return { all: condition.all.map((member) => withEntries(member, lists)) };
  if ('any' in condition) return { any: condition.any.map((member) => withEntries(member, lists)) };
  if ('not' in condition) return { not: withEntries(condition.not, lists) };
  if ('condition' in condition) return { condition: condition.condition };
  const { value } = condition;
  if (typeof value !== 'object' || value === null || !('list' in value)) return condition;
  return { ...condition, value: lists[String(value.list)] };
}
