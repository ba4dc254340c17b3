/** Keeps the live lists that rules look into up to date: in every process that judges callbacks. */
import type { LiveContents, LiveLists } from '../../engine/live/live-lists.js';
import { createExpiry } from './expiry.js';
import { inTurns } from './turns.js';
import type { ListUpdate } from './updates.js';

export interface ListReplica {
  apply(update: ListUpdate): void;
  /** Resolves when nothing of it runs any more. */
  close(): Promise<void>;
}

/** @param now the wall clock: milliseconds since 1970 */
export function createListReplica(live: LiveLists, now: () => number = Date.now): ListReplica {
  /** By list and value, when it goes; of those that do not stay. */
  const ends = new Map<string, Map<string, number>>();
  const untidy = new Set<LiveContents>();
  let tidying: Promise<void> | undefined;
  let isClosed = false;

  const expiry = createExpiry<{ readonly list: string; readonly value: string }>(now, ({ list, value }) => {
    const end = ends.get(list)?.get(value);
    if (end === undefined || end > now()) return;
    remove(list, value);
    tidySoon(live.contents(list));
  });

  function remove(list: string, value: string): void {
    ends.get(list)?.delete(value);
    live.contents(list).remove(value);
  }

  function set(list: string, value: string, end: number): void {
    if (end === 0) {
      ends.get(list)?.delete(value);
    } else {
      if (end <= now()) {
        remove(list, value);
        return;
      }
      const ofList = ends.get(list) ?? new Map<string, number>();
      ends.set(list, ofList.set(value, end));
      expiry.watch({ list, value }, end);
    }
    live.contents(list).add(value);
  }

  function tidySoon(contents: LiveContents): void {
    if (!contents.isUntidy()) return;
    untidy.add(contents);
    tidying ??= tidyAll().finally(() => (tidying = undefined));
  }

  async function tidyAll(): Promise<void> {
    for (const contents of untidy) {
      untidy.delete(contents);
      if (!(await inTurns(contents.tidy(), () => isClosed))) return;
      // Much may have come while it was done.
      if (contents.isUntidy()) untidy.add(contents);
    }
  }

  return {
    apply({ list, set: values, ends: moments, removed }) {
      for (const value of removed) remove(list, value);
      for (const [index, value] of values.entries()) set(list, value, moments[index] ?? 0);
      tidySoon(live.contents(list));
    },
    async close() {
      isClosed = true;
      expiry.close();
      await tidying;
    },
  };
}
