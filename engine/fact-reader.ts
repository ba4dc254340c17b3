/** Reads the facts of one target of one callback: each at most once, when it is first needed. */
import type { FactSource } from './event.js';
import { factDefinition, type FactName, type FactType, type FactValue } from './facts.js';
import { isStateFact, plainStateFact, type StateFactName } from './state-facts.js';

/** Stands for a fact that is not at hand: it must be fetched, or could not be read. */
export const PENDING = Symbol('pending');

export type Peeked = FactValue | undefined | typeof PENDING;

export interface FactReader {
  /** The fact if it is at hand; absent is `undefined`. Never throws. */
  readonly peek: (name: FactName) => Peeked;
  /** The fact. Rejects when it cannot be read. */
  readonly read: (name: FactName) => Promise<FactValue | undefined>;
}

/** What is remembered about whom the event concerns. `PENDING` until it has been asked for. */
export interface Recollection {
  peek(name: StateFactName): Peeked;
  /** Rejects when it could not be asked for. */
  read(name: StateFactName): Promise<FactValue | undefined>;
}

/**
 * @param patience called when a fact has to be waited for; see `DecideOptions`
 * @param recollection gives counts, strikes and labels, asked for when the first is needed; without it they are
 * absent, unless the source tells them
 */
export function createFactReader(
  source: FactSource,
  patience?: () => Promise<unknown>,
  recollection?: () => Recollection | undefined,
): FactReader {
  // Many events are about nothing that rules ask for, and most have no fact that has to be waited for.
  let known: Map<FactName, Peeked> | undefined;
  let awaited: Map<FactName, Promise<FactValue | undefined>> | undefined;

  function awaitLater(name: FactName, value: Promise<FactValue | undefined>): typeof PENDING {
    // Whoever needs the fact sees the rejection; nobody may need it.
    value.catch(() => undefined);
    (awaited ??= new Map()).set(name, value);
    return PENDING;
  }

  function fetch(name: FactName): Peeked {
    try {
      const value = source.get(name);
      if (value === undefined) return isStateFact(name) ? recall(name) : undefined;
      if (!(value instanceof Promise)) return checked(name, value);
      const late = value.then((told) => (told === undefined ? undefined : checked(name, told)));
      return awaitLater(
        name,
        patience === undefined ? late : Promise.race([late, tooLate(name, patience())]),
      );
    } catch (error) {
      return awaitLater(name, Promise.reject(error instanceof Error ? error : new Error(String(error))));
    }
  }

  /** A source that tells a count by its plain name tells it whoever's it is. */
  function recall(name: StateFactName): Peeked {
    const plain = source.get(plainStateFact(name));
    if (plain !== undefined && !(plain instanceof Promise)) return checked(name, plain);
    return recollection?.()?.peek(name);
  }

  function peek(name: FactName): Peeked {
    known ??= new Map();
    const found = known.get(name);
    if (found !== undefined || known.has(name)) return found;
    const value = fetch(name);
    // What has not been asked for may be known later.
    if (value !== PENDING || awaited?.has(name) === true) known.set(name, value);
    return value;
  }

  function wait(name: FactName): Promise<FactValue | undefined> {
    const late = awaited?.get(name);
    if (late !== undefined || !isStateFact(name)) return late ?? Promise.resolve(undefined);
    return recollection?.()?.read(name) ?? Promise.resolve(undefined);
  }

  return {
    peek,
    read(name) {
      const value = peek(name);
      return value === PENDING ? wait(name) : Promise.resolve(value);
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
function checked(name: FactName, value: FactValue): FactValue {
  const { type } = factDefinition(name);
  if (HAS_TYPE[type](value)) return value;
  throw new TypeError(`the fact \`${name}\` has a value that is no ${type}`);
}
