/** How long replies took, counted into buckets: two additions per reply. */

/**
 * Upper bounds in milliseconds. Rules take microseconds and deadlines lie between 50 ms and 10 s: fine
 * steps below a millisecond, and the platforms' usual limits (800, 1500 and 2000 ms) as bounds of their own.
 */
export const LATENCY_BOUNDS: readonly number[] = [
  0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 800, 1000, 1500, 2000,
];

export interface LatencyCounts {
  /** Replies by bound, each counted once; one more than there are bounds, for what lies above all. */
  readonly buckets: readonly number[];
  /** Milliseconds of all replies together. */
  readonly sum: number;
}

export interface Latency {
  observe(ms: number): void;
  counts(): LatencyCounts;
}

export function createLatency(): Latency {
  const buckets = Array.from({ length: LATENCY_BOUNDS.length + 1 }, () => 0);
  let sum = 0;
  return {
    observe(ms) {
      let index = 0;
      while (ms > (LATENCY_BOUNDS[index] ?? Infinity)) index += 1;
      buckets[index] = (buckets[index] ?? 0) + 1;
      sum += ms;
    },
    counts: () => ({ buckets: [...buckets], sum }),
  };
}
