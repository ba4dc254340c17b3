import type { ReleaseRecord, SignedRecord } from '../../fleet/record.js';

export function recordOf(number: number, more: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    number,
    revision: `${number}`.padStart(12, 'a'),
    at: 1_760_000_000_000 + number,
    by: 'alice@build',
    note: '',
    content: `content-${number}`,
    size: 1000,
    rollbackTo: null,
    ...more,
  };
}

/** As read; nobody has signed it. */
export function unsigned(record: ReleaseRecord): SignedRecord {
  return { record, body: '', signature: null };
}
