/** Schemas of what is remembered: counters, ladders, labels, and the effects that tell them. */
import { DURATION } from '../engine/duration.js';
import {
  COOLDOWN_SHAPE,
  COUNTER_SHAPE,
  LABEL_EFFECT_SHAPE,
  LABEL_SHAPE,
  LADDER_SHAPE,
  STRIKE_SHAPE,
} from '../engine/parse/shapes.js';
import { CONDITION } from './schema-conditions.js';
import { FACT, KIND_PATTERN } from './schema-facts.js';
import { described, listOf, mapping, oneOfWords, someOf, TEXT, type Schema } from './schema-text.js';

const LENGTH: Schema = described('A length of time: 30s, 10m, 1h, 7d.', {
  type: 'string',
  pattern: DURATION.source,
});
const NAMES: Schema = { pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}_-]*$' };

const scope = oneOfWords([
  ['app', 'Each app by itself (default).'],
  ['all', 'All apps, of both platforms, together.'],
]);

const orNothing = (schema: Schema): Schema => ({ ...schema, type: ['object', 'null'] });

/** Stages as rules and counters name them. */
export const STAGE = oneOfWords([
  ['before', 'When the platform asks first, and obeys the reply.'],
  ['after', 'When the platform reports what has happened.'],
  ['any', 'Both.'],
]);

/** The mappings of a rule file that declare what is remembered. */
export const MEMORY_SCHEMAS = {
  counters: {
    type: 'object',
    propertyNames: NAMES,
    additionalProperties: mapping(COUNTER_SHAPE, {
      description: TEXT,
      on: someOf(KIND_PATTERN),
      stage: STAGE,
      by: someOf(FACT),
      distinct: FACT,
      window: LENGTH,
      where: CONDITION,
      count: oneOfWords([
        ['attempts', 'Every event (default).'],
        ['allowed', 'Events that the rules let happen.'],
      ]),
      scope,
    }),
  },
  ladders: {
    type: 'object',
    propertyNames: NAMES,
    additionalProperties: orNothing(
      mapping(LADDER_SHAPE, { description: TEXT, by: someOf(FACT), decay: LENGTH, scope }),
    ),
  },
  labels: {
    type: 'object',
    propertyNames: NAMES,
    additionalProperties: orNothing(mapping(LABEL_SHAPE, { description: TEXT, scope })),
  },
} as const satisfies Readonly<Record<string, Schema>>;

export const COOLDOWN: Schema = mapping(COOLDOWN_SHAPE, { for: LENGTH, by: someOf(FACT) });

const oneOrMore = (schema: Schema): Schema => ({ anyOf: [schema, listOf(schema)] });

export const STRIKE: Schema = oneOrMore(mapping(STRIKE_SHAPE, { ladder: TEXT, by: someOf(FACT) }));

export const LABEL: Schema = oneOrMore(
  mapping(LABEL_EFFECT_SHAPE, { target: FACT, name: TEXT, for: LENGTH }),
);
