/** Work that happens after its callback was answered: bounded, never in the way of a reply, drained at the end. */
import { EXPIRED, startDeadline, type Deadline } from './deadline.js';

export interface AfterQueueOptions {
  /** Tasks that may wait; more are dropped. */
  readonly capacity: number;
  /** Tasks that run at the same time. */
  readonly concurrency: number;
  /** Milliseconds after which a task is given up, so that one that hangs holds no place forever. */
  readonly timeLimit: number;
  /** Told about each task that failed or was given up. */
  readonly onError: (error: unknown) => void;
}

/** Work that knows how much time it has. */
export type AfterTask = (limit: Deadline) => Promise<void>;

export interface AfterQueueCounts {
  readonly waiting: number;
  readonly running: number;
  readonly done: number;
  readonly failed: number;
  readonly dropped: number;
}

export interface AfterQueue {
  /** Takes a task on, to start in a later turn of the event loop; `false` when it was dropped. */
  push(task: AfterTask): boolean;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
  counts(): AfterQueueCounts;
}

/** @throws never; what a task throws goes to `onError` */
export function createAfterQueue(options: AfterQueueOptions): AfterQueue {
  const waiting: AfterTask[] = [];
  let idlers: (() => void)[] = [];
  const counts = { running: 0, done: 0, failed: 0, dropped: 0 };

  async function run(task: AfterTask): Promise<void> {
    const limit = startDeadline(options.timeLimit);
    try {
      if ((await Promise.race([task(limit), limit.expired])) === EXPIRED)
        throw new Error('took too long and was given up');
      counts.done += 1;
    } catch (error) {
      counts.failed += 1;
      options.onError(error);
    } finally {
      limit.clear();
    }
  }

  function startNext(): void {
    if (counts.running >= options.concurrency) return;
    const task = waiting.shift();
    if (task === undefined) return;
    counts.running += 1;
    void run(task).then(() => {
      counts.running -= 1;
      if (waiting.length > 0) setImmediate(startNext);
      else if (counts.running === 0) {
        const resolveAll = idlers;
        idlers = [];
        for (const resolve of resolveAll) resolve();
      }
    });
  }

  return {
    push(task) {
      if (waiting.length >= options.capacity) {
        counts.dropped += 1;
        return false;
      }
      waiting.push(task);
      // The reply is written in the microtasks of this turn, so a task never delays its own reply.
      setImmediate(startNext);
      return true;
    },
    idle: () =>
      waiting.length + counts.running === 0
        ? Promise.resolve()
        : new Promise((resolve) => void idlers.push(resolve)),
    counts: () => ({ waiting: waiting.length, ...counts }),
  };
}
