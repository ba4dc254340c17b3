/** The decision log as a Redis Stream, which any number of consumer groups can read. */
import { whenConnected } from '../../fleet/when-connected.js';
import type { Redis } from '../../state/redis/redis.js';
import type { Destination } from './destination.js';

export interface StreamSettings {
  /** Key of the stream. */
  readonly key: string;
  /** Lines that it keeps, or a few more: Redis removes whole nodes of its tree. */
  readonly maxlen: number;
}

/** All lines of a batch or none, in one round trip. */
const ADD = `
for i = 2, #ARGV do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'line', ARGV[i])
end
return #ARGV - 1`;

/** Redis did not take a batch, or has not said that it did. */
class StreamFailure extends Error {
  /** The word for it in reports of losses. */
  readonly code = 'redis';
}

/**
 * An entry for each line, with the one field `line`. While there is no connection, lines wait; a batch that
 * was on its way when the connection broke counts as lost, although it may have arrived.
 */
export function createStream(redis: Redis, { key, maxlen }: StreamSettings): Destination {
  return {
    async write(bytes) {
      await whenConnected(redis);
      const lines = bytes.toString('utf8').split('\n').slice(0, -1);
      try {
        await redis.send(key, ['EVAL', ADD, '1', key, `${maxlen}`, ...lines]);
      } catch (error) {
        throw new StreamFailure(error instanceof Error ? error.message : String(error), { cause: error });
      }
      return bytes.length;
    },
    close: () => Promise.resolve(),
  };
}
