/**
 * JSON types of reply fields. One field of a wrong type makes the server take the whole reply for
 * unreadable (open-im-server pkg/common/webhook/http_client.go: json.Unmarshal), so nothing is copied
 * from a request unchecked.
 */
import type { FactType } from '../../engine/facts.js';
import type { JsonObject } from '../adapter.js';
import { isArray, member } from '../path.js';

export type WireType = 'string' | 'int32' | 'int64' | 'boolean' | 'strings';

export const MAX_INT32 = 2_147_483_647;

const CHECKS: Readonly<Record<WireType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  int32: (value) => Number.isInteger(value) && Math.abs(Number(value)) <= MAX_INT32,
  int64: (value) => Number.isSafeInteger(value),
  boolean: (value) => typeof value === 'boolean',
  strings: (value) => isArray(value) && value.every((item) => typeof item === 'string'),
};

/** The wire type in which a fact is written. */
export const WIRE_TYPES: Readonly<Record<FactType, WireType>> = {
  string: 'string',
  number: 'int32',
  boolean: 'boolean',
  time: 'int64',
  strings: 'strings',
};

export function hasWireType(value: unknown, type: WireType): boolean {
  return CHECKS[type](value);
}

/** The members of an object that are there and have their types; null counts as every type. */
export function copyMembers(from: JsonObject, types: Readonly<Record<string, WireType>>): JsonObject {
  const copied: Record<string, unknown> = {};
  for (const [key, type] of Object.entries(types)) {
    const value = member(from, key);
    if (value === null || hasWireType(value, type)) copied[key] = value;
  }
  return copied;
}
