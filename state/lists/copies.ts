/** A copy of the lists on disk, for a start while Redis is away. */
import type { ListBook } from './book.js';
import { openKeptFile } from './kept-file.js';

export interface Copies {
  /** What is wrong, for people; `null` when nothing is. */
  problem(): string | null;
  /** Writes what is not written yet. */
  close(): Promise<void>;
}

/** Milliseconds between two writings. */
const INTERVAL = 10_000;

/**
 * Reads the copy into the book, and keeps it up to date from then on.
 *
 * @param path without it, there is no copy
 */
export async function createCopies(
  path: string | undefined,
  book: ListBook,
  onProblem: (message: string) => void,
): Promise<Copies> {
  if (path === undefined) return { problem: () => null, close: () => Promise.resolve() };
  const kept = await openKeptFile(path, book, onProblem);
  let isDirty = false;
  let saving: Promise<void> = Promise.resolve();

  function save(): void {
    if (!isDirty) return;
    isDirty = false;
    // What goes wrong has been told.
    saving = saving.then(() => kept.save()).catch(() => undefined);
  }

  const stop = book.follow(() => (isDirty = true));
  const timer = setInterval(save, INTERVAL).unref();
  return {
    problem: kept.problem,
    async close() {
      clearInterval(timer);
      stop();
      save();
      await saving;
    },
  };
}
