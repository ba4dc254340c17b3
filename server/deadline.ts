/** The time a callback has, as a promise that can be raced against work. */

/** What a deadline's promise resolves to; equal to nothing that work can yield. */
export const EXPIRED = Symbol('expired');

export interface Deadline {
  /** Resolves when the time is up; never rejects. */
  readonly expired: Promise<typeof EXPIRED>;
  /** Frees the timer. Must be called when the callback is answered. */
  clear(): void;
}

/**
 * Starts a deadline on the monotonic clock: a wall clock that jumps does not move it.
 *
 * @param milliseconds from now
 */
export function startDeadline(milliseconds: number): Deadline {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<typeof EXPIRED>((resolve) => {
    timer = setTimeout(() => resolve(EXPIRED), milliseconds);
  });
  return { expired, clear: () => clearTimeout(timer) };
}
