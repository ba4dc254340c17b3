/** Json-rules-engine as its documentation shows it, with a path resolver of its own. */
import { Engine as StockEngine, type TopLevelCondition } from 'json-rules-engine';
import type { ConditionData, LeafData, RuleData } from '../../workload/rules.js';
import type { Engine } from '../contender.js';

type Native = TopLevelCondition | { fact: string; operator: string; value: unknown };

function toNative(condition: ConditionData): Native {
  if ('all' in condition) return { all: condition.all.map(toNative) };
  if ('any' in condition) return { any: condition.any.map(toNative) };
  if ('not' in condition) return { not: toNative(condition.not) };
  return leaf(condition);
}

/** Its own `contains` is for lists; on text it is always false. */
const OPERATOR: Readonly<Partial<Record<LeafData['operator'], string>>> = { contains: 'holds' };

function leaf({ fact, operator, value }: LeafData): Native {
  return { fact, operator: OPERATOR[operator] ?? operator, value };
}

const topLevel = (native: Native): TopLevelCondition => ('fact' in native ? { all: [native] } : native);

const isThere = (value: unknown): value is string | readonly string[] => value !== undefined;

/** An engine with all rules. One engine must not serve two runs at once: its state is shared. */
export function stockEngine(rules: readonly RuleData[]): StockEngine {
  const engine = new StockEngine([], { allowUndefinedFacts: true, pathResolver: (value) => value });
  engine.addOperator<string | readonly string[], string>(
    'holds',
    (left, right) => isThere(left) && left.includes(right),
  );
  engine.addOperator<string | readonly string[], readonly string[]>(
    'containsAny',
    (left, right) => isThere(left) && right.some((wanted) => left.includes(wanted)),
  );
  engine.addOperator<string, string>('startsWith', (left, right) => isThere(left) && left.startsWith(right));
  engine.addOperator<string | readonly string[], number>(
    'lengthAtLeast',
    (left, right) => isThere(left) && left.length >= right,
  );
  for (const { id, on, when } of rules) {
    const conditions = {
      all: [{ fact: 'event.kind', operator: 'equal', value: on }, topLevel(toNative(when))],
    };
    engine.addRule({ conditions, event: { type: id } });
  }
  return engine;
}

export const stock: Engine = {
  name: 'json-rules-engine alone',
  prepare(rules) {
    const engine = stockEngine(rules.map(({ rule }) => rule));
    return Promise.resolve(async ({ facts }) => {
      const { events } = await engine.run(Object.fromEntries(facts));
      return events.map(({ type }) => type);
    });
  },
};
