/** Waits for Redis. */
import type { Redis } from '../state/redis/redis.js';

/** @param limit milliseconds to wait at most. @returns whether there is a connection */
export function whenConnected(redis: Redis, limit = Infinity): Promise<boolean> {
  if (redis.status().connected) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = limit === Infinity ? undefined : setTimeout(() => done(false), limit);
    const stop = redis.onChange(({ connected }) => {
      if (connected) done(true);
    });
    function done(isConnected: boolean): void {
      clearTimeout(timer);
      stop();
      resolve(isConnected);
    }
  });
}
