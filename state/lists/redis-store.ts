/** Live lists in Redis: every process has a copy, and follows what the others change. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { NoConnectionError } from '../redis/link.js';
import type { Redis, RedisReply } from '../redis/redis.js';
import { createListBook, ListFull, type AddOutcome, type RemoveOutcome } from './book.js';
import { createCopies } from './copies.js';
import { MOST_ENTRIES, packDetails, type WantedEntry } from './entry.js';
import { listKeys, runListScript, type ListScriptCall } from './redis-script.js';
import { createListSync } from './redis-sync.js';
import { ListStoreError, type LiveListStore } from './store.js';
import { createTrouble } from './trouble.js';

export interface RedisListOptions {
  /** File for a copy: what a process starts on while Redis is away. */
  readonly copyAt?: string;
  /** The wall clock: milliseconds since 1970. */
  readonly now?: () => number;
  /** Told what is wrong, in words for people; `null` when that is over. */
  readonly onProblem?: (message: string | null) => void;
  /** Milliseconds to wait for Redis at the start, before going on with the copy. */
  readonly patience?: number;
}

/** Milliseconds between two looks, in case that a message was lost. */
const INTERVAL = 400;
const PATIENCE = 2_000;
/** Entries of one script call: short work for Redis, which does nothing else meanwhile. */
const AT_ONCE = 100;
/** How often, and how many milliseconds apart, a change is tried while there is no connection. */
const ATTEMPTS = 5;
const PAUSE = 200;

/** Opens the store, on what Redis has or, when it is away, on the copy. It takes over the connection. */
export async function openRedisLists(redis: Redis, options: RedisListOptions = {}): Promise<LiveListStore> {
  const { now = Date.now, onProblem = () => undefined, patience = PATIENCE } = options;
  const book = createListBook(now);
  const copies = await createCopies(options.copyAt, book, onProblem);
  const sync = createListSync(redis, book, restore);
  const trouble = createTrouble(onProblem);
  let last: Promise<unknown> = Promise.resolve();
  let isWaiting = false;
  let isClosed = false;

  /** One after the other. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  }

  async function look(): Promise<void> {
    try {
      await sync.run();
      trouble.note(null);
    } catch (error) {
      if (!isClosed) trouble.note(`Redis cannot be asked: ${messageOf(error)}`);
    }
  }

  function lookSoon(): void {
    if (isWaiting || isClosed) return;
    isWaiting = true;
    void inTurn(() => {
      isWaiting = false;
      return look();
    });
  }

  async function call(
    list: string,
    mode: ListScriptCall['mode'],
    args: readonly string[],
  ): Promise<string[]> {
    const script = { list, mode, args, at: now(), epoch: randomUUID(), most: MOST_ENTRIES };
    const reply = await untilConnected(() => runListScript(redis, script));
    const [version, ...outcomes] = textsIn(reply);
    if (version === 'full') throw new ListFull(`a list holds at most ${MOST_ENTRIES} entries`);
    return outcomes;
  }

  async function restore(): Promise<void> {
    for (const { name } of book.summaries()) {
      for (const some of slices([...book.entries(name)]))
        await call(
          name,
          'restore',
          some.flatMap((entry) => argsOf(entry, entry.addedAt)),
        );
    }
  }

  /** What was done up to a failure is done, and looked at. */
  async function change<T>(
    list: string,
    mode: 'add' | 'remove',
    items: readonly T[],
    toArgs: (item: T) => string[],
  ) {
    const outcomes: string[] = [];
    try {
      for (const some of slices(items)) outcomes.push(...(await call(list, mode, some.flatMap(toArgs))));
    } catch (error) {
      if (error instanceof ListFull) throw error;
      const done = outcomes.length === 0 ? '' : `; ${outcomes.length} of ${items.length} were done before`;
      throw new ListStoreError(`Redis has not answered${done}`, { cause: error });
    } finally {
      await look();
    }
    return outcomes;
  }

  const { channel } = listKeys(redis.settings.prefix);
  const stop = redis.onChange(lookSoon);
  void redis.subscribe(channel, lookSoon, lookSoon).catch(() => undefined);
  const timer = setInterval(lookSoon, INTERVAL).unref();
  lookSoon();
  await trouble.overWithin(patience);

  return {
    reader: book,
    updates: book.updates,
    follow: book.follow,
    add: (list, entries) =>
      inTurn(async () => {
        const outcomes = await change(list, 'add', entries, (entry) => argsOf(entry, now()));
        return outcomes.map((outcome) => ADDED[outcome] ?? 'unchanged');
      }),
    remove: (list, values) =>
      inTurn(async () => {
        const outcomes = await change(list, 'remove', values, (value) => [value]);
        return outcomes.map((outcome): RemoveOutcome => (outcome === 'r' ? 'removed' : 'absent'));
      }),
    status: () => ({
      store: 'redis',
      isConnected: trouble.now() === null,
      problem: trouble.now() ?? copies.problem(),
    }),
    async close() {
      isClosed = true;
      clearInterval(timer);
      stop();
      await last;
      book.close();
      await copies.close();
      await redis.close();
    },
  };
}

const ADDED: Readonly<Record<string, AddOutcome>> = { a: 'added', u: 'updated', s: 'unchanged' };

function argsOf(entry: WantedEntry, addedAt: number): string[] {
  return [entry.value, String(addedAt), packDetails(entry), String(entry.expiresAt ?? 0)];
}

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += AT_ONCE) yield items.slice(from, from + AT_ONCE);
}

function textsIn(reply: RedisReply): readonly string[] {
  return typeof reply === 'object' && reply !== null ? reply.map(String) : [];
}

/** Tries again where nothing was sent: a connection that was just lost is soon back. */
async function untilConnected<T>(work: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 1 || !(error instanceof NoConnectionError)) throw error;
      await setTimeout(PAUSE);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
