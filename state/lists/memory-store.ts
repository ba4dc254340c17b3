/** Live lists in this process, kept in a file. */
import { createListBook, type AddOutcome, type ListBook, type ListChange } from './book.js';
import type { ListEntry, WantedEntry } from './entry.js';
import { openKeptFile } from './kept-file.js';
import type { LiveListStore } from './store.js';

export interface MemoryListOptions {
  /** The file; without it, nothing outlives the process. */
  readonly path?: string;
  /** The wall clock: milliseconds since 1970. */
  readonly now?: () => number;
  /** Told what is wrong with the file, in words for people. */
  readonly onProblem?: (message: string) => void;
}

/** Opens the store with what was kept. What cannot be read is told, and left out. */
export async function openMemoryLists(options: MemoryListOptions = {}): Promise<LiveListStore> {
  const { path, now = Date.now, onProblem = () => undefined } = options;
  const book = createListBook(now);
  const kept = path === undefined ? undefined : await openKeptFile(path, book, onProblem);
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  }

  async function carryOut(
    list: string,
    set: readonly ListEntry[],
    removed: readonly string[],
  ): Promise<void> {
    if (set.length + removed.length === 0) return;
    const change: ListChange = { list, version: book.summary(list).version + 1, at: now(), set, removed };
    await kept?.write(change);
    book.apply(change);
  }

  return {
    reader: book,
    updates: book.updates,
    follow: book.follow,
    add: (list, entries) =>
      inTurn(async () => {
        const outcomes = book.planAdd(list, entries);
        await carryOut(list, changed(book, list, entries, outcomes, now()), []);
        return outcomes;
      }),
    remove: (list, values) =>
      inTurn(async () => {
        const outcomes = book.planRemove(list, values);
        const gone = values.filter((_, index) => outcomes[index] === 'removed');
        await carryOut(list, [], gone);
        return outcomes;
      }),
    status: () => ({ store: 'memory', isConnected: true, problem: kept?.problem() ?? null }),
    async close() {
      await last;
      book.close();
    },
  };
}

/** Entries as they are to be kept; of those with the same value, the last. */
function changed(
  book: ListBook,
  list: string,
  entries: readonly WantedEntry[],
  outcomes: readonly AddOutcome[],
  at: number,
): readonly ListEntry[] {
  const wanted = new Map(
    entries.flatMap((entry, index) => (outcomes[index] === 'unchanged' ? [] : [[entry.value, entry]])),
  );
  return [...wanted.values()].map((entry) => ({
    ...entry,
    addedAt: book.get(list, entry.value)?.addedAt ?? at,
  }));
}
