/** Reads the facts of one target of one callback: each at most once, when it is first needed. */
import type { FactSource } from './event.js';
import type { FactName, FactValue } from './facts.js';

/** Stands for a fact that is not at hand: it must be fetched, or could not be read. */
export const PENDING = Symbol('pending');

export type Peeked = FactValue | undefined | typeof PENDING;

export interface FactReader {
  /** The fact if it is at hand; absent is `undefined`. Never throws. */
  readonly peek: (name: FactName) => Peeked;
  /** The fact. Rejects when it cannot be read. */
  readonly read: (name: FactName) => Promise<FactValue | undefined>;
}

export function createFactReader(source: FactSource): FactReader {
  const known = new Map<FactName, Peeked>();
  const awaited = new Map<FactName, Promise<FactValue | undefined>>();

  function fetch(name: FactName): Peeked {
    try {
      const value = source.get(name);
      if (!(value instanceof Promise)) return value;
      // Whoever needs the fact sees the rejection; nobody may need it.
      value.catch(() => undefined);
      awaited.set(name, value);
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
