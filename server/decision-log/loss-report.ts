/** Tells operators about lines that were lost: at once, then at most once per interval. */
import type { Logger } from 'pino';

/** Milliseconds between two log lines about losses. */
const INTERVAL = 60_000;

export interface LossReport {
  readonly add: (lines: number, reason: string) => void;
  /** Tells what has not been told yet. */
  readonly close: () => void;
}

export function createLossReport(logger: Logger, interval = INTERVAL): LossReport {
  const lost = new Map<string, number>();
  let quiet: NodeJS.Timeout | undefined;

  function tell(): void {
    if (lost.size === 0) return;
    logger.error({ lost: Object.fromEntries(lost) }, 'decisions could not be logged');
    lost.clear();
    quiet = setTimeout(() => {
      quiet = undefined;
      tell();
    }, interval).unref();
  }

  return {
    add(lines, reason) {
      lost.set(reason, (lost.get(reason) ?? 0) + lines);
      if (quiet === undefined) tell();
    },
    close() {
      clearTimeout(quiet);
      tell();
      clearTimeout(quiet);
    },
  };
}
