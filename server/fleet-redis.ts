/** The connection to Redis for what may take long: rules, signs of life, the stream of decisions. */
import type { Logger } from 'pino';
import { connectRedis } from '../state/redis/connect.js';
import type { Redis, RedisSettings } from '../state/redis/redis.js';
import type { Config } from '../store/config.js';

/** Milliseconds that a command may take: a set of rules can be megabytes. */
const TIMEOUT = 2_000;

/**
 * Begins to connect; `undefined` where the configuration names no Redis. What rules remember has a connection
 * of its own, so that no answer has to wait behind megabytes.
 */
export function openFleetRedis({ state }: Pick<Config, 'state'>, logger: Logger): Redis | undefined {
  if (state.type !== 'redis') return undefined;
  const redis = connectRedis(patient(state.redis), { onError: () => undefined });
  redis.onChange(({ connected, lastError }) => {
    if (connected) logger.info({ cause: 'redis' }, 'Redis is there: rules, fleet and decision stream');
    else
      logger.warn({ cause: 'redis', lastError }, 'Redis is gone: this process goes on with the rules it has');
  });
  return redis;
}

function patient(settings: RedisSettings): RedisSettings {
  return { ...settings, timeout: Math.max(settings.timeout, TIMEOUT) };
}
