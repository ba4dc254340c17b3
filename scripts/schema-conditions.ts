/** Schema of conditions: json-rules-engine's own format, with names and types. */
import type { FactType } from '../engine/facts.js';
import { CLOCK, OPERANDS, TIME, WEEKDAYS, type OperandKind, type OperandName } from '../engine/operand.js';
import { OPERATOR_NAMES, operatorDefinition, type OperatorName } from '../engine/operators.js';
import {
  ALL_SHAPE,
  ANY_SHAPE,
  FACT_REFERENCE_SHAPE,
  LEAF_SHAPE,
  LIST_REFERENCE_SHAPE,
  NOT_SHAPE,
  REFERENCE_SHAPE,
} from '../engine/parse/shapes.js';
import { ANY_FACT, FACT, FACT_TYPES, OPERATOR } from './schema-facts.js';
import { definition, described, listOf, mapping, someOf, TEXT, type Schema } from './schema-text.js';

export const CONDITION = definition('condition');

/** A group, a reference or a leaf, told apart by its keys. */
export function conditionSchema(): Schema {
  const others = { ...ALL_SHAPE, ...ANY_SHAPE, ...NOT_SHAPE, ...REFERENCE_SHAPE };
  const members = {
    all: listOf(CONDITION),
    any: listOf(CONDITION),
    not: CONDITION,
    condition: TEXT,
    fact: ANY_FACT,
    by: someOf(FACT),
    operator: OPERATOR,
    value: {},
  };
  const { required, ...schema } = mapping({ ...others, ...LEAF_SHAPE }, members);
  return described('A condition: `all`, `any`, `not`, `condition`, or `fact`, `operator` and `value`.', {
    ...schema,
    if: { anyOf: Object.keys(others).map((key) => ({ required: [key] })) },
    then: { maxProperties: 1 },
    else: { required, allOf: [...FACT_TYPES.map(operatorsFor), ...valueRules()] },
  });
}

/** An operator must be able to look at the fact. */
function operatorsFor(type: FactType): Schema {
  const able = OPERATOR_NAMES.filter((name) => operatorDefinition(name).facts.includes(type));
  return {
    if: { properties: { fact: definition(`fact-${type}`) }, required: ['fact'] },
    then: { properties: { operator: { enum: able } } },
  };
}

/** What `value` must be for an operator on a type of facts; operators that want the same share a rule. */
function valueRules(): readonly Schema[] {
  const groups = new Map<
    string,
    { type: FactType; operand: OperandName; other?: FactType; names: OperatorName[] }
  >();
  for (const name of OPERATOR_NAMES) {
    const { facts, operand, otherFact } = operatorDefinition(name);
    for (const type of facts) {
      const other = otherFact?.[type];
      const key = `${type} ${operand} ${other ?? ''}`;
      const group = groups.get(key) ?? { type, operand, ...(other !== undefined && { other }), names: [] };
      groups.set(key, { ...group, names: [...group.names, name] });
    }
  }
  return [...groups.values()].map(({ type, operand, other, names }) => ({
    if: {
      properties: { fact: definition(`fact-${type}`), operator: { enum: names } },
      required: ['fact', 'operator'],
    },
    then: { properties: { value: valueFor(operand, type, other) } },
  }));
}

function valueFor(operand: OperandName, type: FactType, other: FactType | undefined): Schema {
  const { wants, example, takesList }: OperandKind = OPERANDS[operand];
  const list = mapping(LIST_REFERENCE_SHAPE, { list: TEXT }, { required: ['list'] });
  const forms = [
    SCHEMAS[operand](type),
    ...(takesList && type !== 'number' ? [list] : []),
    ...(other === undefined
      ? []
      : [mapping(FACT_REFERENCE_SHAPE, { fact: definition(`fact-${other}`) }, { required: ['fact'] })]),
  ];
  const [only] = forms;
  const hover = `${wants.charAt(0).toUpperCase()}${wants.slice(1)}, such as \`${example}\`.`;
  return described(hover, forms.length === 1 ? only : { anyOf: forms });
}

const NUMBER: Schema = { type: 'number' };
const MOMENT: Schema = { anyOf: [{ type: 'string', pattern: TIME.source }, NUMBER] };
const ZONE = described('A time zone such as Asia/Shanghai.', TEXT);
const CLOCK_TEXT = described('HH:MM', { type: 'string', pattern: CLOCK.source });
const NETWORK: Schema = { type: 'string', pattern: '^[^\\s/]+(/[0-9]{1,3})?$' };

function numeric(type: FactType): Schema {
  return type === 'time' ? MOMENT : NUMBER;
}

function scalar(type: FactType): Schema {
  return type === 'string' || type === 'boolean' ? { type } : numeric(type);
}

/** What each kind of operand looks like. */
const SCHEMAS: Readonly<Record<OperandName, (type: FactType) => Schema>> = {
  same: scalar,
  order: numeric,
  members: (type) => listOf(scalar(type)),
  text: () => TEXT,
  texts: () => someOf(TEXT),
  words: () => listOf(TEXT),
  pattern: () => TEXT,
  networks: () => someOf(NETWORK),
  range: (type) => ({ type: 'array', minItems: 2, maxItems: 2, items: numeric(type) }),
  flag: () => ({ type: 'boolean' }),
  count: () => ({ type: 'integer', minimum: 0 }),
  clock: () => ({
    type: 'object',
    additionalProperties: false,
    properties: { from: CLOCK_TEXT, to: CLOCK_TEXT, zone: ZONE },
    required: ['from', 'to', 'zone'],
  }),
  days: () => ({
    type: 'object',
    additionalProperties: false,
    properties: { days: listOf({ enum: WEEKDAYS }), zone: ZONE },
    required: ['days', 'zone'],
  }),
};
