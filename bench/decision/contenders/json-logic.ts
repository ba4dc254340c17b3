/** JSON Logic: one compiled function for each rule. */
import { loadPeer } from '../../peers.js';
import type { ConditionData, LeafData } from '../../workload/rules.js';
import { contextOf, variable, type Context, type Engine } from '../contender.js';

interface JsonLogicModule {
  readonly LogicEngine: new () => { build(logic: unknown): (context: Context) => unknown };
}

const read = (fact: string): unknown => ({ var: variable(fact) });

function logic(condition: ConditionData): unknown {
  if ('all' in condition) return { and: condition.all.map(logic) };
  if ('any' in condition) return { or: condition.any.map(logic) };
  if ('not' in condition) return { '!': [logic(condition.not)] };
  return leaf(condition);
}

function leaf({ fact, operator, value }: LeafData): unknown {
  switch (operator) {
    case 'equal':
      return { '===': [read(fact), typeof value === 'object' ? read(value.fact) : value] };
    case 'in':
      return { in: [read(fact), value] };
    case 'contains':
      return { in: [value, read(fact)] };
    case 'containsAny':
      return { or: value.map((wanted) => ({ in: [wanted, read(fact)] })) };
    case 'startsWith':
      return { '===': [{ substr: [read(fact), 0, value.length] }, value] };
    case 'lengthAtLeast':
      return { '>=': [{ length: [read(fact)] }, value] };
  }
}

export const jsonLogic: Engine = {
  name: 'json-logic-engine (compiled)',
  async prepare(rules) {
    const { LogicEngine } = await loadPeer<JsonLogicModule>('json-logic-engine');
    const engine = new LogicEngine();
    const compiled = rules.map(({ rule }) => ({
      id: rule.id,
      holds: engine.build({ and: [{ '===': [{ var: 'kind' }, rule.on] }, logic(rule.when)] }),
    }));
    return (event) => {
      const context = contextOf(event);
      return compiled.filter((rule) => rule.holds(context) === true).map(({ id }) => id);
    };
  },
};
