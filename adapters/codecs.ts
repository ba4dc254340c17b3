/** Turns single wire values into facts. */
import type { FactType, FactValue } from '../engine/facts.js';
import { FieldError } from './path.js';

/** A named conversion. It gets a value that is there; throws {@link FieldError} for a wrong JSON type. */
export type CodecFunction = (value: unknown) => FactValue | undefined;

/** An integer that the wire may print as text (`"1721637200345"`). */
export function integer(value: unknown): number {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new FieldError('a number', value);
  return Math.trunc(number);
}

/** The farthest that a date can be from 1970, in milliseconds. */
const MAX_TIME = 8.64e15;

/** A moment that no calendar has is none: clients choose some of them, and must not make a callback unreadable. */
function moment(milliseconds: number): number | undefined {
  return Math.abs(milliseconds) <= MAX_TIME ? milliseconds : undefined;
}

export function text(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') throw new FieldError('a text', value);
  return value;
}

/** Codecs that every platform has. */
export const COMMON_CODECS = {
  /** Seconds since 1970 (number or text) to milliseconds. */
  seconds: (value) => moment(integer(value) * 1000),
  /** A number or a text to text. */
  text,
  lowerCase: (value) => text(value).toLowerCase(),
} as const satisfies Readonly<Record<string, CodecFunction>>;

export type CommonCodec = keyof typeof COMMON_CODECS;

/** Reads a wire value as the type that the fact has. Flags are booleans or 0 and 1. */
export const BY_TYPE: Readonly<Record<FactType, CodecFunction>> = {
  string: (value) => {
    if (typeof value !== 'string') throw new FieldError('a text', value);
    return value;
  },
  number: (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new FieldError('a number', value);
    return value;
  },
  boolean: (value) => {
    if (value === 0 || value === 1) return value === 1;
    if (typeof value !== 'boolean') throw new FieldError('a boolean', value);
    return value;
  },
  time: (value) => moment(integer(value)),
  strings: (value) => {
    if (!Array.isArray(value)) throw new FieldError('an array of texts', value);
    return value.map(text);
  },
};
