/** How far the event loop is behind: how long something that comes now may have waited already. */

/** Milliseconds between two beats. */
const INTERVAL = 50;
/** Milliseconds over which the worst lag is remembered. */
const WINDOW = 10_000;

export interface LagMeter {
  /**
   * Milliseconds that the next beat is overdue by now. Grows while work holds the thread: what is read
   * from a socket then may have arrived at any time since.
   */
  now(): number;
  /** The worst of the last 10 to 20 seconds, in milliseconds. */
  worst(): number;
  close(): void;
}

/** Starts to measure. Does not keep the process alive. @param clock milliseconds, never going back */
export function createLagMeter(clock: () => number = () => performance.now()): LagMeter {
  let dueAt = clock() + INTERVAL;
  let windowEnds = clock() + WINDOW;
  let worst = 0;
  let worstBefore = 0;

  const overdue = (): number => Math.max(0, clock() - dueAt);

  function beat(): void {
    worst = Math.max(worst, overdue());
    dueAt = clock() + INTERVAL;
    if (dueAt < windowEnds) return;
    worstBefore = worst;
    worst = 0;
    windowEnds = dueAt + WINDOW;
  }

  const timer = setInterval(beat, INTERVAL).unref();
  return {
    now: overdue,
    worst: () => Math.max(worst, worstBefore, overdue()),
    close: () => clearInterval(timer),
  };
}
