/** GoRules ZEN (Rust): one decision table with a row for each rule, all matching rows collected. */
import { loadPeer } from '../../peers.js';
import type { ConditionData, LeafData, RuleData } from '../../workload/rules.js';
import { contextOf, variable, type Context, type Engine } from '../contender.js';

interface ZenModule {
  readonly ZenEngine: new () => {
    createDecision(content: unknown): { evaluate(context: Context): Promise<{ readonly result: unknown }> };
  };
}

/** No value of the rules has a quote or backslash in it. */
const literal = (value: string | boolean): string =>
  typeof value === 'string' ? `'${value}'` : String(value);

function expression(condition: ConditionData): string {
  if ('all' in condition) return `(${condition.all.map(expression).join(' and ')})`;
  if ('any' in condition) return `(${condition.any.map(expression).join(' or ')})`;
  if ('not' in condition) return `not(${expression(condition.not)})`;
  return leaf(condition);
}

function leaf(condition: LeafData): string {
  const name = variable(condition.fact);
  switch (condition.operator) {
    case 'equal':
      return `${name} == ${typeof condition.value === 'object' ? variable(condition.value.fact) : literal(condition.value)}`;
    case 'in':
      return `${name} in [${condition.value.map(literal).join(', ')}]`;
    case 'contains':
      return `contains(${name}, ${literal(condition.value)})`;
    case 'containsAny':
      return `(${condition.value.map((wanted) => `contains(${name}, ${literal(wanted)})`).join(' or ')})`;
    case 'startsWith':
      return `startsWith(${name}, ${literal(condition.value)})`;
    case 'lengthAtLeast':
      return `len(${name}) >= ${condition.value}`;
  }
}

function decisionTable(rules: readonly RuleData[]): unknown {
  const position = { x: 0, y: 0 };
  const table = {
    hitPolicy: 'collect',
    inputs: [{ id: 'when', name: 'when' }],
    outputs: [{ id: 'then', name: 'then', field: 'rule' }],
    rules: rules.map(({ id, on, when }) => ({
      _id: id,
      when: `kind == ${literal(on)} and ${expression(when)}`,
      then: literal(id),
    })),
  };
  return {
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position },
      { id: 'table', name: 'table', type: 'decisionTableNode', position, content: table },
      { id: 'out', name: 'out', type: 'outputNode', position },
    ],
    edges: [
      { id: 'first', type: 'edge', sourceId: 'in', targetId: 'table' },
      { id: 'second', type: 'edge', sourceId: 'table', targetId: 'out' },
    ],
  };
}

export const zen: Engine = {
  name: '@gorules/zen-engine',
  async prepare(rules) {
    const { ZenEngine } = await loadPeer<ZenModule>('@gorules/zen-engine');
    const decision = new ZenEngine().createDecision(decisionTable(rules.map(({ rule }) => rule)));
    return async (event) => {
      const { result } = await decision.evaluate(contextOf(event));
      // A table without a matching row answers with nothing instead of an empty list.
      return Array.isArray(result) ? result.map(({ rule }: { rule: string }) => rule) : [];
    };
  },
};
