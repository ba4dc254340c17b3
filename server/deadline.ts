/** The time a callback has, as a promise that can be raced against work. */

/** What a deadline's promise resolves to; equal to nothing that work can yield. */
export const EXPIRED = Symbol('expired');

export interface Deadline {
  /** When it began, on the clock of `performance.now()`. */
  readonly startedAt: number;
  /** Resolves when the time is up; never rejects. */
  readonly expired: Promise<typeof EXPIRED>;
  /** Whether the time is up by the clock: true also while work holds the thread, so that no timer can fire. */
  isOver(): boolean;
  /**
   * Resolves when most of the time is up, with enough left to go on without what has not come until then;
   * never rejects. Costs nothing until it is asked for.
   */
  readonly nearEnd: () => Promise<unknown>;
  /** Frees the timers. Must be called when the callback is answered. */
  clear(): void;
}

/** Share of the time after which the end is near. */
const NEAR_END = 0.8;

/**
 * Starts a deadline on the monotonic clock: a wall clock that jumps does not move it.
 *
 * @param milliseconds from now; none are left when it is not above 0
 */
export function startDeadline(milliseconds: number): Deadline {
  const startedAt = performance.now();
  const passed = (): number => performance.now() - startedAt;
  // A timer may fire a fraction of a millisecond before the clock agrees.
  let hasExpired = false;
  let timer: NodeJS.Timeout | undefined;
  let nearTimer: NodeJS.Timeout | undefined;
  let near: Promise<unknown> | undefined;
  const expired = new Promise<typeof EXPIRED>((resolve) => {
    timer = setTimeout(() => {
      hasExpired = true;
      resolve(EXPIRED);
    }, milliseconds);
  });
  return {
    startedAt,
    expired,
    isOver: () => hasExpired || passed() >= milliseconds,
    nearEnd: () =>
      (near ??= new Promise((resolve) => {
        nearTimer = setTimeout(resolve, milliseconds * NEAR_END - passed());
      })),
    clear() {
      clearTimeout(timer);
      clearTimeout(nearTimer);
    },
  };
}
