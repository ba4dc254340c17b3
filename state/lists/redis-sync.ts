/** Brings what a process knows of the live lists up to where Redis is. */
import { setImmediate } from 'node:timers/promises';
import type { Redis } from '../redis/redis.js';
import type { ListBook } from './book.js';
import { isSameEntry, type ListEntry } from './entry.js';
import { readChanges, readEntries, readHeads, type ListHeads } from './redis-reading.js';

export interface ListSync {
  /** Rejects when Redis cannot be asked; what is known then stays. Calls must not overlap. */
  run(): Promise<void>;
}

/** Entries that are taken over in one go. */
const SLICE = 500;

/** @param restore puts all that the book holds into Redis, as far as it is not there */
export function createListSync(redis: Redis, book: ListBook, restore: () => Promise<void>): ListSync {
  let epoch: string | undefined;

  /** Data that is gone, as after a restart without persistence, is put back by those who know it. */
  function isLost({ epoch: found }: ListHeads): boolean {
    if (found === undefined) return book.summaries().some(({ entries }) => entries > 0);
    return epoch !== undefined && found !== epoch;
  }

  async function catchUp(list: string, version: number, changedAt: number): Promise<void> {
    const mine = book.summary(list);
    if (version > mine.version) {
      const changes = await readChanges(redis, list, mine.version, version);
      const [first, ...others] = changes ?? [];
      const news = mine.version === 0 ? changes : first?.at === mine.changedAt ? others : undefined;
      for (const change of news ?? []) book.apply(change);
      if (news !== undefined) return;
    }
    await takeWhole(list, version, changedAt);
  }

  async function takeWhole(list: string, version: number, changedAt: number): Promise<void> {
    const there = await readEntries(redis, list);
    const removed = [...book.entries(list)].map(({ value }) => value).filter((value) => !there.has(value));
    const set = [...there.values()].filter((entry) => !isKnown(book, list, entry));
    const { version: before, changedAt: at } = book.summary(list);
    for (let from = 0; from < Math.max(set.length, removed.length); from += SLICE) {
      const to = from + SLICE;
      book.apply({ list, version: before, at, set: set.slice(from, to), removed: removed.slice(from, to) });
      await setImmediate();
    }
    book.settle(list, version, changedAt);
  }

  return {
    async run() {
      let heads = await readHeads(redis);
      if (isLost(heads)) {
        await restore();
        heads = await readHeads(redis);
        for (const { name } of book.summaries()) book.settle(name, 0, 0);
      }
      epoch = heads.epoch;
      for (const [list, { version, changedAt }] of heads.lists) {
        const mine = book.summary(list);
        if (mine.version !== version || mine.changedAt !== changedAt) await catchUp(list, version, changedAt);
      }
      for (const { name, entries } of book.summaries()) {
        if (entries > 0 && !heads.lists.has(name)) await takeWhole(name, 0, 0);
      }
    },
  };
}

function isKnown(book: ListBook, list: string, entry: ListEntry): boolean {
  const mine = book.get(list, entry.value);
  return mine !== undefined && mine.addedAt === entry.addedAt && isSameEntry(mine, entry);
}
