/** A way to the state in Redis without anything that stands in for it: for people. */
import type { StateStore } from '../../engine/state.js';
import { connectRedis } from '../../state/redis/connect.js';
import type { RedisSettings } from '../../state/redis/redis.js';
import { createRedisStateStore } from '../../state/redis/store.js';

export interface DirectState {
  /** Rejects when Redis cannot be asked. */
  readonly store: StateStore;
  close(): Promise<void>;
}

/** Begins to connect, and does not wait for it. */
export function openDirectState(settings: RedisSettings): DirectState {
  // Whoever asks is told that it is gone.
  const redis = connectRedis(settings, { onError: () => undefined });
  return { store: createRedisStateStore(redis), close: redis.close };
}
