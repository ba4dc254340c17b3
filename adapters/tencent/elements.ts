/**
 * The walk over `MsgBody`: shows every piece to a visitor and builds the body anew from what it returns.
 *
 * Whatever the visitor leaves alone is the very same object afterwards, unknown elements included.
 * A client chooses what is in `MsgContent`, so no shape in it is an error: text where none belongs is read
 * all the same.
 */
import { MAX_DEPTH, mapLooseJson, type ContentVisitor } from '../content.js';
import type { JsonObject } from '../adapter.js';
import { isArray, isJsonObject, member } from '../path.js';

type Part = (value: unknown, visitor: ContentVisitor, level: number) => unknown;

interface ElementKind {
  /** Our word for the type: a value of the fact `message.type`. */
  readonly type: string;
  /** Members of `MsgContent` that are looked at, in the order in which they are shown. */
  readonly parts: Readonly<Record<string, Part>>;
}

/** A text that is shown as it is. */
const text: Part = (value, visitor, level) =>
  typeof value === 'string' ? visitor.text(value) : anything(value, visitor, level);

const texts: Part = (value, visitor, level) =>
  isArray(value) ? mapList(value, (item) => text(item, visitor, level)) : text(value, visitor, level);

/** Whatever it is: every string in it counts as text, JSON inside strings included. */
const anything: Part = (value, visitor, level) => {
  if (typeof value === 'string') return mapLooseJson(value, visitor, level);
  if (typeof value !== 'object' || value === null) return value;
  if (level >= MAX_DEPTH) {
    visitor.truncated();
    return value;
  }
  if (isArray(value)) return mapList(value, (item) => anything(item, visitor, level + 1));
  if (!isJsonObject(value)) return value;
  return mapMembers(value, Object.keys(value), (item) => anything(item, visitor, level + 1));
};

/** App-defined data that clients may show. */
const payload: Part = (value, visitor, level) => {
  if (typeof value === 'string') visitor.custom(value);
  return anything(value, visitor, level);
};

/** App-defined data that clients do not show: metadata, no text. */
const metadata: Part = (value, visitor) => {
  if (typeof value === 'string') visitor.custom(value);
  return value;
};

const media: Part = (value, visitor) => {
  if (typeof value === 'string') visitor.media(value);
  return value;
};

const pictures: Part = (value, visitor) => {
  if (isArray(value)) {
    for (const picture of value) if (isJsonObject(picture)) media(member(picture, 'URL'), visitor, 0);
  }
  return value;
};

/** Present when the forwarded messages were too many to be sent along. */
const elsewhere: Part = (value, visitor) => {
  visitor.truncated();
  return value;
};

const MESSAGE_PARTS: Readonly<Record<string, Part>> = {
  MsgBody: (value, visitor, level) => mapMsgBody(value, visitor, level),
  CloudCustomData: metadata,
};

const messages: Part = (value, visitor, level) => {
  if (!isArray(value)) return anything(value, visitor, level);
  if (level + 1 >= MAX_DEPTH) {
    visitor.truncated();
    return value;
  }
  return mapList(value, (message) =>
    isJsonObject(message)
      ? mapParts(message, MESSAGE_PARTS, visitor, level + 1)
      : anything(message, visitor, level + 1),
  );
};

/** Message formats of the vendor (1047/33527). */
const ELEMENTS: Readonly<Record<string, ElementKind>> = {
  TIMTextElem: { type: 'text', parts: { Text: text } },
  TIMLocationElem: { type: 'location', parts: { Desc: text } },
  TIMFaceElem: { type: 'face', parts: { Data: anything } },
  TIMCustomElem: { type: 'custom', parts: { Desc: text, Data: payload, Ext: anything } },
  TIMSoundElem: { type: 'audio', parts: { Url: media } },
  TIMImageElem: { type: 'image', parts: { ImageInfoArray: pictures } },
  TIMFileElem: { type: 'file', parts: { FileName: text, Url: media } },
  TIMVideoFileElem: { type: 'video', parts: { VideoUrl: media, ThumbUrl: media } },
  TIMRelayElem: {
    type: 'forward',
    parts: {
      Title: text,
      AbstractList: texts,
      CompatibleText: text,
      MsgList: messages,
      JsonMsgKey: elsewhere,
    },
  },
};

/** `MsgType` of an element; empty where it has none. */
export function typeOf(element: unknown): string {
  const type = isJsonObject(element) ? member(element, 'MsgType') : undefined;
  return typeof type === 'string' ? type : '';
}

/**
 * Walks the elements of a message. Only those at level 0 are shown as types.
 *
 * @returns the body with every text replaced by what the visitor returned; the very same body when
 *   nothing changed
 */
export function mapMsgBody(body: unknown, visitor: ContentVisitor, level = 0): unknown {
  if (!isArray(body)) return anything(body, visitor, level);
  return mapList(body, (element) => {
    const type = typeOf(element);
    const kind = Object.hasOwn(ELEMENTS, type) ? ELEMENTS[type] : undefined;
    if (level === 0) visitor.type(kind?.type ?? 'unknown');
    if (!isJsonObject(element)) return anything(element, visitor, level);
    return mapMembers(element, ['MsgContent'], (content) =>
      kind !== undefined && isJsonObject(content)
        ? mapParts(content, kind.parts, visitor, level)
        : anything(content, visitor, level),
    );
  });
}

function mapParts(
  object: JsonObject,
  parts: Readonly<Record<string, Part>>,
  visitor: ContentVisitor,
  level: number,
): JsonObject {
  return mapMembers(object, Object.keys(parts), (value, key) => parts[key]?.(value, visitor, level));
}

/** A copy of an object with some of its own members mapped; the object itself when none changes. */
function mapMembers(
  object: JsonObject,
  keys: readonly string[],
  map: (value: unknown, key: string) => unknown,
): JsonObject {
  const changes: [string, unknown][] = [];
  for (const key of keys) {
    if (!Object.hasOwn(object, key)) continue;
    const mapped = map(object[key], key);
    if (mapped !== object[key]) changes.push([key, mapped]);
  }
  return changes.length === 0 ? object : Object.fromEntries([...Object.entries(object), ...changes]);
}

function mapList(list: readonly unknown[], map: (item: unknown) => unknown): readonly unknown[] {
  const mapped = list.map(map);
  return mapped.some((item, index) => item !== list[index]) ? mapped : list;
}
