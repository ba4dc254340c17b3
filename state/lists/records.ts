/** Changes of lists as lines of a file. */
import type { ListBook, ListChange } from './book.js';
import { packDetails, unpackEntry, type ListEntry } from './entry.js';

/** Entries in one line. */
const AT_ONCE = 100;

/** A line: list, version, moment; value, moment and details of each entry that is set; values that are removed. */
export type Record = readonly [
  list: string,
  version: number,
  at: number,
  set: readonly (readonly [value: string, addedAt: number, details: string])[],
  removed: readonly string[],
];

export function recordOf({ list, version, at, set, removed }: ListChange): Record {
  return [list, version, at, set.map(partsOf), removed];
}

function partsOf(entry: ListEntry): Record[3][number] {
  return [entry.value, entry.addedAt, packDetails(entry)];
}

/** Reads a line. @returns `undefined` when it is none */
export function changeOf(data: unknown): ListChange | undefined {
  if (!isRecord(data)) return undefined;
  const [list, version, at, set, removed] = data;
  return {
    list,
    version,
    at,
    set: set.flatMap(([value, addedAt, details]) => unpackEntry(value, addedAt, details) ?? []),
    removed,
  };
}

function isRecord(data: unknown): data is Record {
  if (!Array.isArray(data) || data.length !== 5) return false;
  const [list, version, at, set, removed]: readonly unknown[] = data as readonly unknown[];
  return (
    typeof list === 'string' &&
    Number.isSafeInteger(version) &&
    Number.isSafeInteger(at) &&
    Array.isArray(set) &&
    set.every(isParts) &&
    Array.isArray(removed) &&
    removed.every((value) => typeof value === 'string')
  );
}

function isParts(data: unknown): boolean {
  if (!Array.isArray(data)) return false;
  const [value, addedAt, details]: readonly unknown[] = data as readonly unknown[];
  return typeof value === 'string' && Number.isSafeInteger(addedAt) && typeof details === 'string';
}

/** Everything that a book holds, as few lines as can be that each are short. */
export function* recordsOf(book: Pick<ListBook, 'summaries' | 'entries'>): Generator<Record> {
  for (const { name, version, changedAt } of book.summaries()) {
    let set: Record[3][number][] = [];
    for (const entry of book.entries(name)) {
      set.push(partsOf(entry));
      if (set.length < AT_ONCE) continue;
      yield [name, version, changedAt, set, []];
      set = [];
    }
    yield [name, version, changedAt, set, []];
  }
}
