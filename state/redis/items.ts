import type { RedisReply } from './redis.js';

/** The items of an answer that is a list; none of any other. */
export function itemsOf(reply: RedisReply | undefined): readonly RedisReply[] {
  return isList(reply) ? reply : [];
}

function isList(reply: RedisReply | undefined): reply is readonly RedisReply[] {
  return Array.isArray(reply);
}
