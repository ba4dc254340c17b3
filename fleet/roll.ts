/** The roll of the fleet in Redis: who is there, and when it was heard last, by the clock of Redis. */
import type { Redis, RedisReply } from '../state/redis/redis.js';
import { readBeat, type Beat } from './beat.js';
import { fleetNames } from './names.js';
import type { HeardBeat } from './view.js';

export interface Roll {
  /** What is known of the processes that were heard within the last ten minutes. */
  readonly heard: readonly HeardBeat[];
  /** The clock of Redis, in milliseconds since 1970. */
  readonly now: number;
}

/** Milliseconds after which a process that is gone is forgotten. */
const MEMORY = 600_000;

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

const BEAT = `${NOW}
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ${MEMORY})) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
end
redis.call('PEXPIRE', KEYS[1], ${MEMORY})
redis.call('PEXPIRE', KEYS[2], ${MEMORY})
return 1`;

const LEAVE = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1`;

/** Numbers as texts: a Lua number that is returned loses what follows the point, a double digits. */
const READ = `${NOW}
return { string.format('%.0f', now), redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES'), redis.call('HGETALL', KEYS[2]) }`;

function run(redis: Redis, script: string, ...parameters: readonly string[]): Promise<RedisReply> {
  const { beats, processes } = fleetNames(redis.settings.prefix);
  return redis.send(beats, ['EVAL', script, '2', beats, processes, ...parameters]);
}

/** Says that a process is there. Rejects when Redis cannot be asked, as the others do. */
export async function sendBeat(redis: Redis, id: string, beat: Beat): Promise<void> {
  await run(redis, BEAT, id, JSON.stringify(beat));
}

/** Strikes a process off. */
export async function leaveRoll(redis: Redis, id: string): Promise<void> {
  await run(redis, LEAVE, id);
}

/** Reads all of it. What a process of another version says in another way is left out. */
export async function readRoll(redis: Redis): Promise<Roll> {
  const reply = await run(redis, READ);
  const [now, moments, beats] = listOf(reply);
  const texts = pairsOf(beats);
  const heard = [...pairsOf(moments)].flatMap(([id, moment]): HeardBeat[] => {
    const beat = readBeat(texts.get(id) ?? '');
    return beat === undefined ? [] : [{ id, beat, at: Number(moment) }];
  });
  return { heard, now: Number(now) };
}

function listOf(reply: RedisReply | undefined): readonly RedisReply[] {
  return typeof reply === 'object' && reply !== null ? reply : [];
}

function pairsOf(reply: RedisReply | undefined): ReadonlyMap<string, string> {
  const items = listOf(reply).map(String);
  const pairs = new Map<string, string>();
  for (let at = 0; at + 1 < items.length; at += 2) pairs.set(items[at] ?? '', items[at + 1] ?? '');
  return pairs;
}
