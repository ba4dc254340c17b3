/** JSON Schema of config.yaml, for editors: the one that checks it, before variables are filled in. */
import { CONFIG_SCHEMA } from '../store/config-schema.js';
import { isList, isRecord } from '../store/data.js';
import { EXPECTS } from '../store/schema-problems.js';
import { described, type Schema } from './schema-text.js';

/** A text that the environment decides. */
const VARIABLE: Schema = described('Taken from the environment: `${NAME}` or `${NAME:-default}`.', {
  type: 'string',
  pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}',
});

/** The schema. */
export function configSchema(): Schema {
  return publish(CONFIG_SCHEMA);
}

/** Keywords whose schemas are only asked, so that a variable must not fit them. */
const ASKED = new Set(['if', 'not']);

function publish(schema: Schema): Schema {
  const { description, [EXPECTS]: expects, default: standard, ...constraints } = schema;
  const hover = hoverOf(description, expects);
  const outer = {
    ...(hover === undefined ? {} : described(hover)),
    ...(standard !== undefined && { default: standard }),
  };
  const inner = Object.fromEntries(
    Object.entries(constraints).map(([key, value]) => [
      key,
      ASKED.has(key) ? value : publishBelow(key, value),
    ]),
  );
  return mayBeText(constraints) ? { ...outer, anyOf: [inner, VARIABLE] } : { ...outer, ...inner };
}

/** Schemas stand below these keywords by name, and below those by themselves. */
const BY_NAME = new Set(['properties', '$defs', 'patternProperties']);
const BY_ITSELF = new Set(['items', 'then', 'else', 'additionalProperties']);

function publishBelow(key: string, value: unknown): unknown {
  if (BY_ITSELF.has(key) && isRecord(value)) return publish(value);
  if (!BY_NAME.has(key) || !isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isRecord(member) ? publish(member) : member]),
  );
}

function hoverOf(description: unknown, expects: unknown): string | undefined {
  if (typeof description !== 'string') return undefined;
  return typeof expects === 'string' ? `${description}\n\nValue: ${expects}.` : description;
}

/** Whether it may stand in the file as a text: a scalar always may, since variables are texts. */
function mayBeText({ type }: Schema): boolean {
  const types: readonly unknown[] = isList(type) ? type : [type];
  if (types.includes('string')) return true;
  return types.every((name) => typeof name === 'string' && name !== 'object' && name !== 'array');
}
