/** Connections and stores of tests. */
import { connectRedis } from '../../../state/redis/connect.js';
import type { Redis, RedisSettings, RedisStatus } from '../../../state/redis/redis.js';

export interface Connected {
  readonly redis: Redis;
  readonly errors: readonly Error[];
}

/** Long enough for any machine that does not hang. */
const PATIENCE = 5000;

export function settingsOf(urls: readonly string[], more: Partial<RedisSettings> = {}): RedisSettings {
  return { mode: 'single', urls, prefix: 'callgate', timeout: PATIENCE, ...more };
}

/** Begins to connect. */
export function connecting(settings: RedisSettings): Connected {
  const errors: Error[] = [];
  return { redis: connectRedis(settings, { onError: (error) => errors.push(error) }), errors };
}

/** Resolves when the connection is as wanted. */
export function until(redis: Redis, isWanted: (status: RedisStatus) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isWanted(redis.status())) return;
      stop();
      resolve();
    };
    const stop = redis.onChange(look);
    look();
  });
}

export async function connected(settings: RedisSettings): Promise<Connected> {
  const connection = connecting(settings);
  await until(connection.redis, (status) => status.connected);
  return connection;
}

/** Resolves when a condition that nobody tells of is true. */
export async function eventually(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise(setImmediate);
}
