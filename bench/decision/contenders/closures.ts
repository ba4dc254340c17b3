/** Plain functions over every rule: what is left when an engine costs nothing, and all rules are tried. */
import type { ConditionData, GeneratedRule, LeafData } from '../../workload/rules.js';
import { contextOf, variable, type Context, type Engine } from '../contender.js';

type Test = (context: Context) => boolean;

function compile(condition: ConditionData): Test {
  if ('all' in condition) {
    const members = condition.all.map(compile);
    return (context) => members.every((member) => member(context));
  }
  if ('any' in condition) {
    const members = condition.any.map(compile);
    return (context) => members.some((member) => member(context));
  }
  if ('not' in condition) {
    const member = compile(condition.not);
    return (context) => !member(context);
  }
  return compileLeaf(condition);
}

function compileLeaf(leaf: LeafData): Test {
  const name = variable(leaf.fact);
  switch (leaf.operator) {
    case 'equal': {
      const { value } = leaf;
      if (typeof value !== 'object') return (context) => context[name] === value;
      const other = variable(value.fact);
      return (context) => context[name] === context[other];
    }
    case 'in': {
      const members = new Set<unknown>(leaf.value);
      return (context) => members.has(context[name]);
    }
    case 'contains':
      return (context) => holds(context[name], leaf.value);
    case 'containsAny':
      return (context) => leaf.value.some((wanted) => holds(context[name], wanted));
    case 'startsWith':
      return (context) => String(context[name]).startsWith(leaf.value);
    case 'lengthAtLeast':
      return (context) => lengthOf(context[name]) >= leaf.value;
  }
}

const holds = (value: Context[string] | undefined, wanted: string): boolean =>
  typeof value === 'object' || typeof value === 'string' ? value.includes(wanted) : false;

const lengthOf = (value: Context[string] | undefined): number =>
  typeof value === 'object' || typeof value === 'string' ? value.length : 0;

export const closures: Engine = {
  name: 'plain JavaScript closures',
  prepare(rules: readonly GeneratedRule[]) {
    const compiled = rules.map(({ rule }) => ({ id: rule.id, on: rule.on, test: compile(rule.when) }));
    return Promise.resolve((event) => {
      const context = contextOf(event);
      const matching: string[] = [];
      for (const { id, on, test } of compiled) if (context['kind'] === on && test(context)) matching.push(id);
      return matching;
    });
  },
};
