/** What state commands mean, told as directly as possible: everything that happened is kept and looked through. */
import { isDeepStrictEqual } from 'node:util';
import {
  MOST_MEMBERS,
  TOKEN_LIFE,
  WINDOW_PARTS,
  type ClaimCommand,
  type CountCommand,
  type DistinctCommand,
  type LabelCommand,
  type StateCommand,
} from '../../engine/state.js';

export interface StateModel {
  /** Carries out a command. */
  run(command: StateCommand): number;
  /**
   * Whether every store must answer it as the model does. Moments may go back, but what no moment from the
   * latest one on needs may be forgotten.
   */
  isSettled(command: StateCommand): boolean;
  /** The latest moment of all commands. */
  latest(): number;
}

/** What was added to one count. */
interface Additions {
  readonly moments: readonly number[];
  readonly tokens: readonly { readonly token: string; readonly at: number }[];
}

const NONE: Additions = { moments: [], tokens: [] };

/** What a model holds; data, so that it can be copied. */
interface Held {
  readonly counts: ReadonlyMap<string, Additions>;
  /** Latest moment of each member. */
  readonly members: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** When each mark goes. */
  readonly labels: ReadonlyMap<string, number>;
  readonly claims: ReadonlyMap<string, { readonly token: string; readonly until: number }>;
}

interface Outcome {
  readonly result: number;
  readonly held: Held;
}

export function createStateModel(): StateModel {
  let held: Held = { counts: new Map(), members: new Map(), labels: new Map(), claims: new Map() };
  let latest = -Infinity;
  return {
    run(command) {
      const outcome = carryOut(held, command);
      held = outcome.held;
      latest = Math.max(latest, command.at);
      return outcome.result;
    },
    isSettled(command) {
      if (command.at >= latest) return true;
      if (!isRecent(command, latest)) return false;
      const [whole, least] = [held, forget(held, command, latest)].map((known) => {
        const { result, held: after } = carryOut(known, command);
        return { result, after: forget(after, command, latest) };
      });
      return isDeepStrictEqual(whole, least);
    },
    latest: () => latest,
  };
}

function carryOut(held: Held, command: StateCommand): Outcome {
  switch (command.type) {
    case 'count':
      return count(held, command);
    case 'distinct':
      return distinct(held, command);
    case 'label':
      return label(held, command);
    case 'claim':
      return claim(held, command);
  }
}

function partOf(at: number, window: number): number {
  return Math.floor(at / (window / WINDOW_PARTS));
}

function count(held: Held, { key, effect, window, at, token }: CountCommand): Outcome {
  const before = held.counts.get(key) ?? NONE;
  const isKnown =
    token !== '' && before.tokens.some((added) => added.token === token && at - added.at < TOKEN_LIFE);
  const after: Additions =
    effect === 'read' || isKnown
      ? before
      : { moments: [...before.moments, at], tokens: [...before.tokens, { token, at }] };
  const first = partOf(at, window) - WINDOW_PARTS;
  return {
    result: after.moments.filter((moment) => partOf(moment, window) >= first).length,
    held: effect === 'add' ? { ...held, counts: new Map([...held.counts, [key, after]]) } : held,
  };
}

function distinct(held: Held, { key, effect, window, at, member }: DistinctCommand): Outcome {
  const before = held.members.get(key) ?? new Map<string, number>();
  const all = new Map(before);
  if (effect !== 'read') all.set(member, Math.max(at, before.get(member) ?? -Infinity));
  const kept = new Map([...all].sort((left, right) => right[1] - left[1]).slice(0, MOST_MEMBERS));
  return {
    result: [...kept.values()].filter((moment) => moment > at - window).length,
    held: effect === 'add' ? { ...held, members: new Map([...held.members, [key, kept]]) } : held,
  };
}

function label(held: Held, { key, effect, at, until }: LabelCommand): Outcome {
  const before = held.labels.get(key) ?? -Infinity;
  const after = { set: Math.max(before, until), clear: -Infinity, read: before }[effect];
  return {
    result: at < after ? 1 : 0,
    held: { ...held, labels: new Map([...held.labels, [key, after]]) },
  };
}

function claim(held: Held, { key, at, until, token }: ClaimCommand): Outcome {
  const holder = held.claims.get(key);
  if (holder !== undefined && at < holder.until) return { result: Number(holder.token === token), held };
  return { result: 1, held: { ...held, claims: new Map([...held.claims, [key, { token, until }]]) } };
}

/** Whether what a command adds is still of use at the latest moment. */
function isRecent(command: StateCommand, latest: number): boolean {
  const { at } = command;
  switch (command.type) {
    case 'count':
      return partOf(at, command.window) >= partOf(latest, command.window) - WINDOW_PARTS;
    case 'distinct':
      return at > latest - command.window;
    case 'label':
      return command.effect !== 'set' || command.until > latest;
    case 'claim':
      return command.until > latest;
  }
}

/** Leaves out what is of no use at the latest moment and later. */
function forget(held: Held, command: StateCommand, latest: number): Held {
  const { key } = command;
  switch (command.type) {
    case 'count': {
      const { moments, tokens } = held.counts.get(key) ?? NONE;
      const first = partOf(latest, command.window) - WINDOW_PARTS;
      const kept: Additions = {
        moments: moments.filter((at) => partOf(at, command.window) >= first),
        tokens: tokens.filter(({ at }) => latest - at < TOKEN_LIFE),
      };
      return { ...held, counts: new Map([...held.counts, [key, kept]]) };
    }
    case 'distinct': {
      const isOfUse = ([, at]: readonly [string, number]): boolean => at > latest - command.window;
      const kept = new Map([...(held.members.get(key) ?? [])].filter(isOfUse));
      return { ...held, members: new Map([...held.members, [key, kept]]) };
    }
    case 'label':
      return { ...held, labels: without(held.labels, key, (until) => until <= latest) };
    case 'claim':
      return { ...held, claims: without(held.claims, key, ({ until }) => until <= latest) };
  }
}

function without<T>(
  all: ReadonlyMap<string, T>,
  key: string,
  isOver: (value: T) => boolean,
): ReadonlyMap<string, T> {
  const value = all.get(key);
  return new Map([...all].filter(([other]) => other !== key || value === undefined || !isOver(value)));
}
