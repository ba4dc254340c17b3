/** Turns OpenIM's single wire values into facts, where their JSON type alone does not say enough. */
import { integer, text, type CodecFunction } from '../codecs.js';

/** openimsdk/protocol constant/platform_id_to_name.go */
export const PLATFORMS = {
  1: 'ios',
  2: 'android',
  3: 'windows',
  4: 'mac',
  5: 'web',
  6: 'miniweb',
  7: 'linux',
  8: 'android_pad',
  9: 'ipad',
  10: 'admin',
  11: 'harmony',
} as const;

/** openimsdk/protocol constant/constant.go */
export const ROLES = { 100: 'owner', 60: 'admin', 20: 'member' } as const;
export const GROUP_TYPES = { 0: 'normal', 1: 'super', 2: 'work' } as const;
export const RESPONSES = { 1: 'accept', '-1': 'decline' } as const;

const ADMIN_PLATFORM = 10;
const FROM_SYSTEM = 200;

const SESSION_TYPES = new Map([
  [1, 'direct'],
  [2, 'group'],
  [3, 'group'],
  [4, 'system'],
]);
const CONVERSATION_PREFIXES = new Map([
  ['si', 'direct'],
  ['sg', 'group'],
  ['g', 'group'],
  ['sn', 'system'],
]);
const JOIN_SOURCES = new Map([
  [1, 'admin'],
  [2, 'invitation'],
  [3, 'search'],
  [4, 'qrcode'],
]);

/** Splits `si_<a>_<b>`, `sg_<group>`, `sn_...`, each with an optional `n_` in front. */
function splitConversationId(value: unknown): { prefix: string; rest: string } | undefined {
  const match = /^(?:n_)?(si|sg|sn|g)_(.+)$/s.exec(text(value));
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { prefix: match[1], rest: match[2] };
}

/**
 * The join and dismiss callbacks convert the number with a rune conversion: type 2 arrives as the
 * control character U+0002 (open-im-server internal/rpc/group/group.go).
 */
function characterGroupType(value: unknown): string | undefined {
  const character = text(value);
  if (character === '') return undefined;
  const code = /^\d+$/.test(character) ? Number(character) : character.codePointAt(0);
  const word = Object.entries(GROUP_TYPES).find(([number]) => Number(number) === code)?.[1];
  return word ?? String(code);
}

/** Codecs of this platform. */
export const OPENIM_CODECS = {
  /** sessionType; numbers without a meaning of ours are no fact. */
  sessionType: (value) => SESSION_TYPES.get(integer(value)),
  conversationIdType: (value) => CONVERSATION_PREFIXES.get(splitConversationId(value)?.prefix ?? ''),
  conversationIdGroup: (value) => {
    const split = splitConversationId(value);
    return split !== undefined && CONVERSATION_PREFIXES.get(split.prefix) === 'group'
      ? split.rest
      : undefined;
  },
  characterGroupType,
  joinSource: (value) => JOIN_SOURCES.get(integer(value)),
  /** msgFrom: 200 is the system or the REST API. */
  fromSystem: (value) => integer(value) === FROM_SYSTEM,
  adminPlatform: (value) => integer(value) === ADMIN_PLATFORM,
  /** A single sequence number as a list. */
  listOfOne: (value) => [text(value)],
} as const satisfies Readonly<Record<string, CodecFunction>>;

export type OpenimCodec = keyof typeof OPENIM_CODECS;
