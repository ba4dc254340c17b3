/** Plain JSON values of unknown shape. */
import type { DataPath } from '../engine/problem.js';

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A member of a mapping or list; `undefined` when it is not there. */
export function childOf(value: unknown, step: string | number): unknown {
  if (isList(value)) return typeof step === 'number' ? value[step] : undefined;
  return isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** The value at a path; `undefined` when there is none. */
export function valueAt(value: unknown, path: DataPath): unknown {
  return path.reduce<unknown>(childOf, value);
}

/** A copy in which every text, at any depth, is replaced by what `map` returns; `undefined` removes a key. */
export function mapTexts(
  value: unknown,
  map: (text: string, path: DataPath) => unknown,
  path: DataPath = [],
): unknown {
  if (typeof value === 'string') return map(value, path);
  if (isList(value)) return value.map((item, index) => mapTexts(item, map, [...path, index]) ?? null);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value)
    .map(([key, item]) => [key, mapTexts(item, map, [...path, key])] as const)
    .filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries);
}
