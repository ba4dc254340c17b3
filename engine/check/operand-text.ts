/** Operands in words: to compare tests with each other, and to show them. */
import { RE2JS } from 're2js';
import type { Leaf, Right } from '../condition.js';
import type { List } from '../list.js';
import type { Operand } from '../operand.js';
import type { OperatorName } from '../operators.js';

/** Characters of an operand that are shown. */
const MOST = 40;

export function isList(operand: Operand): operand is List {
  return typeof operand === 'object' && 'entries' in operand && 'words' in operand;
}

/** Whether something is compared with entries that are not known before it happens. */
export function isLive(right: Right): boolean {
  return right.type === 'operand' && isList(right.operand) && right.operand.live !== undefined;
}

export function isNumberSet(operand: Operand): operand is ReadonlySet<number> {
  return operand instanceof Set;
}

/** Equal for rights that compare with the same. */
export function rightKey(right: Right): string {
  return right.type === 'fact' ? `{ fact: ${right.fact} }` : operandText(right.operand);
}

function operandText(operand: Operand): string {
  if (typeof operand !== 'object') return JSON.stringify(operand);
  if (operand instanceof RE2JS) return JSON.stringify(operand.pattern());
  if (isNumberSet(operand)) return listText([...operand]);
  if (isList(operand)) return operand.name === '' ? listText(operand.entries) : `{ list: ${operand.name} }`;
  if ('days' in operand) return `${listText([...operand.days])} in ${operand.zone}`;
  if ('zone' in operand) return `${operand.from} to ${operand.to} in ${operand.zone}`;
  return listText([...operand].map((item) => (typeof item === 'number' ? item : item.join('/'))));
}

function listText(items: readonly (string | number)[]): string {
  return `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
}

/** An operator that holds for a fact that is there exactly when another does not. */
const OPPOSITES: Readonly<Partial<Record<OperatorName, OperatorName>>> = {
  notEqual: 'equal',
  notIn: 'in',
  doesNotContain: 'contains',
  containsNone: 'containsAny',
};

/** What a leaf asks of a fact that is there: equal keys ask the same, or with another `sense` the opposite. */
export function testKey({ operator, right }: Leaf): { readonly key: string; readonly sense: boolean } {
  const opposite = OPPOSITES[operator];
  return { key: `${opposite ?? operator} ${rightKey(right)}`, sense: opposite === undefined };
}

/** A test for messages: `in ["alice", "bob"]`. */
export function testText({ operator, right }: Leaf): string {
  const text = rightKey(right);
  return `${operator} ${text.length > MOST ? `${text.slice(0, MOST)}…` : text}`;
}
