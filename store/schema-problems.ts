/** What a JSON Schema validator finds, as problems. */
import type { ErrorObject } from 'ajv';
import { enumerate, hintFor } from '../engine/nearest.js';
import type { DataPath, Problem, ProblemCode } from '../engine/problem.js';
import { childOf, isRecord } from './data.js';

/**
 * Keyword of our own schemas, for the validator no more than a note: what a value must be, in words that
 * end "Expected ...". Used where a pattern or a choice of types says it badly.
 */
export const EXPECTS = 'expects';

/** A validator must be called with these options for {@link problemsFromAjv}. */
export const AJV_OPTIONS = { allErrors: true, verbose: true } as const;

interface Finding {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string | undefined;
  /** A key below the path of the error. */
  readonly key?: string;
  readonly atKey?: true;
}

type Reader = (error: ErrorObject, path: DataPath) => Finding | null;

const TYPES: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
  null: 'nothing',
};

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'boolean') return `\`${String(value)}\``;
  const type = Array.isArray(value) ? 'array' : typeof value;
  return TYPES[type] ?? type;
}

function nameOf(path: DataPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'The file';
  return typeof last === 'string' ? `\`${last}\`` : `Entry ${last + 1}`;
}

function annotation(error: ErrorObject, name: string): string | undefined {
  const value: unknown = error.parentSchema?.[name];
  return typeof value === 'string' ? value : undefined;
}

function parameter(error: ErrorObject, name: string): string {
  const params: Readonly<Record<string, unknown>> = error.params;
  const value = params[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function expected(error: ErrorObject): string | undefined {
  return annotation(error, EXPECTS);
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function wrongValue(say: (error: ErrorObject) => string): Reader {
  return (error, path) => ({
    code: 'wrong-value',
    message: `${nameOf(path)}: expected ${expected(error) ?? say(error)}.`,
  });
}

const unknownKey: Reader = (error) => {
  const key = parameter(error, 'additionalProperty') || parameter(error, 'unevaluatedProperty');
  const properties: unknown = error.parentSchema?.['properties'];
  const known = isRecord(properties) ? Object.keys(properties) : [];
  return {
    code: 'unknown-key',
    message: `Unknown key \`${key}\`.`,
    hint: hintFor(key, known),
    key,
    atKey: true,
  };
};

const wrongType: Reader = (error, path) => {
  const wanted = (Array.isArray(error.schema) ? texts(error.schema) : [parameter(error, 'type')])
    .map((type) => TYPES[type] ?? type)
    .join(' or ');
  const message = `${nameOf(path)}: expected ${expected(error) ?? wanted}, found ${typeOf(error.data)}.`;
  return { code: 'wrong-type', message };
};

const oneOfWords: Reader = (error, path) => {
  const words = texts(error.schema);
  return {
    code: 'wrong-value',
    message: `${nameOf(path)}: expected one of ${enumerate(words)}.`,
    hint: typeof error.data === 'string' && error.data !== '' ? hintFor(error.data, words) : undefined,
  };
};

/** Keywords whose errors only say that others have been found. */
const dropped: Reader = () => null;

const READERS: Readonly<Record<string, Reader>> = {
  additionalProperties: unknownKey,
  unevaluatedProperties: unknownKey,
  required: (error) => {
    const key = parameter(error, 'missingProperty');
    const hint = childOf(childOf(childOf(error.parentSchema, 'properties'), key), 'description');
    return {
      code: 'missing-key',
      message: `The key \`${key}\` is missing.`,
      hint: typeof hint === 'string' ? hint : undefined,
    };
  },
  type: wrongType,
  enum: oneOfWords,
  const: wrongValue((error) => `\`${String(error.schema)}\``),
  minimum: wrongValue((error) => `a number from ${parameter(error, 'limit')}`),
  maximum: wrongValue((error) => `a number up to ${parameter(error, 'limit')}`),
  minLength: wrongValue((error) => `at least ${parameter(error, 'limit')} characters`),
  maxLength: wrongValue((error) => `at most ${parameter(error, 'limit')} characters`),
  minItems: wrongValue((error) => `at least ${parameter(error, 'limit')} entries`),
  maxItems: wrongValue((error) => `at most ${parameter(error, 'limit')} entries`),
  pattern: wrongValue((error) => `a text that fits the pattern ${parameter(error, 'pattern')}`),
  if: dropped,
};

const otherKeyword: Reader = wrongValue(
  (error) => `something else (${error.keyword}: ${error.message ?? ''})`,
);

/** The steps of an error's JSON Pointer; numbers where the data has a list. */
export function pathOf(pointer: string, data: unknown): DataPath {
  const path: (string | number)[] = [];
  let value = data;
  for (const raw of pointer.split('/').slice(1)) {
    const name = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(value) ? Number(name) : name;
    path.push(step);
    value = childOf(value, step);
  }
  return path;
}

/**
 * Turns a validator's errors into problems, one for each mistake.
 *
 * @param errors of a validator with {@link AJV_OPTIONS}
 * @param data what was validated
 */
export function problemsFromAjv(
  errors: readonly ErrorObject[],
  data: unknown,
  file: string,
): readonly Problem[] {
  const problems = new Map<string, Problem>();
  const wrongTypes = new Set(
    errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath),
  );
  for (const error of errors) {
    // What else is wrong with a value of the wrong type is of no interest.
    if (error.keyword !== 'type' && wrongTypes.has(error.instancePath)) continue;
    const base = pathOf(error.instancePath, data);
    const finding = (READERS[error.keyword] ?? otherKeyword)(error, base);
    if (finding === null) continue;
    const { key, hint, ...rest } = finding;
    const path = key === undefined ? base : [...base, key];
    const problem: Problem = {
      ...rest,
      ...(hint === undefined ? {} : { hint }),
      severity: 'error',
      file,
      path,
    };
    problems.set(JSON.stringify([problem.code, path, problem.message]), problem);
  }
  return [...problems.values()];
}
