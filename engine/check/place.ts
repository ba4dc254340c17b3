/** Where parts of a rule's condition are written. */
import { leavesOf, type Condition, type Leaf } from '../condition.js';
import { childOf, type Node } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';

/** The node of a leaf in a rule; where it comes in by a shared condition, the reference to that. */
export function placeOfLeaf({ node, condition }: Rule, leaf: Leaf): Node {
  const when = memberOf(node, 'when');
  return find(condition, when, leaf) ?? when;
}

function find(condition: Condition, node: Node, leaf: Leaf): Node | undefined {
  if (condition === leaf) return node;
  if (isReference(node)) return [...leavesOf(condition)].includes(leaf) ? node : undefined;
  switch (condition.type) {
    case 'leaf':
      return undefined;
    case 'not':
      return find(condition.member, memberOf(node, 'not'), leaf);
    case 'all':
    case 'any': {
      const list = memberOf(node, condition.type);
      return firstOf(condition.members, (member, index) => find(member, memberOf(list, index), leaf));
    }
  }
}

/** Whether a node stands for a shared condition, so that its parts are written elsewhere. */
export function isReference({ value }: Node): boolean {
  return typeof value === 'object' && value !== null && 'condition' in value;
}

/** A member of what is written, wherever that is there. */
export function memberOf(node: Node, key: string | number): Node {
  const { value } = node;
  return childOf(
    node,
    key,
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
  );
}

/** The node of an effect of a rule. @param path below `then` */
export function placeOfEffect({ node }: Rule, path: readonly string[]): Node {
  return ['then', ...path].reduce(memberOf, node);
}

function firstOf<T, U>(items: readonly T[], look: (item: T, index: number) => U | undefined): U | undefined {
  for (const [index, item] of items.entries()) {
    const found = look(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
