/** Releases in Redis. */
import type { Redis, RedisReply } from '../state/redis/redis.js';
import { MOST_RELEASES } from './history.js';
import { fleetNames } from './names.js';

export interface Commit {
  /** The record that is current so far; `null` when there is none. */
  readonly expected: string | null;
  readonly record: string;
  readonly number: number;
  /** Hash of the packed files, and the files unless they are there already. */
  readonly hash: string;
  readonly packed?: Uint8Array;
  /** Hashes of contents that no record names any more. */
  readonly forget: readonly string[];
}

export interface Releases {
  /** Text of the current record; `null` when nothing has been published. */
  current(): Promise<string | null>;
  /** Texts of records, the youngest one first. */
  history(): Promise<readonly string[]>;
  /** Packed files; `null` when there are none with this hash. */
  content(hash: string): Promise<Buffer | null>;
  /** Makes a record the current one. @returns `false` when another one has become it meanwhile */
  commit(commit: Commit): Promise<boolean>;
}

/** All or nothing, and only on top of what the publisher has seen. */
const COMMIT = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[5] ~= '' then redis.call('HSET', KEYS[3], ARGV[4], ARGV[5]) end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('LPUSH', KEYS[2], ARGV[2])
redis.call('LTRIM', KEYS[2], 0, ${MOST_RELEASES - 1})
for i = 7, #ARGV do redis.call('HDEL', KEYS[3], ARGV[i]) end
redis.call('PUBLISH', ARGV[6], ARGV[3])
return 1`;

/** Methods reject when Redis cannot be asked. */
export function createReleases(redis: Redis): Releases {
  const names = fleetNames(redis.settings.prefix);
  return {
    current: async () => textOf(await redis.send(names.current, ['GET', names.current])),
    async history() {
      const reply = await redis.send(names.history, ['LRANGE', names.history, '0', `${MOST_RELEASES - 1}`]);
      return Array.isArray(reply) ? reply.filter((item) => typeof item === 'string') : [];
    },
    async content(hash) {
      const text = textOf(await redis.send(names.contents, ['HGET', names.contents, hash]));
      return text === null ? null : Buffer.from(text, 'base64');
    },
    async commit({ expected, record, number, hash, packed, forget }) {
      const keys = [names.current, names.history, names.contents];
      // Replies are texts, so contents are kept as one.
      const content = packed === undefined ? '' : Buffer.from(packed).toString('base64');
      const reply = await redis.send(names.current, [
        ...['EVAL', COMMIT, `${keys.length}`, ...keys],
        ...[expected ?? '', record, `${number}`, hash, content, names.channel, ...forget],
      ]);
      return reply === 1;
    },
  };
}

function textOf(reply: RedisReply): string | null {
  return typeof reply === 'string' ? reply : null;
}
