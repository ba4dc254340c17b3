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

/** Bytes that are written at once. */
const BATCH = 256 * 1024;
const COLLECT = 100;
const PAUSE = 1000;
const NEWLINE = 0x0a;

/** Lines as bytes, put there as they come: strings that wait would be moved around by the garbage collector. */
interface Batch {
  readonly bytes: Buffer;
  length: number;
  lines: number;
}

const LEAST_BATCH = 4 * 1024;
/** Bytes of UTF-8 that a code unit of a string takes at most. */
const MOST_BYTES = 3;

export function createLineWriter(options: LineWriterOptions): LineWriter {
  const { destination, capacity, onLoss, collect = COLLECT, pause = PAUSE } = options;
  const counts = { written: 0, dropped: 0, failed: 0 };
  const batches: Batch[] = [];
  /** Bytes of all lines that are not written yet, those of the current batch included. */
  let held = 0;
  let waiting = 0;
  let lastLength = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isClosing = false;
  /** The destination ends in the middle of a line. */
  let isCut = false;

  /** The batch that is being filled, or a new one, about twice as large as the last was full. */
  function batchFor(text: string): Batch {
    const most = text.length * MOST_BYTES + 1;
    const last = batches.at(-1);
    if (last !== undefined && last.length + most <= last.bytes.length) return last;
    const usual = Math.min(BATCH, Math.max(LEAST_BATCH, lastLength * 2));
    const batch: Batch = { bytes: Buffer.allocUnsafe(Math.max(usual, most)), length: 0, lines: 0 };
    batches.push(batch);
    return batch;
  }

  /** The next batch that has lines; one stays empty when its first line has no room. */
  function takeBatch(): Batch | undefined {
    let batch = batches.shift();
    while (batch?.lines === 0) batch = batches.shift();
    return batch;
  }

  /** @returns whether all of it was written */
  async function writeBatch({ lines: count, bytes, length }: Batch): Promise<boolean> {
    const filled = bytes.subarray(0, length);
    const start = isCut ? Buffer.concat([Buffer.of(NEWLINE), filled]) : filled;
    lastLength = length;
    let reason = 'ENOSPC';
    let written = 0;
    try {
      written = await destination.write(start);
    } catch (error) {
      reason = codeOf(error);
    }
    const done =
      written === start.length ? count : linesIn(start.subarray(0, written)) - (isCut && written > 0 ? 1 : 0);
    if (written > 0) isCut = start[written - 1] !== NEWLINE;
    held -= length;
    waiting -= count;
    counts.written += done;
    if (done === count) return true;
    counts.failed += count - done;
    onLoss(count - done, reason);
    return false;
  }

  async function run(): Promise<void> {
    let batch = takeBatch();
    while (batch !== undefined && (await writeBatch(batch))) batch = takeBatch();
    running = undefined;
    if (waiting > 0) start(pause);
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
      // Not below the number of bytes, so that a line that cannot have room is not written first.
      if (isClosing || held + text.length >= capacity || !put(text, batchFor(text))) {
        counts.dropped += 1;
        onLoss(1, 'full');
      } else start(collect);
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

  /** @returns whether there was room for it */
  function put(text: string, batch: Batch): boolean {
    const end = batch.length + batch.bytes.write(text, batch.length);
    const size = end + 1 - batch.length;
    if (held + size > capacity) return false;
    batch.bytes[end] = NEWLINE;
    batch.length = end + 1;
    batch.lines += 1;
    held += size;
    waiting += 1;
    return true;
  }

  async function finish(): Promise<void> {
    await running;
    for (let batch = takeBatch(); batch !== undefined; batch = takeBatch()) await writeBatch(batch);
    await destination.close();
  }
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
