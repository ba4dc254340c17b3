/** Reads the facts of one target of one callback: each at most once, when it is first needed. */
import type { FactSource } from './event.js';
import { factDefinition, type FactName, type FactType, type FactValue } from './facts.js';

/** Stands for a fact that is not at hand: it must be fetched, or could not be read. */
export const PENDING = Symbol('pending');

export type Peeked = FactValue | undefined | typeof PENDING;

export interface FactReader {
  /** The fact if it is at hand; absent is `undefined`. Never throws. */
  readonly peek: (name: FactName) => Peeked;
  /** The fact. Rejects when it cannot be read. */
  readonly read: (name: FactName) => Promise<FactValue | undefined>;
}

/** @param patience called when a fact has to be waited for; see `DecideOptions` */
export function createFactReader(source: FactSource, patience?: () => Promise<unknown>): FactReader {
  const known = new Map<FactName, Peeked>();
  const awaited = new Map<FactName, Promise<FactValue | undefined>>();

  function fetch(name: FactName): Peeked {
    try {
      const value = source.get(name);
      if (!(value instanceof Promise)) return checked(name, value);
      const late = value.then((told) => checked(name, told));
      const limited = patience === undefined ? late : Promise.race([late, tooLate(name, patience())]);
      // Whoever needs the fact sees the rejection; nobody may need it.
      limited.catch(() => undefined);
      awaited.set(name, limited);
    } catch (error) {
      const failed = Promise.reject(error instanceof Error ? error : new Error(String(error)));
      failed.catch(() => undefined);
      awaited.set(name, failed);
    }
    return PENDING;
  }

  function peek(name: FactName): Peeked {
    if (!known.has(name)) known.set(name, fetch(name));
    return known.get(name);
  }

  return {
    peek,
    read(name) {
      const value = peek(name);
      return value === PENDING ? (awaited.get(name) ?? Promise.resolve(undefined)) : Promise.resolve(value);
    },
  };
}

async function tooLate(name: FactName, end: Promise<unknown>): Promise<never> {
  await end;
  throw new Error(`the fact \`${name}\` did not come in time`);
}

/** The farthest that a date can be from 1970, in milliseconds (ECMAScript, "Time Values and Time Range"). */
const MAX_TIME = 8.64e15;

const HAS_TYPE: Readonly<Record<FactType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  time: (value) => typeof value === 'number' && Math.abs(value) <= MAX_TIME,
  strings: (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'string'),
};

/** A value of another type than the fact's is a mistake of its source, which no operator has to expect. */
function checked(name: FactName, value: FactValue | undefined): FactValue | undefined {
  const { type } = factDefinition(name);
  if (value === undefined || HAS_TYPE[type](value)) return value;
  throw new TypeError(`the fact \`${name}\` has a value that is no ${type}`);
}
