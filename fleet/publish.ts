/** Publishes releases, new ones and old ones again. */
import type { KeyObject } from 'node:crypto';
import { forgottenContents, nextNumber, NoSuchRelease, readHistory, rollbackTarget } from './history.js';
import { contentHash, isSigned, writeRecord, type ReleaseRecord, type SignedRecord } from './record.js';
import type { Releases } from './releases.js';
import { publicKeyOf } from './signing.js';

/** Who publishes, why and when. */
export interface Imprint {
  readonly by: string;
  readonly note: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly privateKey: KeyObject | undefined;
  /** Numbers of releases that run somewhere. */
  readonly running: readonly number[];
}

/** Somebody else has published at the same time, again and again. */
export class Contended extends Error {}

const ATTEMPTS = 10;

/** Publishes packed files. @throws Contended, and when Redis cannot be asked */
export function publishRules(
  releases: Releases,
  packed: Uint8Array,
  revision: string,
  imprint: Imprint,
): Promise<ReleaseRecord> {
  const what = { revision, content: contentHash(packed), size: packed.length, rollbackTo: null };
  return commit(releases, imprint, () => Promise.resolve({ ...what, packed }));
}

/**
 * Publishes the rules of an earlier release again, as a new one.
 *
 * @param named number or revision; the last one with other rules without it
 * @throws NoSuchRelease, Contended, and when Redis cannot be asked
 */
export function publishAgain(
  releases: Releases,
  named: string | undefined,
  imprint: Imprint,
): Promise<ReleaseRecord> {
  return commit(releases, imprint, async (history, text) => {
    const [current] = text === null ? [] : [...readHistory([text]), ...history];
    if (current === undefined) throw new NoSuchRelease('Nothing has been published.');
    const target = rollbackTarget(history, current.record, named);
    const { revision, content, size, number } = target.record;
    requireGenuine(target, imprint.privateKey);
    const packed = await releases.content(content);
    if (packed === null || contentHash(packed) !== content) {
      throw new NoSuchRelease(`The files of release ${number} are missing or damaged.`);
    }
    return { revision, content, size, rollbackTo: number, packed };
  });
}

/** Whoever can write to Redis must not get something signed by having it rolled back to. */
function requireGenuine(target: SignedRecord, privateKey: KeyObject | undefined): void {
  if (privateKey === undefined || isSigned(target, publicKeyOf(privateKey))) return;
  const { number } = target.record;
  throw new NoSuchRelease(`Release ${number} was not signed with this key; publish its rules anew.`);
}

type Draft = Pick<ReleaseRecord, 'revision' | 'content' | 'size' | 'rollbackTo'> & {
  readonly packed: Uint8Array;
};

async function commit(
  releases: Releases,
  { by, note, at, privateKey, running }: Imprint,
  draft: (history: readonly SignedRecord[], current: string | null) => Promise<Draft>,
): Promise<ReleaseRecord> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const expected = await releases.current();
    const history = readHistory(await releases.history());
    const { packed, ...what } = await draft(history, expected);
    const number = nextNumber(history, running);
    const record: ReleaseRecord = { number, at, by, note, ...what };
    const isDone = await releases.commit({
      expected,
      record: writeRecord(record, privateKey),
      number,
      hash: what.content,
      packed,
      forget: forgottenContents(history, what.content),
    });
    if (isDone) return record;
  }
  throw new Contended('Others publish all the time; try again.');
}
