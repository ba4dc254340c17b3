/** State in Redis; while it cannot be asked, this process remembers for itself. */
import type { Logger } from 'pino';
import { createMemoryStateStore } from '../../state/memory/store.js';
import { connectRedis } from '../../state/redis/connect.js';
import { openRedisState as openStandIn } from '../../state/redis/open.js';
import type { RedisSettings } from '../../state/redis/redis.js';
import { createRedisStateStore } from '../../state/redis/store.js';
import type { State } from './state.js';
import { observeStore } from './usage.js';

/** Begins to connect, and does not wait for it. */
export function openRedisState(settings: RedisSettings, logger: Logger): State {
  // A failure is told when it changes something; each attempt would be a line a second.
  const redis = connectRedis(settings, { onError: () => undefined });
  redis.onChange(({ connected, lastError }) => {
    if (connected) logger.info({ cause: 'state-redis' }, 'Redis is there');
    else logger.error({ cause: 'state-redis', lastError }, 'Redis is gone');
  });
  const standIn = openStandIn(redis, createMemoryStateStore(), {
    onChange({ state, lastError, journal, dropped }) {
      const line = { cause: 'state-redis', journal, dropped };
      if (state === 'open')
        logger.error({ ...line, lastError }, 'Redis does not answer: this process remembers for itself');
      if (state === 'closed') logger.info(line, 'Redis answers again');
    },
  });
  const { store, usage } = observeStore(standIn);
  return {
    type: 'redis',
    store,
    direct: createRedisStateStore(redis),
    usage,
    backlog() {
      const { journal, dropped } = standIn.status();
      return { waiting: journal, lost: dropped };
    },
    isDegraded: () => standIn.status().state !== 'closed',
    status() {
      const { connected, since, lastError } = redis.status();
      const { state, since: stateSince, journal, dropped } = standIn.status();
      return {
        type: 'redis',
        mode: settings.mode,
        connected,
        since: isoTime(since),
        degradedSince: state === 'closed' ? null : isoTime(stateSince),
        waitingForRedis: journal,
        lostForRedis: dropped,
        lastError: lastError ?? null,
      };
    },
    async close() {
      await standIn.close();
      await redis.close();
    },
  };
}

function isoTime(moment: number): string {
  return new Date(moment).toISOString();
}
