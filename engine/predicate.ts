/**
 * Conditions as plain functions: a quick answer before json-rules-engine is asked.
 *
 * The answer is `true` or `false` when the facts at hand decide it, and `undefined` (maybe) when one
 * that is not at hand could. Leaves use the same tests as json-rules-engine.
 */
import type { Condition, Leaf } from './condition.js';
import { PENDING, type FactReader } from './fact-reader.js';
import { leafHolds, testOf } from './leaf.js';

export type Predicate = (facts: FactReader) => boolean | undefined;

export function compilePredicate(condition: Condition): Predicate {
  switch (condition.type) {
    case 'leaf':
      return compileLeaf(condition);
    case 'not': {
      const member = compilePredicate(condition.member);
      return (facts) => {
        const holds = member(facts);
        return holds === undefined ? undefined : !holds;
      };
    }
    case 'all':
      return compileGroup(condition.members, false);
    case 'any':
      return compileGroup(condition.members, true);
  }
}

/** A group ends at the first member that decides it: a true one in `any`, a false one in `all`. */
function compileGroup(conditions: readonly Condition[], decisive: boolean): Predicate {
  const members = conditions.map(compilePredicate);
  return (facts) => {
    let isCertain = true;
    for (const member of members) {
      const holds = member(facts);
      if (holds === decisive) return decisive;
      if (holds === undefined) isCertain = false;
    }
    return isCertain ? !decisive : undefined;
  };
}

function compileLeaf({ fact, operator, right }: Leaf): Predicate {
  if (right.type === 'operand') {
    const test = testOf(operator, right);
    return (facts) => {
      const left = facts.peek(fact);
      return left === PENDING ? undefined : leafHolds(operator, left, test);
    };
  }
  return (facts) => {
    const left = facts.peek(fact);
    const other = facts.peek(right.fact);
    return left === PENDING || other === PENDING ? undefined : leafHolds(operator, left, other);
  };
}
