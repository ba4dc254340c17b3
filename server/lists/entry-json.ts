/** Entries of live lists as JSON, both ways. */
import {
  faultOfText,
  faultOfValue,
  MOST_CHARACTERS,
  type ListEntry,
  type WantedEntry,
} from '../../state/lists/entry.js';
import { isList, isRecord } from '../../store/data.js';
import { BadRequest } from '../json-body.js';

/** Entries or values that one request may have. */
export const MOST_AT_ONCE = 1000;

/** An entry as the admin listener shows it. Moments are ISO 8601 in UTC. */
export function describeEntry({ addedAt, expiresAt, ...rest }: ListEntry): Readonly<Record<string, string>> {
  return {
    ...rest,
    addedAt: new Date(addedAt).toISOString(),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
  };
}

/**
 * Reads `{ value, reason?, owner?, expiresAt? }`, or `{ entries: [...] }` with a text or such a mapping each;
 * what stands beside `entries` holds for those that do not say it themselves.
 *
 * @throws BadRequest
 */
export function readWantedEntries(body: unknown, now: number): readonly WantedEntry[] {
  if (!isRecord(body)) throw new BadRequest('expected an object');
  if (body['entries'] === undefined) return [readEntry(body, {}, now, 'the entry')];
  const { entries, ...shared } = body;
  refuseOthers(shared, DETAILS, 'the request');
  return readMany(entries, 'entries').map((entry, index) =>
    readEntry(entry, shared, now, `entry ${index + 1}`),
  );
}

const DETAILS = ['reason', 'owner', 'expiresAt'];

function readEntry(
  data: unknown,
  shared: Readonly<Record<string, unknown>>,
  now: number,
  what: string,
): WantedEntry {
  const own = typeof data === 'string' ? { value: data } : data;
  if (!isRecord(own)) throw new BadRequest(`${what} is neither a text nor an object`);
  refuseOthers(own, ['value', ...DETAILS], what);
  const all = { ...shared, ...own };
  const reason = readDetail(all['reason'], 'reason', what);
  const owner = readDetail(all['owner'], 'owner', what);
  const expiresAt = readEnd(all['expiresAt'], now, what);
  return {
    value: readValue(all['value'], what),
    ...(reason !== undefined && { reason }),
    ...(owner !== undefined && { owner }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** Reads `{ value }` or `{ values: [...] }`, and an `owner` who wants it. @throws BadRequest */
export function readUnwanted(body: unknown): { readonly values: readonly string[]; readonly owner?: string } {
  if (!isRecord(body)) throw new BadRequest('expected an object');
  refuseOthers(body, ['value', 'values', 'owner'], 'the request');
  const given = body['values'] === undefined ? [body['value']] : readMany(body['values'], 'values');
  const owner = readDetail(body['owner'], 'owner', 'the request');
  return {
    values: given.map((value, index) => readValue(value, `value ${index + 1}`)),
    ...(owner !== undefined && { owner }),
  };
}

function readMany(data: unknown, name: string): readonly unknown[] {
  if (!isList(data) || data.length === 0)
    throw new BadRequest(`\`${name}\` must be a list that is not empty`);
  if (data.length > MOST_AT_ONCE) {
    throw new BadRequest(`\`${name}\` has more than ${MOST_AT_ONCE} members: send several requests`);
  }
  return data;
}

/** @throws BadRequest for a member that is not known */
export function refuseOthers(
  data: Readonly<Record<string, unknown>>,
  known: readonly string[],
  what: string,
): void {
  const other = Object.keys(data).find((key) => !known.includes(key));
  if (other !== undefined) {
    throw new BadRequest(`${what} has an unknown member \`${other}\`: there are ${known.join(', ')}`);
  }
}

function readValue(data: unknown, what: string): string {
  if (typeof data !== 'string') throw new BadRequest(`${what} has no \`value\` that is a text`);
  const fault = faultOfValue(data);
  if (fault !== undefined) throw new BadRequest(`the value of ${what} is not possible: ${fault}`);
  return data;
}

/** Reads who wants it, or why. @throws BadRequest */
export function readDetail(data: unknown, name: 'reason' | 'owner', what: string): string | undefined {
  if (data === undefined || data === null || data === '') return undefined;
  if (typeof data !== 'string') throw new BadRequest(`\`${name}\` of ${what} is no text`);
  const fault = faultOfText(data, MOST_CHARACTERS[name]);
  if (fault !== undefined) throw new BadRequest(`\`${name}\` of ${what} is not possible: ${fault}`);
  return data;
}

/** A moment with a zone, so that it means the same for everybody. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function readEnd(data: unknown, now: number, what: string): number | undefined {
  if (data === undefined || data === null) return undefined;
  const time = typeof data === 'string' && MOMENT.test(data) ? Date.parse(data) : NaN;
  if (Number.isNaN(time)) {
    throw new BadRequest(`\`expiresAt\` of ${what} is no moment such as 2026-12-31T23:59:59Z`);
  }
  if (time <= now) throw new BadRequest(`\`expiresAt\` of ${what} is past`);
  return time;
}
