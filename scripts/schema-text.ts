/** Pieces that all schemas are made of. */
import type { Shape } from '../engine/parse/node.js';

export type Schema = Readonly<Record<string, unknown>>;

/** What editors show: `markdownDescription` where they know it, else the plain text. */
export function described(markdown: string, schema: Schema = {}): Schema {
  return { description: markdown.replaceAll('`', ''), markdownDescription: markdown, ...schema };
}

/** One of a few words, each with its meaning. */
export function oneOfWords(words: readonly (readonly [word: string, meaning: string])[]): Schema {
  return { anyOf: words.map(([word, meaning]) => described(meaning, { const: word })) };
}

/** A mapping with exactly the keys of a shape. The types make sure that none is forgotten. */
export function mapping<S extends Shape>(
  shape: S,
  members: Readonly<Record<keyof S & string, Schema>>,
  more: Schema = {},
): Schema {
  const keys = Object.keys(shape) as (keyof S & string)[];
  const required = keys.filter((key) => shape[key]?.isRequired === true);
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      keys.map((key) => [key, described(shape[key]?.meaning ?? '', members[key])]),
    ),
    ...(required.length > 0 && { required }),
    ...more,
  };
}

/** A schema of the definitions. */
export function definition(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

export function listOf(items: Schema): Schema {
  return { type: 'array', minItems: 1, items };
}

/** One, or a list of them. */
export function someOf(items: Schema): Schema {
  return { anyOf: [items, listOf(items)] };
}

export const TEXT: Schema = { type: 'string', minLength: 1 };
export const ANY_TEXT: Schema = { type: 'string' };
