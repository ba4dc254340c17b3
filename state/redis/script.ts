/** Carries out state commands inside Redis: the script, and how it is called. */
import { hash } from 'node:crypto';
import { MOST_MEMBERS, TOKEN_LIFE, WINDOW_PARTS, type StateCommand } from '../../engine/state.js';
import { nameOfKey, nameOfMember, nameOfTokens } from './keys.js';

/**
 * Milliseconds by which the clocks of callers may differ without anything being forgotten too early. What is
 * kept for that long beyond its time is left out of results.
 */
export const LATE = 10_000;

/**
 * Each command is four arguments (what to do, its moment, a duration or an end, a token or a member), and one key; a
 * count has a second one, for its tokens. The results are in the order of the commands.
 *
 * Keys live by duration, since the moments are those of the callers' clocks. A number becomes an argument with 17
 * digits, enough for any moment.
 */
export const SCRIPT = `
local PARTS, LIFE, MOST, LATE = ${WINDOW_PARTS}, ${TOKEN_LIFE}, ${MOST_MEMBERS}, ${LATE}
local call = redis.call
local next_key = 0
local function key()
  next_key = next_key + 1
  return KEYS[next_key]
end

-- A hash: the number of the part -> how much was counted in it.
local function count(effect, at, window, token)
  local parts, tokens = key(), key()
  local width = window / PARTS
  local part = math.floor(at / width)
  local first = part - PARTS
  local spare = first - math.min(PARTS, math.ceil(LATE / width))
  local total, stale = 0, {}
  local all = call('HGETALL', parts)
  for i = 1, #all, 2 do
    local each = tonumber(all[i])
    if each >= first then
      total = total + tonumber(all[i + 1])
    elseif each < spare then
      stale[#stale + 1] = all[i]
    end
  end
  if effect == 'r' then return total end
  if token ~= '' then
    local before = call('ZSCORE', tokens, token)
    if before and at - tonumber(before) < LIFE then return total end
  end
  if effect == 'a' then
    call('HINCRBY', parts, part, 1)
    if #stale > 0 then call('HDEL', parts, unpack(stale)) end
    call('PEXPIRE', parts, math.ceil(window + width + LATE))
    if token ~= '' then
      call('ZREMRANGEBYSCORE', tokens, '-inf', at - LIFE - LATE)
      call('ZADD', tokens, at, token)
      call('PEXPIRE', tokens, LIFE + LATE)
    end
  end
  return part >= first and total + 1 or total
end

-- A sorted set: member -> its latest moment.
local function distinct(effect, at, window, member)
  local members = key()
  local after = '(' .. string.format('%.17g', at - window)
  if effect == 'a' then
    local before = call('ZSCORE', members, member)
    if not before or tonumber(before) < at then call('ZADD', members, at, member) end
    call('ZREMRANGEBYSCORE', members, '-inf', at - window - LATE)
    local excess = call('ZCARD', members) - MOST
    if excess > 0 then call('ZREMRANGEBYRANK', members, 0, excess - 1) end
    call('PEXPIRE', members, math.ceil(window + LATE))
  end
  local total = call('ZCOUNT', members, after, '+inf')
  if effect ~= 's' then return total end
  local before = call('ZSCORE', members, member)
  if before and tonumber(before) > at - window then return total end
  return math.min(total + 1, MOST)
end

-- A text: when the mark goes.
local function label(effect, at, till)
  local name = key()
  if effect == 'c' then
    call('DEL', name)
    return 0
  end
  local before = tonumber(call('GET', name) or '-inf')
  if effect == 's' and till > before then
    before = till
    local life = math.ceil(till - at + LATE)
    if life > 0 then call('SET', name, till, 'PX', life) end
  end
  return at < before and 1 or 0
end

-- A text: when it is free again, and the token of who has it.
local function claim(at, till, token)
  local name = key()
  local held = call('GET', name)
  if held then
    local space = string.find(held, ' ', 1, true)
    if at < tonumber(string.sub(held, 1, space - 1)) then
      return string.sub(held, space + 1) == token and 1 or 0
    end
  end
  local life = math.ceil(till - at + LATE)
  if life > 0 then
    call('SET', name, string.format('%.17g', till) .. ' ' .. token, 'PX', life)
  elseif held then
    call('DEL', name)
  end
  return 1
end

local results = {}
for i = 1, #ARGV, 4 do
  local what, effect = string.sub(ARGV[i], 1, 1), string.sub(ARGV[i], 2, 2)
  local at, span, text = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), ARGV[i + 3]
  local result
  if what == 'c' then
    result = count(effect, at, span, text)
  elseif what == 'd' then
    result = distinct(effect, at, span, text)
  elseif what == 'l' then
    result = label(effect, at, span)
  else
    result = claim(at, span, text)
  end
  results[#results + 1] = result
end
return results
`;

/** By which Redis knows the script; SHA-1, as `EVALSHA` wants it. */
export const SCRIPT_ID = hash('sha1', SCRIPT);

/** What to do, in two letters: the type, and the effect. */
const EFFECTS = { add: 'a', assume: 's', read: 'r', set: 's', clear: 'c' } as const;

/** A command as the script reads it. */
export interface ScriptCall {
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

export function toScriptCall(prefix: string, command: StateCommand): ScriptCall {
  const name = nameOfKey(prefix, command);
  const at = String(command.at);
  switch (command.type) {
    case 'count':
      return {
        keys: [name, nameOfTokens(name)],
        args: [`c${EFFECTS[command.effect]}`, at, String(command.window), nameOfMember(command.token)],
      };
    case 'distinct':
      return {
        keys: [name],
        args: [`d${EFFECTS[command.effect]}`, at, String(command.window), nameOfMember(command.member)],
      };
    case 'label':
      return { keys: [name], args: [`l${EFFECTS[command.effect]}`, at, String(command.until), ''] };
    case 'claim':
      return { keys: [name], args: ['h', at, String(command.until), nameOfMember(command.token)] };
  }
}
