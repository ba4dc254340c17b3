/** Conditions as they are judged: checked, shared ones expanded, operands prepared. */
import type { FactName } from './facts.js';
import type { Operand } from './operand.js';
import type { OperatorName } from './operators.js';

export type Condition = Group | Negation | Leaf;

export interface Group {
  readonly type: 'all' | 'any';
  /** Never empty. */
  readonly members: readonly Condition[];
}

export interface Negation {
  readonly type: 'not';
  readonly member: Condition;
}

export interface Leaf {
  readonly type: 'leaf';
  readonly fact: FactName;
  readonly operator: OperatorName;
  readonly right: Right;
}

/** What the fact is compared with: something known beforehand, or another fact of the event. */
export type Right =
  | { readonly type: 'operand'; readonly operand: Operand }
  | { readonly type: 'fact'; readonly fact: FactName };

/** All leaves of a condition, in order. */
export function* leavesOf(condition: Condition): Generator<Leaf> {
  switch (condition.type) {
    case 'leaf':
      yield condition;
      return;
    case 'not':
      yield* leavesOf(condition.member);
      return;
    case 'all':
    case 'any':
      for (const member of condition.members) yield* leavesOf(member);
  }
}

/** The facts that a condition looks at. */
export function factsOfCondition(condition: Condition): ReadonlySet<FactName> {
  const facts = new Set<FactName>();
  for (const { fact, right } of leavesOf(condition)) {
    facts.add(fact);
    if (right.type === 'fact') facts.add(right.fact);
  }
  return facts;
}

/** A condition that always holds. */
export const ALWAYS: Condition = {
  type: 'leaf',
  fact: 'event.kind',
  operator: 'exists',
  right: { type: 'operand', operand: true },
};
