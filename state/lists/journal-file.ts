/**
 * A file of changes: each is a line of its own, added when it happens, so that it is kept whatever comes next.
 *
 * A line is a checksum and JSON. The first says what the file is. A last line that is not whole was being written
 * when the process or the machine died, and nobody was told that it is kept.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/** Changes whenever an older or newer Callgate would not understand the file. */
const HEAD = { format: 'callgate-lists', version: 1 };
const SUM_LENGTH = 16;
/** Characters of a line that are read: far more than one that was written has. */
const MOST_LINE = 4 * 1024 * 1024;

/** What was found when a file was read. */
export interface JournalReading {
  /** Bytes that are good from the beginning; 0 when there is no file. */
  readonly bytes: number;
  /** Lines that are not what was written, other than a last one. */
  readonly damaged: number;
}

/** Why a file cannot be used at all. */
export class UnusableJournal extends Error {}

/**
 * Reads a file. What is damaged is left out and counted.
 *
 * @param take gets the JSON values of the lines, in order
 * @throws UnusableJournal when it cannot be read, is something else, or of another version
 */
export async function readJournal(path: string, take: (data: unknown) => void): Promise<JournalReading> {
  let bytes = 0;
  let damaged = 0;
  let good = 0;
  try {
    for await (const { text, size, isWhole } of readLines(path)) {
      // A last line without its end is as if it had never been.
      if (!isWhole) break;
      const data = dataOf(text);
      if (bytes === 0 && data !== undefined && !isHead(data)) {
        throw new UnusableJournal('it is of another version of Callgate');
      }
      if (data === undefined) damaged += 1;
      else good += 1;
      if (bytes > 0 && data !== undefined) take(data);
      bytes += size;
    }
    if (damaged > 0 && good === 0) throw new UnusableJournal('it is no file of lists, or damaged');
  } catch (error) {
    if (isAbsent(error)) return { bytes: 0, damaged: 0 };
    if (error instanceof UnusableJournal) throw error;
    throw new UnusableJournal(error instanceof Error ? error.message : String(error));
  }
  return { bytes, damaged };
}

interface Line {
  readonly text: string;
  readonly size: number;
  /** Whether it has an end. */
  readonly isWhole: boolean;
}

async function* readLines(path: string): AsyncGenerator<Line> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10, start)) {
      yield { text: rest.toString('utf8', start, end), size: end + 1 - start, isWhole: true };
      start = end + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > MOST_LINE) throw new UnusableJournal('it is no file of lists');
    await setImmediate();
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), size: rest.length, isWhole: false };
}

function isHead(data: unknown): boolean {
  return JSON.stringify(data) === JSON.stringify(HEAD);
}

/** @returns `undefined` when it is not what was written */
function dataOf(line: string): unknown {
  const json = line.slice(SUM_LENGTH + 1);
  return line === lineOf(json) ? (JSON.parse(json) as unknown) : undefined;
}

function lineOf(json: string): string {
  return `${createHash('sha256').update(json).digest('hex').slice(0, SUM_LENGTH)} ${json}`;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

export interface JournalWriter {
  /**
   * Adds lines. They are on the disk when it resolves.
   *
   * @returns `false` when the file is not the one that was written last, and nothing was added
   * @throws when they cannot be written; then none of them counts
   */
  append(lines: readonly unknown[]): Promise<boolean>;
  /**
   * Begins anew with these lines, whatever happens meanwhile: the old file, or the new one, is there whole.
   *
   * @throws when it cannot be written
   */
  replace(lines: Iterable<unknown>): Promise<void>;
}

/** Writes on in a file, after its good bytes. Calls must not overlap. */
export function createJournalWriter(path: string, goodBytes: number): JournalWriter {
  let bytes = goodBytes;
  /** Whether something may lie behind the good bytes that has to go: what a write left that failed. */
  let isTorn = true;

  /** Opened each time: somebody may have removed or replaced the file. */
  async function append(file: FileHandle, lines: readonly unknown[]): Promise<boolean> {
    const { size } = await file.stat();
    if (size < bytes || (size > bytes && !isTorn)) return false;
    if (size > bytes) await file.truncate(bytes);
    const all = bytes === 0 ? [HEAD, ...lines] : lines;
    const text = all.map(textOf).join('');
    isTorn = true;
    await file.appendFile(text);
    await file.datasync();
    isTorn = false;
    bytes += Buffer.byteLength(text);
    return true;
  }

  return {
    async append(lines) {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'a', 0o600);
      try {
        return await append(file, lines);
      } finally {
        await file.close();
      }
    },
    async replace(lines) {
      await mkdir(dirname(path), { recursive: true });
      const draft = `${path}.${randomUUID()}.tmp`;
      try {
        const size = await writeDraft(draft, lines);
        await rename(draft, path);
        bytes = size;
        isTorn = false;
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}

/** @returns how many bytes it has */
async function writeDraft(draft: string, lines: Iterable<unknown>): Promise<number> {
  const file = await open(draft, 'wx', 0o600);
  let size = 0;
  try {
    for (const line of withHead(lines)) {
      const text = textOf(line);
      size += Buffer.byteLength(text);
      await file.appendFile(text);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return size;
}

function* withHead(lines: Iterable<unknown>): Generator {
  yield HEAD;
  yield* lines;
}

function textOf(line: unknown): string {
  return `${lineOf(JSON.stringify(line))}\n`;
}
