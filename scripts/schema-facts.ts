/** Schemas of facts, kinds and operators: names with their meaning, and values by type. */
import { PLATFORM_NAMES } from '../adapters/index.js';
import { commandRows, factRows, operatorRows, type FactRow } from '../cli/table-rows.js';
import { FACT_NAMES, factDefinition, type FactName, type FactType } from '../engine/facts.js';
import { KIND_NAMES, KINDS, kindsMatching } from '../engine/kinds.js';
import { STATE_FACTS } from '../engine/state-facts.js';
import { ANY_TEXT, definition, described, oneOfWords, TEXT, type Schema } from './schema-text.js';

export const FACT_TYPES = [
  'string',
  'number',
  'boolean',
  'time',
  'strings',
] as const satisfies readonly FactType[];

/** Names of the definitions that this file adds. */
export const FACT = definition('fact');
export const KIND_PATTERN = definition('kind');
export const OPERATOR = definition('operator');

export function factsOfType(type: FactType): readonly FactName[] {
  return FACT_NAMES.filter((name) => factDefinition(name).type === type);
}

/** Names of facts about what is remembered, by the type of their values. */
const STATE_NAMES: Readonly<Partial<Record<FactType, Schema>>> = {
  number: { type: 'string', pattern: '^(count|strikes)\\.' },
  boolean: { type: 'string', pattern: '^label\\.' },
};

/** The name of a fact, of the event or of what is remembered. */
export const ANY_FACT: Schema = {
  anyOf: [
    FACT,
    ...Object.entries(STATE_FACTS).map(([kind, { meaning }]) =>
      described(meaning, { type: 'string', pattern: `^${kind}\\.[\\p{L}\\p{N}]` }),
    ),
  ],
};

function namesOfType(type: FactType): Schema {
  const names: Schema = { enum: factsOfType(type) };
  const remembered = STATE_NAMES[type];
  return remembered === undefined ? names : { anyOf: [names, remembered] };
}

/** A value of a fact as examples and rewrites write it. */
const VALUES: Readonly<Record<FactType, Schema>> = {
  string: ANY_TEXT,
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  time: described('An ISO 8601 time, or milliseconds since 1970.', {
    anyOf: [{ type: 'string', pattern: '^[0-9]{4}' }, { type: 'integer' }],
  }),
  strings: { type: 'array', items: TEXT },
};

export function valueOf(fact: FactName): Schema {
  const { type, values } = factDefinition(fact);
  return values === undefined ? definition(`value-${type}`) : { anyOf: [{ enum: values }, VALUES[type]] };
}

/** The definitions by name. */
export function factDefinitions(): Readonly<Record<string, Schema>> {
  return {
    fact: oneOfWords(factRows().map((row) => [row.fact, hoverOfFact(row)])),
    ...Object.fromEntries(FACT_TYPES.map((type) => [`fact-${type}`, namesOfType(type)])),
    ...Object.fromEntries(FACT_TYPES.map((type) => [`value-${type}`, VALUES[type]])),
    kind: oneOfWords(kindPatterns()),
    operator: oneOfWords(
      operatorRows().map(({ operator, meaning, facts, wants, written }) => [
        operator,
        `${meaning}\n\nFacts: ${facts.join(', ')}. Wants ${wants}: ${written.map((form) => `\`${form}\``).join(' or ')}.`,
      ]),
    ),
    facts: described('Facts and their values.', {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        factRows().map((row) => [row.fact, described(hoverOfFact(row), valueOf(row.fact))]),
      ),
      patternProperties: { '^(count|strikes)\\.': VALUES.number, '^label\\.': VALUES.boolean },
    }),
  };
}

/** Meaning, type, values, and who tells it. */
export function hoverOfFact({ type, meaning, values, commands }: FactRow): string {
  const told = PLATFORM_NAMES.filter((name) => commands[name] > 0);
  const by =
    told.length === 0 ? 'No command' : told.map((name) => `${name} (${commands[name]} commands)`).join(', ');
  const words = values === null ? '' : ` One of ${values.map((value) => `\`${value}\``).join(', ')}.`;
  return `${meaning}${words}\n\nType: ${type}. Told by ${by}.`;
}

/** Everything that `on` can say. */
function kindPatterns(): readonly (readonly [pattern: string, meaning: string])[] {
  const globs = KIND_NAMES.flatMap((kind) => {
    const words = kind.split('.');
    return words.slice(1).map((_, index) => `${words.slice(0, index + 1).join('.')}.*`);
  });
  const rows = commandRows();
  return [
    ...KIND_NAMES.map((kind) => {
      const told = rows.filter((row) => row.kind === kind);
      const who = PLATFORM_NAMES.flatMap((name) => {
        const stages = new Set(told.flatMap((row) => (row.platform === name ? [row.stage] : [])));
        return stages.size === 0 ? [] : [`${name} (${[...stages].join(', ')})`];
      });
      return [kind, `${KINDS[kind].meaning}\n\nAnnounced by ${who.join(', ')}.`] as const;
    }),
    ...[...new Set(globs)].map(
      (glob) =>
        [
          glob,
          `All of ${kindsMatching(glob)
            .map((kind) => `\`${kind}\``)
            .join(', ')}.`,
        ] as const,
    ),
    ['*', 'All events.'],
  ];
}
