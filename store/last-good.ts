/** The last good rule files, kept in one file: what the gate starts on when the folder is broken. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isList, isRecord } from './data.js';
import { isAbsent } from './read-text.js';
import type { FileRole } from './folder-listing.js';

/** Changes whenever an older or newer Callgate would not understand the file. */
const FORMAT = 1;
/** Largest file that is kept and read, in bytes. */
const MOST_BYTES = 256 * 1024 * 1024;

/** A file of the rules folder. */
export interface KeptFile {
  readonly file: string;
  readonly role: FileRole;
  readonly text: string;
}

export interface LastGood {
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly files: readonly KeptFile[];
}

/** Why what was kept cannot be used. */
export class UnusableLastGood extends Error {}

/**
 * Keeps rule files. They are there whole or not at all, whatever happens meanwhile.
 *
 * @throws when they are too large, or cannot be written; then what was kept before is still there
 */
export async function writeLastGood(path: string, kept: LastGood, mostBytes = MOST_BYTES): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await writePieces(file, kept, mostBytes);
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

/** One file after the other: all together would take much memory, twice. */
async function writePieces(file: FileHandle, { savedAt, files }: LastGood, mostBytes: number): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function write(text: string): Promise<void> {
    bytes += Buffer.byteLength(text);
    if (bytes > mostBytes)
      throw new Error(`the rules are too large to be kept: more than ${mostBytes} bytes`);
    await file.writeFile(text);
  }
  await write(`{"format":${FORMAT},"savedAt":${savedAt},"files":`);
  for (const piece of jsonPieces(files)) {
    hash.update(piece);
    await write(piece);
  }
  await write(`,"checksum":"${hash.digest('hex')}"}\n`);
}

/** The pieces of `JSON.stringify(files)`. */
function* jsonPieces(files: readonly KeptFile[]): Generator<string> {
  yield '[';
  for (const [index, file] of files.entries()) yield `${index === 0 ? '' : ','}${JSON.stringify(file)}`;
  yield ']';
}

/**
 * Reads what was kept.
 *
 * @returns `null` when there is nothing
 * @throws UnusableLastGood when it is damaged, of another version or unreadable
 */
export async function readLastGood(path: string): Promise<LastGood | null> {
  const text = await readWhole(path);
  if (text === null) return null;
  const data = parse(text);
  if (!isRecord(data) || typeof data['format'] !== 'number') throw new UnusableLastGood('it is damaged');
  if (data['format'] !== FORMAT) {
    throw new UnusableLastGood(`it is of format ${data['format']}, and this Callgate reads ${FORMAT}`);
  }
  const { savedAt, files, checksum: sum } = data;
  const isWhole =
    typeof savedAt === 'number' && isList(files) && files.every(isKeptFile) && checksumOf(files) === sum;
  if (!isWhole) throw new UnusableLastGood('it is damaged: its checksum is wrong');
  return { savedAt, files };
}

async function readWhole(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new UnusableLastGood('it is too large');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    if (error instanceof UnusableLastGood) throw error;
    throw new UnusableLastGood(error instanceof Error ? error.message : String(error));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether data is a file as it is kept. */
export function isKeptFile(value: unknown): value is KeptFile {
  return (
    isRecord(value) &&
    typeof value['file'] === 'string' &&
    (value['role'] === 'rules' || value['role'] === 'list') &&
    typeof value['text'] === 'string'
  );
}

function checksumOf(files: readonly KeptFile[]): string {
  const hash = createHash('sha256');
  for (const piece of jsonPieces(files)) hash.update(piece);
  return hash.digest('hex');
}
