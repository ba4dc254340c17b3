/** Common Expression Language: one parsed expression for each rule. */
import { loadPeer } from '../../peers.js';
import type { ConditionData, LeafData } from '../../workload/rules.js';
import { contextOf, variable, type Context, type Engine } from '../contender.js';

interface CelModule {
  readonly Environment: new (options: { readonly unlistedVariablesAreDyn: boolean }) => {
    parse(expression: string): (context: Context) => unknown;
  };
}

const literal = (value: unknown): string => JSON.stringify(value);

function expression(condition: ConditionData): string {
  if ('all' in condition) return `(${condition.all.map(expression).join(' && ')})`;
  if ('any' in condition) return `(${condition.any.map(expression).join(' || ')})`;
  if ('not' in condition) return `!(${expression(condition.not)})`;
  return leaf(condition);
}

const LISTS = ['message.mentions', 'message.linkDomains'];

function holds(fact: string, wanted: string): string {
  return LISTS.includes(fact)
    ? `${literal(wanted)} in ${variable(fact)}`
    : `${variable(fact)}.contains(${literal(wanted)})`;
}

function leaf(condition: LeafData): string {
  const name = variable(condition.fact);
  switch (condition.operator) {
    case 'equal':
      return `${name} == ${typeof condition.value === 'object' ? variable(condition.value.fact) : literal(condition.value)}`;
    case 'in':
      return `${name} in ${literal(condition.value)}`;
    case 'contains':
      return holds(condition.fact, condition.value);
    case 'containsAny':
      return `(${condition.value.map((wanted) => holds(condition.fact, wanted)).join(' || ')})`;
    case 'startsWith':
      return `${name}.startsWith(${literal(condition.value)})`;
    case 'lengthAtLeast':
      return `size(${name}) >= ${condition.value}`;
  }
}

export const cel: Engine = {
  name: '@marcbachmann/cel-js',
  async prepare(rules) {
    const { Environment } = await loadPeer<CelModule>('@marcbachmann/cel-js');
    const environment = new Environment({ unlistedVariablesAreDyn: true });
    const compiled = rules.map(({ rule }) => ({
      id: rule.id,
      holds: environment.parse(`kind == ${literal(rule.on)} && ${expression(rule.when)}`),
    }));
    return (event) => {
      const context = contextOf(event);
      return compiled.filter((rule) => rule.holds(context) === true).map(({ id }) => id);
    };
  },
};
