/** State in Redis with everything that keeps a process going without it. */
import type { StateStore } from '../../engine/state.js';
import { withStandIn, type StandIn, type StandInOptions } from './breaker.js';
import type { Redis } from './redis.js';
import { createRedisStateStore } from './store.js';

/**
 * @param local counts while Redis cannot be asked
 */
export function openRedisState(
  redis: Redis,
  local: StateStore,
  options: Omit<StandInOptions, 'timeout'> = {},
): StandIn {
  const standIn = withStandIn(createRedisStateStore(redis), local, {
    ...options,
    timeout: redis.settings.timeout,
  });
  const stop = redis.onChange(({ connected }) => {
    if (connected) standIn.retry();
  });
  return {
    ...standIn,
    async close() {
      stop();
      await standIn.close();
    },
  };
}
