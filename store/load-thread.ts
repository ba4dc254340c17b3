/** One thread that loads rules: started, given orders, watched over, ended. */
import { Worker, type MessagePort } from 'node:worker_threads';
import type { LoadOrder, ThreadLoaded, ThreadMessage, ThreadStart } from './load-protocol.js';

/** Megabytes of the heap's part for new objects: most of what a parser makes is dropped at once. */
const YOUNG_GENERATION = 64;

export interface LoadThreadOptions {
  readonly script: URL;
  readonly start: ThreadStart;
  /** Milliseconds without a word after which a thread that has work counts as hung. */
  readonly silenceLimit: number;
  /** The order is done; what the thread knows may have cost it much memory. */
  readonly onIdle: (heapBytes: number) => void;
  /** What could not be kept. */
  readonly onError: (error: unknown) => void;
}

export interface LoadThread {
  /** Rejects when the thread ends before it is done. */
  load(order: LoadOrder, onProgress: (done: number, total: number) => void): Promise<ThreadLoaded>;
  /** Waits until all work is done, then ends. */
  close(): Promise<void>;
  readonly isAlive: () => boolean;
}

/** The thread has not said a word for too long. */
export class ThreadSilent extends Error {}

interface Job {
  readonly onProgress: (done: number, total: number) => void;
  readonly resolve: (loaded: ThreadLoaded) => void;
  readonly reject: (error: Error) => void;
}

export function startLoadThread(options: LoadThreadOptions): LoadThread {
  const { script, start, silenceLimit, onIdle, onError } = options;
  const transferList: MessagePort[] = start.knowledge === null ? [] : [start.knowledge];
  const worker = new Worker(script, {
    name: 'callgate-rules',
    workerData: start,
    transferList,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
  });
  let job: Job | undefined;
  let isAlive = true;
  let isBusy = false;
  let silence: NodeJS.Timeout | undefined;
  let settle = (): void => undefined;
  let settled: Promise<void> = Promise.resolve();

  function listen(): void {
    clearTimeout(silence);
    if (isBusy)
      silence = setTimeout(
        () => end(new ThreadSilent(`no sign of life for ${silenceLimit} ms`)),
        silenceLimit,
      );
  }

  function end(error: Error): void {
    if (!isAlive) return;
    isAlive = false;
    isBusy = false;
    clearTimeout(silence);
    void worker.terminate();
    if (job !== undefined) job.reject(error);
    else onError(error);
    job = undefined;
    settle();
  }

  worker.on('message', (message: ThreadMessage) => {
    switch (message.type) {
      case 'progress':
        job?.onProgress(message.done, message.total);
        break;
      case 'loaded':
        job?.resolve(message);
        job = undefined;
        break;
      case 'idle':
        isBusy = false;
        worker.unref();
        settle();
        if (message.error !== null)
          onError(new Error(`the last good rules could not be kept: ${message.error}`));
        onIdle(message.heapBytes);
    }
    listen();
  });
  worker.on('error', end);
  worker.on('messageerror', end);
  worker.on('exit', (code) => end(new Error(`it ended by itself with code ${code}`)));
  worker.unref();

  return {
    isAlive: () => isAlive,
    async load(order, onProgress) {
      await settled;
      return new Promise((resolve, reject) => {
        if (!isAlive) {
          reject(new Error('it has ended'));
          return;
        }
        job = { onProgress, resolve, reject };
        isBusy = true;
        settled = new Promise((done) => (settle = done));
        // The process must not end while it waits for rules.
        worker.ref();
        worker.postMessage(order);
        listen();
      });
    },
    async close() {
      await settled;
      isAlive = false;
      clearTimeout(silence);
      await worker.terminate();
    },
  };
}
