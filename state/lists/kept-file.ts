/** The file of the lists: read at the start, and written on. */
import { copyFile } from 'node:fs/promises';
import { removeDrafts } from '../memory/snapshot-file.js';
import type { ListBook, ListChange } from './book.js';
import { createJournalWriter, readJournal, UnusableJournal } from './journal-file.js';
import { changeOf, recordOf, recordsOf } from './records.js';
import { ListStoreError } from './store.js';

export interface KeptFile {
  /** Keeps a change. It is on the disk when this resolves. @throws ListStoreError when it cannot be written */
  write(change: ListChange): Promise<void>;
  /** Begins the file anew with all that the book holds. @throws ListStoreError */
  save(): Promise<void>;
  /** What is wrong, for people; `null` when nothing is. */
  problem(): string | null;
}

/** Changes in the file, beyond twice what the lists hold, after which it is written anew. */
const SPARE = 10_000;

/**
 * Reads what was kept into a book. What cannot be read is told, and left out.
 *
 * @param onProblem told in words for people
 */
export async function openKeptFile(
  path: string,
  book: ListBook,
  onProblem: (message: string) => void,
): Promise<KeptFile> {
  await removeDrafts(path);
  const { bytes, entries, loss } = await readInto(path, book);
  if (loss !== null) onProblem(loss);
  const writer = createJournalWriter(path, bytes);
  /** Entries that were set or removed since the file was begun. The next start shall not find the same loss. */
  let written = loss === null ? entries : Infinity;
  let failure: string | null = null;

  async function trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      failure = null;
    } catch (error) {
      failure = `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
      onProblem(failure);
      throw new ListStoreError('the file of the lists cannot be written', { cause: error });
    }
  }

  async function replace(): Promise<void> {
    await writer.replace(recordsOf(book));
    written = sizeOf(book);
  }

  return {
    write: (change) =>
      trying(async () => {
        if (written >= 2 * sizeOf(book) + SPARE) await replace();
        const record = recordOf(change);
        if (!(await writer.append([record]))) {
          await replace();
          await writer.append([record]);
        }
        written += change.set.length + change.removed.length;
      }),
    save: () => trying(replace),
    problem: () => failure ?? loss,
  };
}

interface Read {
  /** Bytes to write on after. */
  readonly bytes: number;
  /** Entries that were set or removed. */
  readonly entries: number;
  /** What could not be read. */
  readonly loss: string | null;
}

async function readInto(path: string, book: ListBook): Promise<Read> {
  let entries = 0;
  let misread = 0;
  try {
    const { bytes, damaged } = await readJournal(path, (data) => {
      const change = changeOf(data);
      if (change === undefined) {
        misread += 1;
        return;
      }
      book.apply(change);
      entries += change.set.length + change.removed.length;
    });
    const lost = damaged + misread;
    if (lost === 0) return { bytes, entries, loss: null };
    const loss = `${path}: ${lost} changes of lists are damaged and left out; ${await setAside(path)}`;
    return { bytes, entries, loss };
  } catch (error) {
    if (!(error instanceof UnusableJournal)) throw error;
    const loss = `${path} cannot be used: ${error.message}; it is left out, and ${await setAside(path)}`;
    return { bytes: 0, entries, loss };
  }
}

function sizeOf(book: ListBook): number {
  return book.summaries().reduce((sum, { entries }) => sum + entries, 0);
}

/** For people to look at. */
async function setAside(path: string): Promise<string> {
  const aside = `${path}.damaged`;
  try {
    await copyFile(path, aside);
    return `the file is kept as ${aside}`;
  } catch {
    return 'the file could not be set aside';
  }
}
