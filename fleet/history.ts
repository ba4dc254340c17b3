/** The releases that are remembered, as records. */
import { MOST_NUMBER, readRecord, RefusedRelease, type ReleaseRecord, type SignedRecord } from './record.js';

/** Releases that are kept, so that it is possible to go back to them. */
export const MOST_RELEASES = 50;

/** Reads what can be read; a damaged record is left out. @param texts the youngest one first */
export function readHistory(texts: readonly string[]): readonly SignedRecord[] {
  return texts.flatMap((text) => {
    try {
      return [readRecord(text)];
    } catch (error) {
      if (error instanceof RefusedRelease) return [];
      throw error;
    }
  });
}

/**
 * The number of the next release: above all that are remembered, and above those that run, which Redis may
 * have forgotten meanwhile.
 */
export function nextNumber(history: readonly SignedRecord[], running: readonly number[]): number {
  const numbers = [...history.map(({ record }) => record.number), ...running];
  const last = Math.max(0, ...numbers.filter((number) => number < MOST_NUMBER));
  return last + 1;
}

/** Contents of which nothing will be known once a further release with a content is there. */
export function forgottenContents(
  history: readonly SignedRecord[],
  content: string,
  most = MOST_RELEASES,
): readonly string[] {
  const kept = new Set([content, ...history.slice(0, most - 1).map(({ record }) => record.content)]);
  const gone = history.slice(most - 1).map((signed) => signed.record.content);
  return [...new Set(gone)].filter((each) => !kept.has(each));
}

/** Why there is nothing to go back to. */
export class NoSuchRelease extends Error {}

/**
 * The release to go back to: by number, by revision or its beginning, or without a name the last one with
 * other rules.
 *
 * @throws NoSuchRelease
 */
export function rollbackTarget(
  history: readonly SignedRecord[],
  current: ReleaseRecord,
  named: string | undefined,
): SignedRecord {
  // A second step back goes on from where the first one led.
  const from = current.rollbackTo ?? current.number;
  const target =
    named === undefined
      ? history.find(({ record }) => record.number < from && record.content !== current.content)
      : history.find(({ record }) => isNamed(record, named));
  if (target === undefined) {
    throw new NoSuchRelease(
      named === undefined
        ? 'There is no earlier release with other rules.'
        : `Release ${named} is not among the last ${MOST_RELEASES}; \`callgate revisions\` prints them.`,
    );
  }
  if (target.record.content === current.content) {
    throw new NoSuchRelease(`The rules of release ${target.record.number} are in force already.`);
  }
  return target;
}

/** Fewer characters of a revision than this are a number, or a slip. */
const SHORTEST_REVISION = 4;

function isNamed({ number, revision }: ReleaseRecord, name: string): boolean {
  if (String(number) === name) return true;
  return name.length >= SHORTEST_REVISION && revision.startsWith(name.toLowerCase());
}
