/** Where lines end up. */
import { write } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import type { DecisionLogSettings } from '../../store/config.js';

export interface Destination {
  /**
   * Writes bytes. One call at a time.
   *
   * @returns how many of them are known to be written: fewer on a disk that filled up meanwhile
   * @throws Error when none are
   */
  readonly write: (bytes: Buffer) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Milliseconds after which a pipe that was full is tried again. */
const PIPE_RETRY = 20;

const writeTo = promisify(write);

/**
 * An open file or pipe, written in the background: unlike `process.stdout`, a reader that has stopped
 * reading does not stop the process.
 */
export function createDescriptor(descriptor: number): Destination {
  return {
    async write(bytes) {
      let written = 0;
      while (written < bytes.length) {
        try {
          written += (await writeTo(descriptor, bytes, written, bytes.length - written)).bytesWritten;
        } catch (error) {
          if (codeOf(error) !== 'EAGAIN') {
            if (written > 0) return written;
            throw error;
          }
          await wait(PIPE_RETRY);
        }
      }
      return written;
    },
    close: () => Promise.resolve(),
  };
}

const INTERVALS = { never: undefined, hour: '1h', day: '1d' } as const;

/**
 * A file that is put aside by size and time (`FILE.1` is the youngest old one). Created with its folder
 * when the first line comes; created again when somebody removes it.
 */
export function createRotatingFile({
  file,
  rotate,
}: Pick<DecisionLogSettings, 'file' | 'rotate'>): Destination {
  const interval = INTERVALS[rotate.every];
  let stream: RotatingFileStream | undefined;
  let failure: Error | undefined;
  let rotations = 0;

  function open(): RotatingFileStream {
    const opened = createStream(basename(file), {
      path: dirname(file),
      size: `${rotate.size}B`,
      rotate: rotate.keep,
      ...(rotate.compress && { compress: 'gzip' }),
      ...(interval !== undefined && { interval }),
    });
    failure = undefined;
    opened.on('error', (error) => (failure ??= error));
    opened.on('rotation', () => (rotations += 1));
    return opened;
  }

  async function close(): Promise<void> {
    const closing = stream;
    stream = undefined;
    if (closing === undefined || closing.closed) return;
    const closed = new Promise<void>((resolve) => closing.once('close', resolve));
    closing.end();
    await closed;
  }

  /** The size of the file now, which somebody may have removed or emptied. */
  async function sizeBefore(): Promise<number> {
    const size = await sizeOf(file);
    if (size === undefined) await close();
    return size ?? 0;
  }

  return {
    async write(bytes) {
      const before = await sizeBefore();
      const turn = rotations;
      const current = (stream ??= open());
      const problem = await new Promise((resolve) => current.write(bytes, resolve));
      if (problem instanceof Error) {
        await close();
        throw failure ?? problem;
      }
      // A disk that fills up takes a part of the bytes without an error; only the next write gets one.
      const after = (await sizeOf(file)) ?? 0;
      return rotations === turn ? Math.min(bytes.length, Math.max(0, after - before)) : bytes.length;
    },
    close,
  };
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The system's word for what went wrong, such as `ENOSPC`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
