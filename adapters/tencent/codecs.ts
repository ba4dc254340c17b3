/** Values of Tencent's bodies that need more than their JSON type to be read. */
import { BY_TYPE, COMMON_CODECS, text, type CodecFunction } from '../codecs.js';
import { FieldError, isArray, isJsonObject, member } from '../path.js';

/** Words that are not simply ours in another case (`enums.groupTypes` of the vendor: older names). */
const GROUP_TYPES: ReadonlyMap<string, string> = new Map([
  ['private', 'work'],
  ['chatroom', 'meeting'],
]);

/** The same device has two names (macOS on English pages, Mac on Chinese ones). */
const PLATFORMS: ReadonlyMap<string, string> = new Map([
  ['macos', 'mac'],
  ['restapi', 'rest'],
]);

const CUSTOM_PROFILE_TAG = 'Tag_Profile_Custom_';
const FRIEND_SOURCE_PREFIX = 'AddSource_Type_';

/** A group `Type` in our words. */
export function groupType(word: string): string {
  const lower = word.toLowerCase();
  return GROUP_TYPES.get(lower) ?? lower;
}

/** An `OptPlatform` or `KickedDevice[].Platform` in our words; the vendor calls the set open. */
export function platformWord(word: string): string {
  const lower = word.toLowerCase();
  return PLATFORMS.get(lower) ?? lower;
}

/** Records of a name and a value as one `name=value` a line; anything else in the list is left out. */
function nameValueLines(records: unknown, nameKey: string, prefix = ''): string | undefined {
  if (!isArray(records)) throw new FieldError('an array', records);
  const lines = records.flatMap((record) => {
    if (!isJsonObject(record)) return [];
    const name = member(record, nameKey);
    const value = member(record, 'Value');
    const isReadable = typeof value === 'string' || typeof value === 'number';
    if (typeof name !== 'string' || !name.startsWith(prefix) || !isReadable) return [];
    return [`${name.slice(prefix.length)}=${value}`];
  });
  return lines.length === 0 ? undefined : lines.join('\n');
}

export const TENCENT_CODECS = {
  groupType: (value) => groupType(text(value)),
  platforms: (value) => {
    if (!isArray(value)) throw new FieldError('an array of texts', value);
    return value.map((word) => platformWord(text(word)));
  },
  /** The only number of a list; nothing where there are several, since none of them speaks for all. */
  onlyNumber: (value) => {
    if (!isArray(value)) throw new FieldError('an array', value);
    return value.length === 1 ? BY_TYPE.number(value[0]) : undefined;
  },
  /** `UserDefinedDataList`: records of `Key` and `Value`. */
  customFields: (value) => nameValueLines(value, 'Key'),
  /** `ProfileItem`: the app's own fields among records of `Tag` and `Value`. */
  customProfile: (value) => nameValueLines(value, 'Tag', CUSTOM_PROFILE_TAG),
  /** `AddSource_Type_` and a keyword of the app, which is what counts. */
  friendSource: (value) => {
    const source = text(value);
    return source.startsWith(FRIEND_SOURCE_PREFIX) ? source.slice(FRIEND_SOURCE_PREFIX.length) : source;
  },
} as const satisfies Readonly<Record<string, CodecFunction>>;

export type TencentCodec = keyof typeof TENCENT_CODECS;

/** All codecs that Tencent's rows may name. */
export const CODECS: Readonly<Record<string, CodecFunction>> = { ...COMMON_CODECS, ...TENCENT_CODECS };
