/** The lines of a file, one after the other, in bounded memory. */
import { createReadStream, fstatSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UserError } from '../suite/user-error.js';

/** Characters of a line that are read; callbacks are far smaller. */
const MAX_LINE = 16 * 1024 * 1024;

export interface LineSource {
  /** The lines without their ends; `null` stands for one that is too long. */
  readonly lines: AsyncIterable<string | null>;
  /** How much of the source is read, from 0 to 1; `undefined` where its size is not known. */
  readonly progress: () => number | undefined;
}

/** Opens a log: a file, one compressed with gzip (`.gz`), or `-` for standard input. @throws UserError */
export async function openLines(path: string): Promise<LineSource> {
  if (path === '-') return { lines: linesIn(process.stdin), progress: () => undefined };
  try {
    const handle = await open(path);
    const { size } = fstatSync(handle.fd);
    const file = createReadStream(path, { fd: handle, highWaterMark: 256 * 1024 });
    const text = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
    return { lines: linesIn(text, path), progress: () => (size === 0 ? 1 : file.bytesRead / size) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** @param name of the source, for errors */
export async function* linesIn(
  source: Readable,
  name = 'standard input',
  maxLine = MAX_LINE,
): AsyncGenerator<string | null> {
  source.setEncoding('utf8');
  let rest = '';
  let isTooLong = false;
  try {
    for await (const chunk of source) {
      const pieces = String(chunk).split('\n');
      const last = pieces.pop() ?? '';
      for (const piece of pieces) {
        yield isTooLong ? null : rest + piece;
        rest = '';
        isTooLong = false;
      }
      rest += last;
      if (rest.length > maxLine) {
        rest = '';
        isTooLong = true;
      }
    }
  } catch (error) {
    throw unreadable(name, error);
  }
  if (isTooLong) yield null;
  else if (rest !== '') yield rest;
}

function unreadable(name: string, error: unknown): UserError {
  return new UserError(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
}
