/** All entries of all live lists, as one process knows them. */
import { createExpiry } from './expiry.js';
import { isSameEntry, MOST_ENTRIES, type ListEntry, type WantedEntry } from './entry.js';
import { smallestAfter } from './paging.js';
import type { ListFollower, ListUpdate } from './updates.js';

/** What happened to a list in one go. */
export interface ListChange {
  readonly list: string;
  /** Counts the changes of the list. */
  readonly version: number;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  readonly set: readonly ListEntry[];
  readonly removed: readonly string[];
}

export interface ListSummary {
  readonly name: string;
  readonly entries: number;
  readonly version: number;
  /** Milliseconds since 1970; 0 when it never was. */
  readonly changedAt: number;
}

export interface ListPage {
  readonly entries: readonly ListEntry[];
  /** What to ask for next; absent at the end. */
  readonly next?: string;
}

/** - `added`, `updated`: it is there now, or otherwise than before; - `unchanged`: it was there, the same */
export type AddOutcome = 'added' | 'updated' | 'unchanged';
export type RemoveOutcome = 'removed' | 'absent';

/** How the lists can be read. */
export interface ListReader {
  /** Lists that have, or had, entries; by name. */
  summaries(): readonly ListSummary[];
  summary(list: string): ListSummary;
  get(list: string, value: string): ListEntry | undefined;
  /** Entries in the order of their values. @param after where the page before has ended */
  page(list: string, limit: number, after?: string): ListPage;
  /** What adding would come to. @throws ListFull */
  planAdd(list: string, entries: readonly WantedEntry[]): readonly AddOutcome[];
  planRemove(list: string, values: readonly string[]): readonly RemoveOutcome[];
}

export interface ListBook extends ListReader {
  apply(change: ListChange): void;
  /** Takes over where a list stands, without a change of entries. */
  settle(list: string, version: number, changedAt: number): void;
  entries(list: string): Iterable<ListEntry>;
  /** Tells changes from now on; those that entries make by going at their time are not told. */
  follow(follower: ListFollower): () => void;
  /** All that is there, in updates that each are short work. Lists may change meanwhile. */
  updates(): Generator<ListUpdate>;
  close(): void;
}

/** The list has no room. */
export class ListFull extends Error {}

/** Entries in one of {@link ListBook.updates}. */
const SLICE = 500;

interface Shelf {
  readonly entries: Map<string, ListEntry>;
  version: number;
  changedAt: number;
}

/** @param now the wall clock: milliseconds since 1970 */
export function createListBook(now: () => number): ListBook {
  const shelves = new Map<string, Shelf>();
  const followers = new Set<ListFollower>();
  const expiry = createExpiry<{ readonly list: string; readonly value: string }>(now, ({ list, value }) => {
    const entries = shelves.get(list)?.entries;
    if (isOver(entries?.get(value))) entries?.delete(value);
  });
  const NOTHING: Shelf = { entries: new Map(), version: 0, changedAt: 0 };

  const isOver = (entry: ListEntry | undefined): boolean =>
    entry?.expiresAt !== undefined && entry.expiresAt <= now();

  function shelfOf(list: string): Shelf {
    let shelf = shelves.get(list);
    if (shelf === undefined) {
      shelf = { entries: new Map(), version: 0, changedAt: 0 };
      shelves.set(list, shelf);
    }
    return shelf;
  }

  function get(list: string, value: string): ListEntry | undefined {
    const entry = shelves.get(list)?.entries.get(value);
    return isOver(entry) ? undefined : entry;
  }

  function summary(name: string): ListSummary {
    const { entries, version, changedAt } = shelves.get(name) ?? NOTHING;
    return { name, entries: entries.size, version, changedAt };
  }

  return {
    summary,
    summaries: () => [...shelves.keys()].sort().map(summary),
    get,
    page(list, limit, after) {
      const { entries } = shelves.get(list) ?? NOTHING;
      const values = smallestAfter(entries.keys(), limit + 1, after);
      const page = values.slice(0, limit);
      const last = page.at(-1);
      return {
        entries: page.flatMap((value) => get(list, value) ?? []),
        ...(values.length > limit && last !== undefined && { next: last }),
      };
    },
    planAdd(list, wanted) {
      const { entries } = shelves.get(list) ?? NOTHING;
      const planned = new Map<string, WantedEntry>();
      const outcomes = wanted.map((entry): AddOutcome => {
        const before = planned.get(entry.value) ?? get(list, entry.value);
        planned.set(entry.value, entry);
        if (before === undefined) return 'added';
        return isSameEntry(before, entry) ? 'unchanged' : 'updated';
      });
      const added = outcomes.filter((outcome) => outcome === 'added').length;
      if (added > 0 && entries.size + added > MOST_ENTRIES) {
        throw new ListFull(`a list holds at most ${MOST_ENTRIES} entries`);
      }
      return outcomes;
    },
    planRemove(list, values) {
      const gone = new Set<string>();
      return values.map((value) => {
        const isThere = !gone.has(value) && get(list, value) !== undefined;
        gone.add(value);
        return isThere ? 'removed' : 'absent';
      });
    },
    apply({ list, version, at, set, removed }) {
      const shelf = shelfOf(list);
      const alive = set.filter((entry) => !isOver(entry));
      const over = set.filter(isOver).map(({ value }) => value);
      for (const entry of alive) {
        shelf.entries.set(entry.value, entry);
        if (entry.expiresAt !== undefined) expiry.watch({ list, value: entry.value }, entry.expiresAt);
      }
      const gone = [...removed, ...over];
      for (const value of gone) shelf.entries.delete(value);
      shelf.version = version;
      shelf.changedAt = at;
      const update = updateOf(list, alive, gone);
      for (const follower of followers) follower(update);
    },
    settle(list, version, changedAt) {
      const shelf = shelfOf(list);
      shelf.version = version;
      shelf.changedAt = changedAt;
    },
    entries: (list) => (shelves.get(list) ?? NOTHING).entries.values(),
    follow(follower) {
      followers.add(follower);
      return () => void followers.delete(follower);
    },
    *updates() {
      for (const [list, { entries }] of shelves) {
        let slice: ListEntry[] = [];
        for (const entry of entries.values()) {
          slice.push(entry);
          if (slice.length < SLICE) continue;
          yield updateOf(list, slice, []);
          slice = [];
        }
        if (slice.length > 0) yield updateOf(list, slice, []);
      }
    },
    close: expiry.close,
  };
}

function updateOf(list: string, set: readonly ListEntry[], removed: readonly string[]): ListUpdate {
  return {
    list,
    set: set.map(({ value }) => value),
    ends: set.map(({ expiresAt }) => expiresAt ?? 0),
    removed,
  };
}
