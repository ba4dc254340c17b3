/** How long to wait before a worker that crashed is started again. */

const FIRST = 100;
const LONGEST = 10_000;
/** A crash after this many milliseconds without one has nothing to do with those before. */
const CALM = 60_000;

export interface Backoff {
  /** Takes note of a crash. @returns milliseconds to wait: each time twice as many, up to ten seconds */
  next(): number;
}

/** @param clock milliseconds, never going back */
export function createBackoff(clock: () => number = () => performance.now()): Backoff {
  let last = -Infinity;
  let delay = 0;
  return {
    next() {
      const now = clock();
      delay = now - last >= CALM ? FIRST : Math.min(LONGEST, delay * 2);
      last = now;
      return delay;
    },
  };
}
