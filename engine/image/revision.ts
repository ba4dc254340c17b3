/** The revision: which rules these are, the same on every machine. */
import { createHash } from 'node:crypto';
import type { PackedDocument } from './document.js';

/** First 12 hex digits of a hash over all files in name order: over what they say, not how it is written. */
export function revisionOf(
  documents: readonly Pick<PackedDocument, 'file' | 'digest'>[],
  texts: ReadonlyMap<string, string>,
): string {
  const lists = [...texts].map((entry) => ({ file: entry[0], digest: sha256(JSON.stringify(entry)) }));
  const parts = [...documents, ...lists].map(({ file, digest }) => ({ key: JSON.stringify(file), digest }));
  const hash = createHash('sha256');
  for (const { digest } of parts.sort((left, right) => (left.key < right.key ? -1 : 1))) {
    hash.update(digest).update('\n');
  }
  return hash.digest('hex').slice(0, 12);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
