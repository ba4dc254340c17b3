/** Entries in requests that the admin listener takes. */
import type { WantedEntry } from '../../state/lists/entry.js';

/** Entries of one request: a few milliseconds of work for a gate that answers callbacks meanwhile. */
const MOST = 200;
/** Bytes of the entries of one request: well below the limit of a body. */
const MOST_BYTES = 512 * 1024;

/** Entries as the admin listener reads them. */
export type EntryJson = Readonly<Record<string, string>>;

export function toJson({ expiresAt, ...rest }: WantedEntry): EntryJson {
  return { ...rest, ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }) };
}

export function* batchesOf(entries: readonly WantedEntry[]): Generator<readonly EntryJson[]> {
  let batch: EntryJson[] = [];
  let bytes = 0;
  for (const entry of entries.map(toJson)) {
    const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (batch.length > 0 && (batch.length === MOST || bytes + size > MOST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
