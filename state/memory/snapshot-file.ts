/**
 * Rows in a file that is there whole or not at all.
 *
 * Each line is a checksum and JSON: first what the file is, then lists of rows, then how many rows there were.
 * A checksum is over the line's JSON and the checksum of the line before it, so that no line can be missing,
 * altered or out of place. Lines are short, so that none takes long to write or to read.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate } from 'node:timers/promises';
import { isRow, type Row } from './rows.js';

const FORMAT = 'callgate-state';
/** Changes whenever an older or newer Callgate would not understand the file. */
const VERSION = 1;
const DRAFT_END = '.tmp';
const SUM_LENGTH = 64;
/** Characters of a line that are read: far more than one that was written can have. */
const MOST_LINE = 4 * 1024 * 1024;

/** Why a snapshot cannot be used. */
export class UnusableSnapshot extends Error {}

/**
 * Writes rows, a list of them in each line. After each list others have their turn.
 *
 * @throws when it cannot be written; then what was there before still is
 */
export async function writeSnapshot(
  path: string,
  savedAt: number,
  lines: Iterable<readonly Row[]>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}${DRAFT_END}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await writeLines(file, savedAt, lines);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeLines(file: FileHandle, savedAt: number, lines: Iterable<readonly Row[]>): Promise<void> {
  let sum = '';
  let rows = 0;
  async function write(data: unknown): Promise<void> {
    const json = JSON.stringify(data);
    sum = sumOf(sum, json);
    await file.writeFile(`${sum} ${json}\n`);
  }
  await write({ format: FORMAT, version: VERSION, savedAt });
  for (const line of lines) {
    rows += line.length;
    if (line.length > 0) await write(line);
    else await setImmediate();
  }
  await write({ rows });
}

/** Removes what is left of snapshots that were not finished. */
export async function removeDrafts(path: string): Promise<void> {
  const folder = dirname(path);
  const begin = `${basename(path)}.`;
  const files = await readdir(folder).catch(() => []);
  const drafts = files.filter((file) => file.startsWith(begin) && file.endsWith(DRAFT_END));
  await Promise.all(drafts.map((file) => rm(join(folder, file), { force: true })));
}

function sumOf(before: string, json: string): string {
  return createHash('sha256').update(before).update(json).digest('hex');
}

/**
 * Reads rows. They count only when it resolves: the file may turn out to be damaged at its end.
 *
 * @returns when it was saved, in milliseconds since 1970; `null` when there is none
 * @throws UnusableSnapshot when it is damaged, unreadable, of another version, or something else
 */
export async function readSnapshot(path: string, take: (row: Row) => void): Promise<number | null> {
  let savedAt: number | undefined;
  let sum = '';
  let count = 0;
  let isEnded = false;
  try {
    for await (const line of readLines(path)) {
      const { data, json } = parse(line);
      sum = sumOf(sum, json);
      if (!line.startsWith(`${sum} `) || isEnded)
        throw new UnusableSnapshot('it is damaged: a checksum is wrong');
      if (savedAt === undefined) savedAt = momentIn(data);
      else if (Array.isArray(data)) count += takeAll(data, take);
      else isEnded = true;
      if (isEnded && !isEndOf(data, count)) throw new UnusableSnapshot('it is damaged: rows are missing');
    }
  } catch (error) {
    if (isAbsent(error)) return null;
    if (error instanceof UnusableSnapshot) throw error;
    throw new UnusableSnapshot(error instanceof Error ? error.message : String(error));
  }
  if (savedAt === undefined || !isEnded) throw new UnusableSnapshot('it is damaged: its end is missing');
  return savedAt;
}

async function* readLines(path: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of createReadStream(path)) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MOST_LINE) throw new UnusableSnapshot('it is not a snapshot');
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}

function parse(line: string): { readonly json: string; readonly data: unknown } {
  const json = line.slice(SUM_LENGTH + 1);
  try {
    return { json, data: JSON.parse(json) as unknown };
  } catch {
    throw new UnusableSnapshot('it is not a snapshot, or damaged');
  }
}

function momentIn(data: unknown): number {
  const isHeader = typeof data === 'object' && data !== null && 'format' in data && data.format === FORMAT;
  if (!isHeader || !('version' in data)) throw new UnusableSnapshot('it is not a snapshot');
  if (data.version !== VERSION)
    throw new UnusableSnapshot(
      `it is of version ${String(data.version)}, and this Callgate reads ${VERSION}`,
    );
  if (!('savedAt' in data) || typeof data.savedAt !== 'number') throw new UnusableSnapshot('it is damaged');
  return data.savedAt;
}

function takeAll(rows: readonly unknown[], take: (row: Row) => void): number {
  for (const row of rows) {
    if (!isRow(row)) throw new UnusableSnapshot('it is damaged');
    take(row);
  }
  return rows.length;
}

function isEndOf(data: unknown, count: number): boolean {
  return typeof data === 'object' && data !== null && 'rows' in data && data.rows === count;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
