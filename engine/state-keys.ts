/** Where state is kept: keys made of names that authors give and of values that events carry. */
import { createHash } from 'node:crypto';
import type { FactReader } from './fact-reader.js';
import { PENDING } from './fact-reader.js';
import type { EventFactName, FactValue } from './facts.js';
import type { StateScope } from './memory.js';
import type { StateKey } from './state.js';
import type { StateFactKind } from './state-facts.js';

/** Characters of an owner or of the values in a key; longer ones are hashed. */
const MOST_CHARACTERS = 100;
/** Entries of a list fact that are counted; a message with hundreds of links is not worth hundreds of counts. */
const MOST_ENTRIES = 5;
/** Characters of a token or member. */
const MOST_TOKEN = 40;

/** A short text for any texts, the same everywhere. */
export function digest(...parts: readonly string[]): string {
  return createHash('sha1').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** A token made of texts: as they are where they are short, else their hash. */
export function tokenOf(...parts: readonly string[]): string {
  const joined = parts.join('\n');
  return joined.length <= MOST_TOKEN ? joined : `#${digest(...parts)}`;
}

/** A member of a distinct count: the value itself, or its hash when it is long. */
export function memberOf(value: string): string {
  return value !== '' && value.length <= MOST_TOKEN ? value : `#${digest(value)}`;
}

/**
 * The values of facts that say whose it is, as texts: one row, or one for each entry of a fact that is a list.
 *
 * @returns `undefined` when a fact is absent or not at hand, or a list is empty
 */
export function valuesOf(
  by: readonly EventFactName[],
  facts: Pick<FactReader, 'peek'>,
): readonly (readonly string[])[] | undefined {
  let rows: readonly (readonly string[])[] = [[]];
  for (const fact of by) {
    const value = facts.peek(fact);
    if (value === undefined || value === PENDING) return undefined;
    const texts = textsOf(value);
    rows = rows.flatMap((row) => texts.map((text) => [...row, text]));
  }
  return rows.length === 0 ? undefined : rows;
}

function textsOf(value: FactValue): readonly string[] {
  return typeof value === 'object' ? [...new Set(value)].slice(0, MOST_ENTRIES) : [String(value)];
}

export interface KeyParts {
  readonly kind: StateFactKind | 'cooldown';
  /** Of the counter, ladder, label or rule. */
  readonly name: string;
  readonly scope: StateScope;
  /** ID of the app that was called. */
  readonly app: string;
  /** Whose it is. */
  readonly values: readonly string[];
}

/** The key of a value. IDs of apps are never `*`, which stands for all of them. */
export function keyOf({ kind, name, scope, app, values }: KeyParts): StateKey {
  const where = scope === 'all' ? '*' : app;
  return {
    owner: `${where}:${shortened(values[0] ?? '')}`,
    key: `${kind}:${name}:${where}:${shortened(values.length === 1 ? (values[0] ?? '') : JSON.stringify(values))}`,
  };
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `#${digest(text)}`;
}

/** Facts that are IDs of users: whatever role a user has in an event, strikes and labels are the same. */
const USERS: ReadonlySet<EventFactName> = new Set<EventFactName>([
  'actor.id',
  'operator.id',
  'target.id',
  'message.senderId',
  'friend.initiatorId',
  'friend.ownerId',
  'group.ownerId',
  'group.oldOwnerId',
  'topic.ownerId',
  'channel.ownerId',
]);

export function isUserFact(fact: EventFactName): boolean {
  return USERS.has(fact);
}

/** What a subject is, so that a user and a group with the same ID have strikes and labels of their own. */
export function subjectValues(by: readonly EventFactName[], values: readonly string[]): readonly string[] {
  return values.map((value, index) => {
    const fact = by[index];
    return fact === undefined || isUserFact(fact) ? value : `${fact}=${value}`;
  });
}
