/** The test of a leaf, the same one for json-rules-engine and for compiled predicates. */
import type { Leaf, Right } from './condition.js';
import type { FactValue } from './facts.js';
import { operatorDefinition, type Test } from './operators.js';

/** What a leaf compares with once it is at hand: a prepared test, or the value of the other fact. */
export type RightValue = Test | FactValue | undefined;

/**
 * Whether a leaf holds. The trap of absent facts is closed here: they fail every operator but `exists`.
 *
 * @param left the fact's value, `undefined` when it is absent
 */
export function leafHolds(
  operator: Leaf['operator'],
  left: FactValue | undefined,
  right: RightValue,
): boolean {
  if (right === undefined) return false;
  if (operator === 'exists') return typeof right === 'function' && right('') === (left !== undefined);
  if (left === undefined) return false;
  return typeof right === 'function' ? right(left) : operatorDefinition(operator).prepare(right)(left);
}

const tests = new WeakMap<Right, Test>();

/** The prepared test of an operand, built when it is first needed. */
export function testOf(operator: Leaf['operator'], right: Extract<Right, { type: 'operand' }>): Test {
  let test = tests.get(right);
  if (test === undefined) {
    test = operatorDefinition(operator).prepare(right.operand);
    tests.set(right, test);
  }
  return test;
}
