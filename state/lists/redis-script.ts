/** How live lists lie in Redis, and the script that changes them. */
import type { Redis, RedisReply } from '../redis/redis.js';

/** Milliseconds for which a list's latest changes can be read one by one; later, the list is read whole. */
const LOG_LIFE = 86_400_000;
/** Changes of a list that can be read one by one. */
const LOG_LENGTH = 1000;
/** Milliseconds after its end that an entry lies about: the clocks of those who read it may differ. */
const LATE = 60_000;

/** One tag for all, so that a Cluster keeps all lists on one node, where one script can change them. */
export function listKeys(prefix: string, list = '') {
  const begin = `${prefix}:{lists}`;
  return {
    /** A hash: `epoch`, and for each list `v:NAME` its version and `t:NAME` when it was changed. */
    heads: `${begin}:heads`,
    /** A hash: value -> when it was added, a blank, details. */
    entries: `${begin}:entries:${list}`,
    /** A sorted set: value -> when it goes; of those that do not stay. */
    ends: `${begin}:ends:${list}`,
    /** A stream: a change has its version as ID, and fields: `@` the moment, `+VALUE` as in `entries`, `-VALUE`. */
    log: `${begin}:log:${list}`,
    channel: `${begin}:changes`,
  };
}

/**
 * Adds and removes entries of one list. An entry that was there keeps its first moment. Also removes entries
 * whose end is long past.
 *
 * Arguments: list, moment, channel, new epoch, most entries, `add` or `restore` (which leaves alone what is
 * there) or `remove`, then of each entry value, first moment, details and end (0: none); of each value to remove, the value.
 * The result is the version and what became of each: `a`dded, `u`pdated, `s`ame, `r`emoved, a`b`sent; or `full`.
 */
const SCRIPT = `
local heads, entries, ends, log = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local list, now, channel, epoch, most, mode = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]
local call = redis.call
call('HSETNX', heads, 'epoch', epoch)
local time = call('TIME')
local past = tonumber(time[1]) * 1000 - ${LATE}
for _, value in ipairs(call('ZRANGEBYSCORE', ends, '-inf', past, 'LIMIT', 0, 200)) do
  call('ZREM', ends, value)
  call('HDEL', entries, value)
end
local outcomes, fields = {}, {}
local function note(field, text)
  fields[#fields + 1] = field
  fields[#fields + 1] = text
end
if mode == 'remove' then
  for i = 7, #ARGV do
    local value = ARGV[i]
    local goes = tonumber(call('ZSCORE', ends, value) or 'inf')
    call('ZREM', ends, value)
    if call('HDEL', entries, value) == 1 then
      note('-' .. value, '')
      outcomes[#outcomes + 1] = goes > now and 'r' or 'b'
    else
      outcomes[#outcomes + 1] = 'b'
    end
  end
else
  if call('HLEN', entries) + (#ARGV - 6) / 4 > most then return {'full'} end
  for i = 7, #ARGV, 4 do
    local value, added, details, goes = ARGV[i], ARGV[i + 1], ARGV[i + 2], tonumber(ARGV[i + 3])
    local old = call('HGET', entries, value)
    if old and mode ~= 'restore' and tonumber(call('ZSCORE', ends, value) or 'inf') <= now then old = false end
    local outcome = 'a'
    if old then
      local space = string.find(old, ' ', 1, true)
      added = string.sub(old, 1, space - 1)
      outcome = (mode == 'restore' or string.sub(old, space + 1) == details) and 's' or 'u'
    end
    if outcome ~= 's' then
      local entry = added .. ' ' .. details
      call('HSET', entries, value, entry)
      if goes > 0 then call('ZADD', ends, ARGV[i + 3], value) else call('ZREM', ends, value) end
      note('+' .. value, entry)
    end
    outcomes[#outcomes + 1] = outcome
  end
end
local version = tonumber(call('HGET', heads, 'v:' .. list) or '0')
if #fields > 0 then
  version = version + 1
  call('HSET', heads, 'v:' .. list, version, 't:' .. list, ARGV[2])
  call('XADD', log, 'MAXLEN', '~', ${LOG_LENGTH}, version .. '-0', '@', ARGV[2], unpack(fields))
  call('PEXPIRE', log, ${LOG_LIFE})
  call('PUBLISH', channel, list)
end
return {tostring(version), unpack(outcomes)}
`;

export interface ListScriptCall {
  readonly list: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Names the data, should this be the first of it. */
  readonly epoch: string;
  readonly most: number;
  readonly mode: 'add' | 'restore' | 'remove';
  readonly args: readonly string[];
}

/** @returns what the script says. Rejects as `Redis.send` does */
export function runListScript(redis: Redis, call: ListScriptCall): Promise<RedisReply> {
  const { heads, entries, ends, log, channel } = listKeys(redis.settings.prefix, call.list);
  const { list, at, epoch, most, mode, args } = call;
  const values = [list, String(at), channel, epoch, String(most), mode, ...args];
  return redis.send(heads, ['EVAL', SCRIPT, '4', heads, entries, ends, log, ...values]);
}
