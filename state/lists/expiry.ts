/** Tells in time what is over, however much there is. */
import { createHeap } from './heap.js';

export interface Expiry<T> {
  /** @param at in milliseconds since 1970 */
  watch(item: T, at: number): void;
  close(): void;
}

/** Longest wait: the wall clock may be set, and timers do not follow it. */
const MOST_WAIT = 500;
/** Items that are told in one go. */
const AT_ONCE = 500;

/** @param onOver told of each item once its moment has come; whether that still counts is for it to know */
export function createExpiry<T>(now: () => number, onOver: (item: T) => void): Expiry<T> {
  const heap = createHeap<T>();
  let timer: NodeJS.Timeout | undefined;

  function wait(): void {
    clearTimeout(timer);
    timer = undefined;
    const next = heap.first();
    if (next === undefined) return;
    timer = setTimeout(tell, Math.min(Math.max(0, next - now()), MOST_WAIT)).unref();
  }

  function tell(): void {
    for (let left = AT_ONCE; left > 0; left -= 1) {
      const next = heap.first();
      if (next === undefined || next > now()) break;
      const item = heap.take();
      if (item !== undefined) onOver(item);
    }
    wait();
  }

  return {
    watch(item, at) {
      const first = heap.first();
      heap.add(item, at);
      if (first === undefined || at < first) wait();
    },
    close() {
      clearTimeout(timer);
      heap.clear();
    },
  };
}
