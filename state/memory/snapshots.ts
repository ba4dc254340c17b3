/** Keeps what a store in memory holds over a restart: saved now and then and at the end, read at the start. */
import { rename } from 'node:fs/promises';
import { clear } from './cell.js';
import { cellOf, lengthOf, rowsOf, type Row } from './rows.js';
import { readSnapshot, removeDrafts, UnusableSnapshot, writeSnapshot } from './snapshot-file.js';
import { createMemoryStateStore, type MemoryStateOptions, type MemoryStateStore } from './store.js';

export interface SnapshotOptions {
  readonly path: string;
  /** Milliseconds between two snapshots; one in which nothing changed is left out. */
  readonly every: number;
  /** When the snapshot was saved that the store was restored from, in milliseconds since 1970. */
  readonly savedAt?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly onError: (error: unknown) => void;
  readonly onSaved?: () => void;
}

export interface SnapshotStatus {
  readonly path: string;
  /** When the last one was saved, in milliseconds since 1970; `null` when there is none. */
  readonly savedAt: number | null;
  /** Milliseconds that saving took. */
  readonly durationMs: number | null;
  readonly failures: number;
}

export interface Snapshots {
  status(): SnapshotStatus;
  /** Saves a last time. Does not reject. */
  close(): Promise<void>;
}

/** What became of the last snapshot when a store was opened. */
export type Restored =
  | { readonly type: 'none' }
  | { readonly type: 'restored'; readonly savedAt: number; readonly keys: number }
  /** The store is empty, and the file was put aside. */
  | { readonly type: 'unusable'; readonly reason: string; readonly aside: string | null };

export interface RestoredStore {
  readonly store: MemoryStateStore;
  readonly restored: Restored;
}

/** A store with what the snapshot holds, apart from what is over. Does not reject. */
export async function restoreStore(
  path: string,
  options: MemoryStateOptions,
  now: number = Date.now(),
): Promise<RestoredStore> {
  const store = createMemoryStateStore(options);
  const take = (row: Row): void => {
    const [, key] = row;
    const cell = cellOf(row, store.release(key));
    if (!clear(cell, now)) store.restore(key, cell);
  };
  try {
    await removeDrafts(path);
    const savedAt = await readSnapshot(path, take);
    if (savedAt === null) return { store, restored: { type: 'none' } };
    return { store, restored: { type: 'restored', savedAt, keys: store.counts().keys } };
  } catch (error) {
    const reason = error instanceof UnusableSnapshot ? error.message : 'it is damaged';
    const aside = await putAside(path, `${path}.broken-${now}`);
    // What was read before the damage was found must not count.
    return { store: createMemoryStateStore(options), restored: { type: 'unusable', reason, aside } };
  }
}

async function putAside(path: string, aside: string): Promise<string | null> {
  try {
    await rename(path, aside);
    return aside;
  } catch {
    return null;
  }
}

/** Keys, and numbers and texts in their rows, after which a line ends. */
const LINE_STEPS = 1500;

/** Begins to save what a store holds. */
export function startSnapshots(store: MemoryStateStore, options: SnapshotOptions): Snapshots {
  const { path, every, now = Date.now, onError, onSaved } = options;
  let saved: { readonly at: number; readonly durationMs: number } | undefined;
  let savedChanges = store.counts().changes;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();

  async function save(): Promise<void> {
    const { changes } = store.counts();
    if (changes === savedChanges) return;
    const began = performance.now();
    const at = now();
    try {
      await writeSnapshot(path, at, linesOf(store, at));
      savedChanges = changes;
      saved = { at, durationMs: performance.now() - began };
      onSaved?.();
    } catch (error) {
      failures += 1;
      onError(error);
    }
  }

  function later(): void {
    timer = setTimeout(() => {
      saving = save().then(later);
    }, every).unref();
  }
  later();

  return {
    status: () => ({
      path,
      savedAt: saved?.at ?? options.savedAt ?? null,
      durationMs: saved?.durationMs ?? null,
      failures,
    }),
    async close() {
      clearTimeout(timer);
      await saving;
      // Saving starts the timer anew.
      clearTimeout(timer);
      await save();
    },
  };
}

/** The rows of everything that is not over, in lists that take little time each. */
function* linesOf(store: MemoryStateStore, now: number): Generator<readonly Row[]> {
  let rows: Row[] = [];
  let steps = 0;
  for (const [key, cell] of store.living(now)) {
    steps += 1;
    for (const row of cell === undefined ? [] : rowsOf(key, cell)) {
      rows.push(row);
      steps += lengthOf(row);
      if (steps < LINE_STEPS) continue;
      yield rows;
      [rows, steps] = [[], 0];
    }
    if (steps < LINE_STEPS) continue;
    yield rows;
    [rows, steps] = [[], 0];
  }
  yield rows;
}
