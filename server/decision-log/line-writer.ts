/** Writes lines in the background, in batches, within a fixed amount of memory. */
import { startDeadline } from '../deadline.js';
import { codeOf, type Destination } from './destination.js';

export interface LineWriterOptions {
  readonly destination: Destination;
  /** Bytes of lines that may wait. */
  readonly capacity: number;
  /** Told of every loss: how many lines, and why (`full`, or the system's word such as `ENOSPC`). */
  readonly onLoss: (lines: number, reason: string) => void;
  /** Milliseconds that lines are collected before they are written. */
  readonly collect?: number;
  /** Milliseconds after a failure before the next attempt. */
  readonly pause?: number;
}

export interface LineCounts {
  readonly written: number;
  /** Lines for which there was no room. */
  readonly dropped: number;
  /** Lines that the destination did not take. */
  readonly failed: number;
  readonly waiting: number;
}

export interface LineWriter {
  /** Takes a line (without its end) or drops it; at once, and never with an error. */
  push(line: string): void;
  counts(): LineCounts;
  /**
   * Writes what waits, then closes the destination. What cannot be written in time is lost, and counted.
   *
   * @param timeLimit milliseconds
   */
  close(timeLimit: number): Promise<void>;
}

/** Bytes that are written at once, and that do not wait for more. */
const BATCH = 256 * 1024;
const COLLECT = 100;
const PAUSE = 1000;
const NEWLINE = 0x0a;

interface Line {
  readonly text: string;
  /** Bytes, those of the line's end included. */
  readonly size: number;
}

interface Batch {
  readonly lines: number;
  readonly bytes: Buffer;
}

export function createLineWriter(options: LineWriterOptions): LineWriter {
  const { destination, capacity, onLoss, collect = COLLECT, pause = PAUSE } = options;
  const counts = { written: 0, dropped: 0, failed: 0 };
  let lines: Line[] = [];
  /** Bytes of all lines that are not written yet, those of the current batch included. */
  let held = 0;
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isClosing = false;
  /** The destination ends in the middle of a line. */
  let isCut = false;

  function takeBatch(): Batch {
    let count = 0;
    let size = 0;
    for (const line of lines) {
      if (count > 0 && size + line.size > BATCH) break;
      count += 1;
      size += line.size;
    }
    const text = lines
      .slice(0, count)
      .map((line) => line.text)
      .join('\n');
    lines = lines.slice(count);
    return { lines: count, bytes: Buffer.from(`${text}\n`) };
  }

  /** @returns whether all of it was written */
  async function writeBatch({ lines: count, bytes }: Batch): Promise<boolean> {
    const start = isCut ? Buffer.concat([Buffer.of(NEWLINE), bytes]) : bytes;
    let reason = 'ENOSPC';
    let written = 0;
    try {
      written = await destination.write(start);
    } catch (error) {
      reason = codeOf(error);
    }
    const done = linesIn(start.subarray(0, written)) - (isCut && written > 0 ? 1 : 0);
    if (written > 0) isCut = start[written - 1] !== NEWLINE;
    held -= bytes.length;
    waiting -= count;
    counts.written += done;
    if (done === count) return true;
    counts.failed += count - done;
    onLoss(count - done, reason);
    return false;
  }

  async function run(): Promise<void> {
    let isFine = true;
    while (isFine && lines.length > 0) isFine = await writeBatch(takeBatch());
    running = undefined;
    if (lines.length > 0) start(pause);
  }

  function start(delay: number): void {
    if (running !== undefined || timer !== undefined || isClosing) return;
    timer = setTimeout(() => {
      timer = undefined;
      running = run();
    }, delay);
  }

  return {
    push(text) {
      const size = Buffer.byteLength(text) + 1;
      if (isClosing || held + size > capacity) {
        counts.dropped += 1;
        onLoss(1, 'full');
        return;
      }
      held += size;
      waiting += 1;
      lines.push({ text, size });
      start(collect);
    },
    counts: () => ({ ...counts, waiting }),
    async close(timeLimit) {
      isClosing = true;
      clearTimeout(timer);
      const deadline = startDeadline(timeLimit);
      await Promise.race([finish(), deadline.expired]);
      deadline.clear();
      if (waiting > 0) onLoss(waiting, 'stopped');
    },
  };

  async function finish(): Promise<void> {
    await running;
    while (lines.length > 0) await writeBatch(takeBatch());
    await destination.close();
  }
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
