/** Runs a job after things have calmed down, and never twice at a time. */

export interface Settler {
  /** Something happened: the job is to run, once for all that happens in short order. */
  readonly trigger: () => void;
  /** Ends it. Resolves when a job that runs has ended; no other will start. */
  close(): Promise<void>;
}

export interface SettleTiming {
  /** Milliseconds without a trigger after which the job runs. */
  readonly quiet: number;
  /** Milliseconds after the first trigger at which it runs although there is no end of triggers. */
  readonly atMost: number;
}

/**
 * @param job must not reject
 */
export function createSettler(job: () => Promise<void>, { quiet, atMost }: SettleTiming): Settler {
  let firstAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;

  function schedule(): void {
    if (isClosed || running !== undefined || firstAt === undefined) return;
    clearTimeout(timer);
    const left = firstAt + atMost - performance.now();
    timer = setTimeout(start, Math.max(0, Math.min(quiet, left)));
  }

  function start(): void {
    firstAt = undefined;
    running = job().finally(() => {
      running = undefined;
      // What happened during the job may have come too late for it.
      schedule();
    });
  }

  return {
    trigger() {
      firstAt ??= performance.now();
      schedule();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
