/** Reads live lists out of Redis. */
import { setImmediate } from 'node:timers/promises';
import type { Redis, RedisReply } from '../redis/redis.js';
import type { ListChange } from './book.js';
import { unpackEntry, type ListEntry } from './entry.js';
import { listKeys } from './redis-script.js';

/** Where each list stands. */
export interface ListHeads {
  /** Names the data: another one, or none, means that the data is not what it was. */
  readonly epoch: string | undefined;
  readonly lists: ReadonlyMap<string, { readonly version: number; readonly changedAt: number }>;
}

export async function readHeads(redis: Redis): Promise<ListHeads> {
  const { heads } = listKeys(redis.settings.prefix);
  const fields = new Map(pairsIn(await redis.send(heads, ['HGETALL', heads])));
  const names = [...fields.keys()].filter((field) => field.startsWith('v:')).map((field) => field.slice(2));
  return {
    epoch: fields.get('epoch'),
    lists: new Map(
      names.map((name) => [
        name,
        { version: Number(fields.get(`v:${name}`)), changedAt: Number(fields.get(`t:${name}`) ?? 0) },
      ]),
    ),
  };
}

/** Changes that are read in one go. */
const CHANGES = 20;

/**
 * Reads the changes of a list one by one.
 *
 * @param from the last that is known, 0 for none
 * @param to the last that is wanted
 * @returns all of them, `from` included unless it is 0; `undefined` when some are not there any more
 */
export async function readChanges(
  redis: Redis,
  list: string,
  from: number,
  to: number,
): Promise<readonly ListChange[] | undefined> {
  const { log } = listKeys(redis.settings.prefix, list);
  const changes: ListChange[] = [];
  let next = Math.max(from, 1);
  while (next <= to) {
    const range = ['XRANGE', log, `${next}-0`, `${to}-0`, 'COUNT', String(CHANGES)];
    const found = listIn(await redis.send(log, range)).flatMap((item) => changeIn(list, item) ?? []);
    if (found.length === 0 || found.some(({ version }, index) => version !== next + index)) return undefined;
    changes.push(...found);
    next += found.length;
    await setImmediate();
  }
  return changes;
}

function changeIn(list: string, item: RedisReply): ListChange | undefined {
  const [id, fields] = listIn(item);
  /** Of a value that came twice, the last. */
  const set = new Map<string, ListEntry>();
  const removed: string[] = [];
  let at = 0;
  for (const [field, text] of pairsIn(fields ?? null)) {
    const value = field.slice(1);
    const entry = field.startsWith('+') ? entryIn(value, text) : undefined;
    if (entry !== undefined) set.set(value, entry);
    else if (field === '@') at = Number(text);
    else if (field.startsWith('-')) removed.push(value);
  }
  return { list, version: Number.parseInt(String(id), 10), at, set: [...set.values()], removed };
}

/** Entries that are asked for in one go. */
const ENTRIES = 500;

/** Reads all entries of a list; of those that change meanwhile, an older or the newer state. */
export async function readEntries(redis: Redis, list: string): Promise<ReadonlyMap<string, ListEntry>> {
  const { entries: key } = listKeys(redis.settings.prefix, list);
  const entries = new Map<string, ListEntry>();
  let cursor = '0';
  do {
    const [next, page] = listIn(await redis.send(key, ['HSCAN', key, cursor, 'COUNT', String(ENTRIES)]));
    for (const [value, text] of pairsIn(page ?? null)) {
      const entry = entryIn(value, text);
      if (entry !== undefined) entries.set(value, entry);
    }
    cursor = String(next ?? '0');
  } while (cursor !== '0');
  return entries;
}

/** @returns `undefined` when somebody else has written there */
function entryIn(value: string, text: string): ListEntry | undefined {
  const [, addedAt, details = ''] = /^(\d+) (.*)$/s.exec(text) ?? [];
  return unpackEntry(value, Number(addedAt), details);
}

function listIn(reply: RedisReply): readonly RedisReply[] {
  return typeof reply === 'object' && reply !== null ? reply : [];
}

function pairsIn(reply: RedisReply): readonly (readonly [string, string])[] {
  const items = listIn(reply);
  return Array.from({ length: Math.floor(items.length / 2) }, (_, index) => [
    String(items[2 * index]),
    String(items[2 * index + 1]),
  ]);
}
