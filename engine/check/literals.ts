/** Conditions taken apart: what must hold together, and what is a choice. */
import type { Condition, Leaf } from '../condition.js';
import type { FactName } from '../facts.js';

/** A leaf that must hold, or must not. */
export interface Literal {
  readonly leaf: Leaf;
  readonly holds: boolean;
}

/** A part of a condition that must come out as `holds` says. */
export interface Part {
  readonly condition: Condition;
  readonly holds: boolean;
}

export interface Parts {
  readonly literals: readonly Literal[];
  /** Of each, at least one part must come out as it says. */
  readonly choices: readonly (readonly Part[])[];
}

/** What must hold when a part comes out as it says. */
export function partsOf(part: Part): Parts {
  const literals: Literal[] = [];
  const choices: (readonly Part[])[] = [];
  const visit = ({ condition, holds }: Part): void => {
    switch (condition.type) {
      case 'leaf':
        literals.push({ leaf: condition, holds });
        return;
      case 'not':
        visit({ condition: condition.member, holds: !holds });
        return;
      case 'all':
      case 'any': {
        const members = condition.members.map((member) => ({ condition: member, holds }));
        if ((condition.type === 'all') === holds || members.length === 1) members.forEach(visit);
        else choices.push(members);
      }
    }
  };
  visit(part);
  return { literals, choices };
}

/** Whether a literal wants its fact to be there (`true`), to be absent (`false`), or neither. */
export function wantsPresence({ leaf, holds }: Literal): boolean | undefined {
  if (leaf.operator === 'exists') {
    return leaf.right.type === 'operand' ? (leaf.right.operand === true) === holds : undefined;
  }
  return holds ? true : undefined;
}

/** Facts without which the condition cannot hold, whatever else is true. */
export function requiredFacts(condition: Condition): ReadonlySet<FactName> {
  const facts = new Set<FactName>();
  for (const literal of partsOf({ condition, holds: true }).literals) {
    if (wantsPresence(literal) !== true) continue;
    const { fact, right } = literal.leaf;
    facts.add(fact);
    if (right.type === 'fact') facts.add(right.fact);
  }
  return facts;
}
