/** Records of releases: what is signed, stored and compared. */
import { createHash, type KeyObject } from 'node:crypto';
import { isRecord } from '../store/data.js';
import type { Release } from '../store/release.js';
import { isSignedBy, signText } from './signing.js';

/** Changes whenever an older or newer Callgate would not understand a record. */
const FORMAT = 1;
/** Largest number of a release: far more than anybody publishes, and safe to count on from. */
export const MOST_NUMBER = 2 ** 48;

export interface ReleaseRecord extends Release {
  /** SHA-256 of the packed files, in hex. */
  readonly content: string;
  /** Bytes of the packed files. */
  readonly size: number;
  /** Number of the release whose rules these are again; `null` unless it is a rollback. */
  readonly rollbackTo: number | null;
}

/** A record as it was read, with the proof of where it comes from. */
export interface SignedRecord {
  readonly record: ReleaseRecord;
  /** The very text that the signature is about. */
  readonly body: string;
  readonly signature: string | null;
}

/** Why a record is not taken. */
export class RefusedRelease extends Error {}

export function contentHash(packed: Uint8Array): string {
  return createHash('sha256').update(packed).digest('hex');
}

/** The text of a record, signed where there is a key. */
export function writeRecord(record: ReleaseRecord, privateKey: KeyObject | undefined): string {
  const body = JSON.stringify({ format: FORMAT, ...record });
  const signature = privateKey === undefined ? null : signText(body, privateKey);
  return JSON.stringify({ body, signature });
}

/** Reads a record without asking who wrote it. @throws RefusedRelease when it is damaged */
export function readRecord(text: string): SignedRecord {
  const outer = parse(text);
  const { body, signature } = isRecord(outer) ? outer : {};
  if (typeof body !== 'string' || !(typeof signature === 'string' || signature === null)) {
    throw new RefusedRelease('its record is damaged');
  }
  return { record: readBody(body), body, signature };
}

/** Whether a record was signed with the private half of a key. */
export function isSigned({ body, signature }: SignedRecord, publicKey: KeyObject): boolean {
  return signature !== null && isSignedBy(body, signature, publicKey);
}

/** The latest release that a gate knows to be genuine. */
export interface KnownRelease {
  readonly number: number;
  readonly content: string;
}

/**
 * Reads a record that is to be put in force.
 *
 * With a key, it must be signed with it and must not be older than what is known: else an old release could
 * be brought back by whoever can write to Redis. Without a key, Redis is believed.
 *
 * @throws RefusedRelease
 */
export function acceptRecord(
  text: string,
  publicKey: KeyObject | undefined,
  known: KnownRelease | null,
): ReleaseRecord {
  const signed = readRecord(text);
  const { number, content } = signed.record;
  if (publicKey === undefined) return signed.record;
  if (signed.signature === null) throw new RefusedRelease(`release ${number} is not signed`);
  if (!isSigned(signed, publicKey)) {
    throw new RefusedRelease(`the signature of release ${number} is not from the key that is trusted here`);
  }
  if (known !== null && (number < known.number || (number === known.number && content !== known.content))) {
    throw new RefusedRelease(`release ${number} is older than release ${known.number}, which is known here`);
  }
  return signed.record;
}

function readBody(body: string): ReleaseRecord {
  const data = parse(body);
  if (!isRecord(data)) throw new RefusedRelease('its record is damaged');
  const { format, number, revision, at, by, note, content, size, rollbackTo } = data;
  if (typeof format === 'number' && format !== FORMAT) {
    throw new RefusedRelease(`its record is of format ${format}, and this Callgate reads ${FORMAT}`);
  }
  if (
    format !== FORMAT ||
    !isNumber(number) ||
    typeof revision !== 'string' ||
    !isMoment(at) ||
    typeof by !== 'string' ||
    typeof note !== 'string' ||
    typeof content !== 'string' ||
    !isMoment(size) ||
    !(rollbackTo === null || isNumber(rollbackTo))
  ) {
    throw new RefusedRelease('its record is damaged');
  }
  return { number, revision, at, by, note, content, size, rollbackTo };
}

function isNumber(value: unknown): value is number {
  return isMoment(value) && value >= 1 && value <= MOST_NUMBER;
}

/** What is safe to print as a date. */
function isMoment(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 8.64e15;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
