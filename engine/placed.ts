/** Conditions together with the places where they are written, for reports that point at them. */
import { ALWAYS, type Condition, type Leaf } from './condition.js';
import { childOf, type Node } from './parse/node.js';
import type { Rule } from './parse/rules.js';

interface Placed {
  /** What is written; of a use of a shared condition, the shared condition itself. */
  readonly node: Node;
  /** Name of the shared condition, when it is one. */
  readonly shared?: string;
}

export interface PlacedGroup extends Placed {
  readonly type: 'all' | 'any' | 'not';
  readonly members: readonly PlacedCondition[];
}

export interface PlacedLeaf extends Placed {
  readonly type: 'leaf';
  readonly leaf: Leaf;
}

export type PlacedCondition = PlacedGroup | PlacedLeaf;

/** Where each part of a rule's `when` stands; `undefined` when it is `always`. */
export function placeRule(
  { condition, node }: Rule,
  shared: ReadonlyMap<string, Node>,
): PlacedCondition | undefined {
  return condition === ALWAYS ? undefined : place(condition, memberOf(node, 'when'), shared);
}

/** @param node what the condition was parsed from, so that both have the same shape */
function place(condition: Condition, node: Node, shared: ReadonlyMap<string, Node>): PlacedCondition {
  const name = memberOf(node, 'condition').value;
  const target = typeof name === 'string' ? shared.get(name) : undefined;
  if (typeof name === 'string' && target !== undefined) {
    return { ...place(condition, target, shared), shared: name };
  }
  switch (condition.type) {
    case 'leaf':
      return { type: 'leaf', node, leaf: condition };
    case 'not':
      return { type: 'not', node, members: [place(condition.member, memberOf(node, 'not'), shared)] };
    case 'all':
    case 'any': {
      const list = memberOf(node, condition.type);
      const members = condition.members.map((member, index) => place(member, memberOf(list, index), shared));
      return { type: condition.type, node, members };
    }
  }
}

function memberOf(node: Node, key: string | number): Node {
  const { value } = node;
  return childOf(
    node,
    key,
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
  );
}

/** All leaves of a condition, in order. */
export function* placedLeavesOf(condition: PlacedCondition): Generator<PlacedLeaf> {
  if (condition.type === 'leaf') yield condition;
  else for (const member of condition.members) yield* placedLeavesOf(member);
}
