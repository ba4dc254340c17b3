/** One thread that loads rules: started, given orders, watched over, ended. */
import { Worker, type MessagePort } from 'node:worker_threads';
import type { LoadOrder, ThreadLoaded, ThreadMessage, ThreadStart } from './load-protocol.js';

/** Megabytes of the heap's part for new objects: most of what a parser makes is dropped at once. */
const YOUNG_GENERATION = 16;

export interface LoadThreadOptions {
  readonly script: URL;
  readonly start: ThreadStart;
  /** Milliseconds without a word after which a thread that has work counts as hung. */
  readonly silenceLimit: number;
  /** The order is done. */
  readonly onIdle: () => void;
  /** Told of what happens without an order, and of rules that could not be kept. */
  readonly onError: (error: unknown) => void;
}

export interface LoadThread {
  /** Rejects when the thread ends before it is done. Only for a thread that is idle and alive. */
  load(order: LoadOrder, onProgress: (done: number, total: number) => void): Promise<ThreadLoaded>;
  /** Resolves when there is no more work, such as keeping rules, or the thread has ended. */
  idle(): Promise<void>;
  isAlive(): boolean;
  /** Waits until it is idle, then ends it. */
  close(): Promise<void>;
}

/** The thread has not said a word for too long. */
export class ThreadSilent extends Error {}

interface Job {
  readonly onProgress: (done: number, total: number) => void;
  readonly resolve: (loaded: ThreadLoaded) => void;
  readonly reject: (error: Error) => void;
}

export function startLoadThread({
  script,
  start,
  silenceLimit,
  onIdle,
  onError,
}: LoadThreadOptions): LoadThread {
  const transferList: MessagePort[] = start.knowledge === null ? [] : [start.knowledge];
  const worker = new Worker(script, {
    name: 'callgate-rules',
    workerData: start,
    transferList,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
  });
  let isAlive = true;
  let job: Job | undefined;
  let silence: NodeJS.Timeout | undefined;
  /** While there is work; ends it. */
  let settle: (() => void) | undefined;
  let settled: Promise<void> = Promise.resolve();

  function listen(): void {
    clearTimeout(silence);
    if (settle === undefined) return;
    silence = setTimeout(() => {
      end(new ThreadSilent(`no sign of life for ${silenceLimit} ms`));
    }, silenceLimit);
  }

  function rest(): void {
    clearTimeout(silence);
    settle?.();
    settle = undefined;
  }

  function end(error: Error): void {
    if (!isAlive) return;
    isAlive = false;
    void worker.terminate();
    if (job === undefined) onError(error);
    else job.reject(error);
    job = undefined;
    rest();
  }

  worker.on('message', (message: ThreadMessage) => {
    listen();
    switch (message.type) {
      case 'progress':
        job?.onProgress(message.done, message.total);
        return;
      case 'loaded':
        job?.resolve(message);
        job = undefined;
        return;
      case 'idle':
        worker.unref();
        rest();
        if (message.error !== null) {
          onError(new Error(`the last good rules could not be kept: ${message.error}`));
        }
        onIdle();
    }
  });
  worker.on('error', end);
  worker.on('messageerror', end);
  worker.on('exit', (code) => {
    end(new Error(`it ended by itself with code ${code}`));
  });
  worker.unref();

  return {
    isAlive: () => isAlive,
    idle: () => settled,
    load(order, onProgress) {
      return new Promise((resolve, reject) => {
        job = { onProgress, resolve, reject };
        settled = new Promise((done) => {
          settle = done;
        });
        // The process must not end while it waits for rules.
        worker.ref();
        worker.postMessage(order);
        listen();
      });
    },
    async close() {
      await settled;
      isAlive = false;
      await worker.terminate();
    },
  };
}
