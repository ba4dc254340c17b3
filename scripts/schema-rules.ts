/** JSON Schema of rule files, for editors: made from the tables that check them. */
import { PLATFORM_NAMES } from '../adapters/index.js';
import { commandRows, factRows } from '../cli/table-rows.js';
import { factDefinition, type FactName } from '../engine/facts.js';
import { ID, MAX_PRIORITY } from '../engine/parse/rules.js';
import {
  DOCUMENT_SHAPE,
  EFFECTS_SHAPE,
  EXAMPLE_SHAPE,
  EXPECT_SHAPE,
  LIST_SHAPE,
  MASK_SHAPE,
  MASK_WORDS_SHAPE,
  REFUSE_SHAPE,
  RULE_SHAPE,
  SET_SHAPE,
} from '../engine/parse/shapes.js';
import { CONDITION, conditionSchema } from './schema-conditions.js';
import { COOLDOWN, LABEL, MEMORY_SCHEMAS, STAGE, STRIKE } from './schema-memory.js';
import { factDefinitions, hoverOfFact, KIND_PATTERN, valueOf } from './schema-facts.js';
import {
  ANY_TEXT,
  definition,
  described,
  listOf,
  mapping,
  oneOfWords,
  someOf,
  TEXT,
  type Schema,
} from './schema-text.js';

/** The schema. An empty file is a rule file. */
export function rulesSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Callgate rules',
    ...mapping(
      DOCUMENT_SHAPE,
      {
        lists: { type: 'object', additionalProperties: definition('list') },
        conditions: { type: 'object', additionalProperties: CONDITION },
        ...MEMORY_SCHEMAS,
        rules: { type: 'array', items: definition('rule') },
      },
      { type: ['object', 'null'] },
    ),
    $defs: {
      rule: ruleSchema(),
      condition: conditionSchema(),
      effects: effectsSchema(),
      list: {
        anyOf: [
          described('The texts themselves.', listOf(TEXT)),
          mapping(
            LIST_SHAPE,
            { description: TEXT, file: TEXT, live: { const: true } },
            { oneOf: [{ required: ['file'] }, { required: ['live'] }] },
          ),
        ],
      },
      rewrites: rewritesSchema(),
      example: exampleSchema(),
      ...factDefinitions(),
    },
  };
}

function ruleSchema(): Schema {
  return mapping(
    RULE_SHAPE,
    {
      id: { type: 'string', pattern: ID.source },
      description: TEXT,
      on: someOf(KIND_PATTERN),
      stage: STAGE,
      priority: { type: 'integer', minimum: -MAX_PRIORITY, maximum: MAX_PRIORITY, default: 0 },
      mode: oneOfWords([
        ['enforce', 'Judged, and followed.'],
        ['shadow', 'Judged and logged; changes nothing.'],
        ['off', 'Not judged.'],
      ]),
      on_error: oneOfWords([
        ['fail', 'What `onFailure` of the app says (default).'],
        ['skip', 'As if the rule did not match.'],
        ['match', 'As if the rule matched.'],
      ]),
      cooldown: COOLDOWN,
      when: { anyOf: [described('On every such event.', { const: 'always' }), CONDITION] },
      then: definition('effects'),
      examples: listOf(definition('example')),
    },
    {
      if: {
        properties: { then: { anyOf: CHANGES.map((key) => ({ required: [key] })) } },
        required: ['then', 'stage'],
      },
      then: { properties: { stage: { const: 'before' } } },
    },
  );
}

const VERDICTS = ['allow', 'refuse', 'discard'] as const;
/** Effects that come too late after the event. */
const CHANGES = [...VERDICTS, 'rewrite'] as const;

function effectsSchema(): Schema {
  const refuse = mapping(REFUSE_SHAPE, {
    reason: { type: 'integer', minimum: 1, maximum: 99, default: 1 },
    code: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        PLATFORM_NAMES.map((name) => [name, { type: 'integer', minimum: 1, maximum: 2_147_483_647 }]),
      ),
    },
    message: ANY_TEXT,
    detail: ANY_TEXT,
  });
  const pairs = VERDICTS.flatMap((verdict, index) =>
    VERDICTS.slice(index + 1).map((other) => ({ not: { required: [verdict, other] } })),
  );
  return mapping(
    EFFECTS_SHAPE,
    {
      allow: { const: true },
      refuse: { anyOf: [described('With reason 1 and a general text.', { const: true }), refuse] },
      discard: { const: true },
      rewrite: definition('rewrites'),
      tag: someOf(TEXT),
      notify: someOf(TEXT),
      strike: STRIKE,
      label: LABEL,
    },
    { minProperties: 1, allOf: pairs },
  );
}

/** Facts that some reply can change, and how. */
function rewritesSchema(): Schema {
  const rewritable = new Set(commandRows().flatMap(({ reply }) => reply.rewrites));
  const rows = factRows().filter(({ fact }) => rewritable.has(fact));
  return {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: Object.fromEntries(
      rows.map((row) => [row.fact, described(hoverOfFact(row), changeOf(row.fact))]),
    ),
  };
}

function changeOf(fact: FactName): Schema {
  const set = mapping(SET_SHAPE, { set: valueOf(fact) }, { required: ['set'] });
  if (factDefinition(fact).type !== 'string') return set;
  const words = mapping(
    MASK_WORDS_SHAPE,
    { list: TEXT, words: someOf(TEXT), with: ANY_TEXT },
    { oneOf: [{ required: ['list'] }, { required: ['words'] }] },
  );
  return { anyOf: [set, mapping(MASK_SHAPE, { mask: words }, { required: ['mask'] })] };
}

function exampleSchema(): Schema {
  const facts = definition('facts');
  const words = oneOfWords([
    ['none', 'The rule does not match.'],
    ['match', 'The rule matches.'],
    ['allow', 'The rule matches and allows.'],
    ['refuse', 'The rule matches and refuses.'],
    ['discard', 'The rule matches and discards.'],
  ]);
  const expected = mapping(EXPECT_SHAPE, {
    verdict: { enum: ['allow', 'refuse', 'discard', 'none'] },
    message: ANY_TEXT,
    rewrite: facts,
    tag: someOf(TEXT),
    strike: someOf(TEXT),
    label: someOf(TEXT),
  });
  return mapping(EXAMPLE_SHAPE, {
    given: facts,
    lists: { type: 'object', additionalProperties: { type: 'array', items: TEXT } },
    expect: { anyOf: [words, expected] },
  });
}
