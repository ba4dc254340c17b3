/** Paths into a JSON body: `a.b`, `list[].b`, `list[]`, nested lists included. */
import type { JsonObject } from './adapter.js';

/** Whether a value is a JSON object (not an array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is an array; unlike `Array.isArray` it promises nothing about the elements. */
export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A field whose JSON type is not the documented one. */
export class FieldError extends Error {
  override name = 'FieldError';
  constructor(
    readonly expected: string,
    readonly got: unknown,
  ) {
    super(`expected ${expected}, got ${describe(got)}`);
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

interface Step {
  readonly key: string;
  readonly each: boolean;
}

/** Splits a path into steps; `''` has none and stands for the value itself. */
export function parsePath(path: string): readonly Step[] {
  if (path === '') return [];
  return path
    .split('.')
    .map((part) =>
      part.endsWith('[]') ? { key: part.slice(0, -2), each: true } : { key: part, each: false },
    );
}

/** Own member of an object; never one that the prototype lends. */
export function member(value: JsonObject, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/**
 * Follows a path.
 *
 * @returns the value, or `undefined` when a step is missing or null; for a path through lists, the
 *   flat list of the values that are there
 * @throws FieldError when something on the way is neither missing nor of the shape that the path needs
 */
export function valueAt(root: unknown, steps: readonly Step[]): unknown {
  let current: unknown = root;
  for (const [index, step] of steps.entries()) {
    if (current === undefined || current === null) return undefined;
    if (!isJsonObject(current)) throw new FieldError('an object', current);
    const next = step.key === '' ? current : member(current, step.key);
    if (!step.each) {
      current = next;
      continue;
    }
    if (next === undefined || next === null) return undefined;
    if (!isArray(next)) throw new FieldError('an array', next);
    const rest = steps.slice(index + 1);
    const values: unknown[] = [];
    for (const item of next) {
      const value = rest.length === 0 ? item : valueAt(item, rest);
      if (isArray(value)) values.push(...value);
      else if (value !== undefined && value !== null) values.push(value);
    }
    return values;
  }
  return current === null ? undefined : current;
}

/** Reads one place of a body; see {@link valueAt}. */
export type PathReader = (root: unknown) => unknown;

/** Makes the reader of a path. Nearly all paths are a single key, which needs no walk. */
export function compilePath(path: string): PathReader {
  const steps = parsePath(path);
  const [first] = steps;
  if (
    first === undefined ||
    steps.length > 1 ||
    first.each ||
    first.key === '' ||
    first.key in Object.prototype
  )
    return (root) => valueAt(root, steps);
  const { key } = first;
  return (root) => {
    if (root === undefined || root === null) return undefined;
    if (!isJsonObject(root)) throw new FieldError('an object', root);
    // The prototype lends nothing of this name.
    return root[key] ?? undefined;
  };
}
