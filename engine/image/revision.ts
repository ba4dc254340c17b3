/** The revision: which rules these are, the same on every machine. */
import { createHash } from 'node:crypto';
import type { PackedDocument } from './document.js';

/** First 12 hex digits of a hash over all files in name order: over what they say, not how it is written. */
export function revisionOf(
  documents: readonly Pick<PackedDocument, 'file' | 'json'>[],
  texts: ReadonlyMap<string, string>,
): string {
  const lists = [...texts].map((entry) => ({ file: entry[0], json: JSON.stringify(entry) }));
  const parts = [...documents, ...lists].map(({ file, json }) => ({ key: JSON.stringify(file), json }));
  const hash = createHash('sha256');
  for (const { json } of parts.sort((left, right) => (left.key < right.key ? -1 : 1))) {
    hash.update(json).update('\n');
  }
  return hash.digest('hex').slice(0, 12);
}
