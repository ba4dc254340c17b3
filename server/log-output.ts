/**
 * An open file or pipe that the program's log is written to, in the background. A full disk or a reader that
 * has stopped costs lines, which are counted, and never a callback: pino's own destination waits for either,
 * at worst forever and with the whole process.
 */
import { write, writeSync } from 'node:fs';
import { codeOf } from './decision-log/destination.js';

export interface LogOutput {
  /** Takes a line with its end, or drops it; at once, and never with an error. */
  write(line: string): void;
  /** Writes what waits and does not come back to what fails; for the end of the process. */
  end(): void;
}

/** The part of the file system that is needed. */
export interface Descriptors {
  readonly write: (fd: number, bytes: Buffer, done: (error: Error | null, written: number) => void) => void;
  readonly writeSync: (fd: number, bytes: Buffer) => number;
}

/**
 * Bytes that are written at once: several processes can put so many onto one pipe without mixing their lines
 * (POSIX PIPE_BUF).
 */
const PIECE = 4096;
/** Bytes that may wait. */
const CAPACITY = 4_000_000;
/** Milliseconds until the next attempt: after a reader was too slow, and after the system refused to write. */
const RETRY = 20;
const PAUSE = 1_000;
/** Attempts at the end on a reader that is too slow. */
const LAST_ATTEMPTS = 10;
const NEWLINE = 0x0a;

interface Piece {
  readonly bytes: Buffer;
  readonly lines: number;
}

export function createLogOutput(fd: number, descriptors: Descriptors = { write, writeSync }): LogOutput {
  let waiting: Buffer[] = [];
  let held = 0;
  let lost = 0;
  let isBusy = false;
  /** What was written last ends in the middle of a line. */
  let isCut = false;

  function take(): Piece | undefined {
    const taken: Buffer[] = isCut ? [Buffer.of(NEWLINE)] : [];
    let size = 0;
    let lines = 0;
    for (const line of waiting) {
      if (lines > 0 && size + line.length > PIECE) break;
      taken.push(line);
      size += line.length;
      lines += 1;
    }
    waiting = waiting.slice(lines);
    held -= size;
    return lines === 0 ? undefined : { bytes: Buffer.concat(taken), lines };
  }

  function note(bytes: Buffer, written: number): void {
    if (written > 0) isCut = bytes[written - 1] !== NEWLINE;
  }

  function lose({ lines }: Piece): void {
    lost += lines;
  }

  /** Says what is missing once there is somebody to hear it. */
  function tellLoss(): void {
    if (lost === 0) return;
    const line = { level: 50, time: new Date(Date.now()).toISOString(), lost, msg: 'log lines were lost' };
    lost = 0;
    push(`${JSON.stringify(line)}\n`);
  }

  function push(line: string): void {
    const bytes = Buffer.from(line);
    if (held + bytes.length > CAPACITY) {
      lost += 1;
      return;
    }
    held += bytes.length;
    waiting.push(bytes);
  }

  function next(): void {
    const piece = take();
    isBusy = piece !== undefined;
    if (piece !== undefined) put(piece);
  }

  function put(piece: Piece): void {
    const { bytes, lines } = piece;
    descriptors.write(fd, bytes, (error, written) => {
      if (error !== null) {
        const isSlow = isTooSlow(error);
        if (!isSlow) lose(piece);
        setTimeout(isSlow ? () => put(piece) : next, isSlow ? RETRY : PAUSE).unref();
        return;
      }
      note(bytes, written);
      if (written < bytes.length) {
        put({ bytes: bytes.subarray(written), lines });
        return;
      }
      tellLoss();
      next();
    });
  }

  function putSync({ bytes, lines }: Piece, attempts: number): boolean {
    try {
      const written = descriptors.writeSync(fd, bytes);
      note(bytes, written);
      return written === bytes.length || putSync({ bytes: bytes.subarray(written), lines }, attempts);
    } catch (error) {
      if (!isTooSlow(error) || attempts === 0) return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY);
      return putSync({ bytes, lines }, attempts - 1);
    }
  }

  return {
    write(line) {
      push(line);
      if (isBusy) return;
      isBusy = true;
      // What is said on the way out is still here when the process ends, and gets out in its order.
      setImmediate(next);
    },
    end() {
      let piece = take();
      while (piece !== undefined && putSync(piece, LAST_ATTEMPTS)) piece = take();
    },
  };
}

function isTooSlow(error: unknown): boolean {
  return ['EAGAIN', 'EBUSY'].includes(codeOf(error));
}
