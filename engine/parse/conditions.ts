/** Reads conditions: json-rules-engine's own format, with every name and type checked. */
import type { Condition, Leaf, Right } from '../condition.js';
import { FACT_NAMES, factDefinition, isFactName, type EventFactName, type FactName } from '../facts.js';
import type { List } from '../list.js';
import type { Memory } from '../memory.js';
import { hintFor } from '../nearest.js';
import { OPERANDS, OperandError, type OperandKind } from '../operand.js';
import { isStateFact } from '../state-facts.js';
import {
  isOperatorName,
  operatorDefinition,
  OPERATOR_NAMES,
  type OperatorDefinition,
  type OperatorName,
} from '../operators.js';
import {
  childOf,
  describe,
  problemAt,
  readList,
  readMapping,
  readText,
  type Node,
  type Report,
} from './node.js';
import { readStateFactName } from './state-facts.js';
import {
  ALL_SHAPE,
  ANY_SHAPE,
  FACT_REFERENCE_SHAPE,
  LEAF_SHAPE,
  LIST_REFERENCE_SHAPE,
  NOT_SHAPE,
  REFERENCE_SHAPE,
} from './shapes.js';

/** Names that conditions may refer to. */
export interface Scope {
  readonly lists: ReadonlyMap<string, List>;
  readonly memory: Memory;
  /** Resolves a shared condition; reports at `node` when there is none or it leads back to itself. */
  condition(name: string, node: Node, report: Report): Condition | undefined;
}

/** @returns the condition, or `undefined` after at least one report */
export function parseCondition(node: Node, scope: Scope, report: Report): Condition | undefined {
  const keys = typeof node.value === 'object' && node.value !== null ? Object.keys(node.value) : [];
  if (keys.includes('all')) return parseGroup('all', ALL_SHAPE, node, scope, report);
  if (keys.includes('any')) return parseGroup('any', ANY_SHAPE, node, scope, report);
  if (keys.includes('not')) return parseNegation(node, scope, report);
  if (keys.includes('condition')) {
    const name = readMapping(node, REFERENCE_SHAPE, 'a reference to a shared condition', report)?.condition;
    const text = name === undefined ? undefined : readText(name, report);
    return name === undefined || text === undefined ? undefined : scope.condition(text, name, report);
  }
  return parseLeaf(node, scope, report);
}

function parseGroup(
  type: 'all' | 'any',
  shape: typeof ALL_SHAPE | typeof ANY_SHAPE,
  node: Node,
  scope: Scope,
  report: Report,
): Condition | undefined {
  const group: Readonly<Record<string, Node>> =
    readMapping(node, shape, `an \`${type}\` group`, report) ?? {};
  const list = group[type];
  if (list === undefined) {
    reportEmpty(childOf(node, type, null), report);
    return undefined;
  }
  const members = readList(list, report)?.map((member) => parseCondition(member, scope, report));
  return members?.every((member) => member !== undefined) === true ? { type, members } : undefined;
}

function reportEmpty(node: Node, report: Report): void {
  report(
    problemAt(node, 'empty-group', 'The group is empty.', { hint: 'Add a condition, or remove the group.' }),
  );
}

function parseNegation(node: Node, scope: Scope, report: Report): Condition | undefined {
  const inner = readMapping(node, NOT_SHAPE, 'a `not`', report)?.not;
  if (inner === undefined) {
    reportEmpty(childOf(node, 'not', null), report);
    return undefined;
  }
  const member = parseCondition(inner, scope, report);
  return member === undefined ? undefined : { type: 'not', member };
}

function parseLeaf(node: Node, scope: Scope, report: Report): Leaf | undefined {
  const members = readMapping(
    node,
    LEAF_SHAPE,
    'a condition (fact, operator, value; or all, any, not, condition)',
    report,
  );
  if (members === undefined) return undefined;
  const fact =
    members.fact === undefined ? undefined : readAnyFactName(members.fact, members.by, scope, report);
  const operator = members.operator === undefined ? undefined : readOperatorName(members.operator, report);
  if (fact === undefined || operator === undefined || members.value === undefined) return undefined;
  const definition = operatorDefinition(operator);
  const { type } = factDefinition(fact);
  if (!definition.facts.includes(type)) {
    report(
      problemAt(
        members.operator ?? node,
        'operator-for-fact',
        `\`${operator}\` cannot look at \`${fact}\`, which is a ${type}.`,
        {
          hint: hintFor('', operatorsFor(fact)),
        },
      ),
    );
    return undefined;
  }
  const right = parseRight(members.value, fact, operator, scope, report);
  return right === undefined ? undefined : { type: 'leaf', fact, operator, right };
}

function operatorsFor(fact: FactName): readonly OperatorName[] {
  const { type } = factDefinition(fact);
  return OPERATOR_NAMES.filter((name) => operatorDefinition(name).facts.includes(type));
}

/** Reads the name of a fact that events carry. */
export function readFactName(node: Node, report: Report): EventFactName | undefined {
  const name = readText(node, report);
  if (name === undefined || isFactName(name)) return name;
  const hint = isStateFact(name) ? 'Only facts of the event are possible here.' : hintFor(name, FACT_NAMES);
  report(problemAt(node, 'unknown-fact', `Unknown fact \`${name}\`.`, { hint }));
  return undefined;
}

/** Reads the name of a fact, of the event or of what is remembered. @param by whose, where the author says it */
export function readAnyFactName(
  node: Node,
  by: Node | undefined,
  { memory }: Pick<Scope, 'memory'>,
  report: Report,
): FactName | undefined {
  const { value } = node;
  if (typeof value === 'string' && isStateFact(value))
    return readStateFactName(node, value, by, memory, report);
  if (by !== undefined) {
    report(problemAt(by, 'unknown-key', '`by` goes with counts, strikes and labels only.', { atKey: true }));
  }
  return readFactName(node, report);
}

function readOperatorName(node: Node, report: Report): OperatorName | undefined {
  const name = readText(node, report);
  if (name === undefined || isOperatorName(name)) return name;
  report(
    problemAt(node, 'unknown-operator', `Unknown operator \`${name}\`.`, {
      hint: hintFor(name, OPERATOR_NAMES),
    }),
  );
  return undefined;
}

function parseRight(
  node: Node,
  fact: FactName,
  operator: OperatorName,
  scope: Scope,
  report: Report,
): Right | undefined {
  const definition = operatorDefinition(operator);
  const operand: OperandKind = OPERANDS[definition.operand];
  if (isReferenceTo('list', node.value)) {
    const list = readListReference(node, scope, report);
    if (list === undefined) return undefined;
    if (operand.fromList === undefined || factDefinition(fact).type === 'number') {
      report(
        problemAt(node, 'wrong-operand', `\`${operator}\` on \`${fact}\` takes no list.`, {
          hint: wants(operand),
        }),
      );
      return undefined;
    }
    const prepared = operand.fromList(list);
    if (!(prepared instanceof OperandError)) return { type: 'operand', operand: prepared };
    report(
      problemAt(
        node,
        'wrong-operand',
        `The list \`${list.name}\` does not fit \`${operator}\`: ${prepared.message}.`,
      ),
    );
    return undefined;
  }
  if (isReferenceTo('fact', node.value))
    return parseOtherFact(node, fact, operator, definition, scope, report);
  const prepared = operand.parse(node.value, factDefinition(fact).type);
  if (prepared !== undefined && !(prepared instanceof OperandError)) {
    return { type: 'operand', operand: prepared };
  }
  const why = prepared === undefined ? `found ${describe(node.value)}` : prepared.message;
  report(
    problemAt(node, 'wrong-operand', `\`${operator}\` on \`${fact}\` wants ${operand.wants}: ${why}.`, {
      hint: wants(operand),
    }),
  );
  return undefined;
}

function wants(operand: OperandKind): string {
  return `For example \`value: ${operand.example}\`${operand.takesList ? ' or `value: { list: name }`' : ''}.`;
}

function isReferenceTo(key: string, value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key);
}

/** Reads `{ list: name }`. */
export function readListReference(node: Node, scope: Pick<Scope, 'lists'>, report: Report): List | undefined {
  const member = readMapping(node, LIST_REFERENCE_SHAPE, 'a reference to a list', report)?.list;
  return member === undefined ? undefined : readListName(member, scope.lists, report);
}

/** Reads the name of a list. */
export function readListName(node: Node, lists: ReadonlyMap<string, List>, report: Report): List | undefined {
  const name = readText(node, report);
  if (name === undefined) return undefined;
  const list = lists.get(name);
  if (list === undefined) {
    const hint = lists.size === 0 ? 'No file defines a list.' : hintFor(name, [...lists.keys()]);
    report(problemAt(node, 'unknown-list', `Unknown list \`${name}\`.`, { hint }));
  }
  return list;
}

function parseOtherFact(
  node: Node,
  fact: FactName,
  operator: OperatorName,
  definition: OperatorDefinition,
  scope: Scope,
  report: Report,
): Right | undefined {
  const member = readMapping(node, FACT_REFERENCE_SHAPE, 'a reference to a fact', report)?.fact;
  const other = member === undefined ? undefined : readAnyFactName(member, undefined, scope, report);
  if (member === undefined || other === undefined) return undefined;
  const wanted = definition.otherFact?.[factDefinition(fact).type];
  if (wanted === factDefinition(other).type) return { type: 'fact', fact: other };
  report(
    problemAt(
      member,
      'wrong-operand',
      wanted === undefined
        ? `\`${operator}\` on \`${fact}\` cannot be compared with another fact.`
        : `\`${operator}\` on \`${fact}\` can be compared with a ${wanted}; \`${other}\` is a ${factDefinition(other).type}.`,
    ),
  );
  return undefined;
}
