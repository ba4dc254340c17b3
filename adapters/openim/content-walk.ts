/**
 * Building blocks of walks over message content. A walk shows every piece to the visitor and returns the
 * value with what the visitor gave back: the very same value when nothing changed.
 */
import { MAX_DEPTH, mapLooseJson, parseJsonObject, type ContentVisitor } from '../content.js';
import { isArray, isJsonObject } from '../path.js';

export type Walk = (value: unknown, visitor: ContentVisitor, depth: number) => unknown;

/** Member of the mention lists that stands for everyone (openimsdk/protocol constant/constant.go). */
const EVERYONE = 'AtAllTag';

/** Maps the members of an object; a copy is made with the first change. */
function mapMembers(
  value: Readonly<Record<string, unknown>>,
  map: (item: unknown, key: string) => unknown,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(value);
  const mapped = entries.map(([key, item]): [string, unknown] => [key, map(item, key)]);
  return mapped.every(([, item], index) => item === entries[index]?.[1]) ? value : Object.fromEntries(mapped);
}

function mapItems(value: readonly unknown[], map: (item: unknown) => unknown): readonly unknown[] {
  const mapped = value.map(map);
  return mapped.every((item, index) => item === value[index]) ? value : mapped;
}

/** Anything at all: every text in it is read, texts that hold JSON included. */
export const anything: Walk = (value, visitor, depth) => {
  if (typeof value === 'string') return mapLooseJson(value, visitor, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) {
    visitor.truncated();
    return value;
  }
  const map = (item: unknown): unknown => anything(item, visitor, depth + 1);
  if (isArray(value)) return mapItems(value, map);
  return isJsonObject(value) ? mapMembers(value, map) : value;
};

/** A text as it is shown. Of another type, it is read as anything is. */
export const text: Walk = (value, visitor, depth) =>
  typeof value === 'string' ? visitor.text(value) : anything(value, visitor, depth);

/** The payload of a custom message. */
export const payload: Walk = (value, visitor, depth) => {
  if (typeof value === 'string') visitor.custom(value);
  return anything(value, visitor, depth);
};

/** A walk that only looks at a text. */
function look(show: (value: string, visitor: ContentVisitor) => void): Walk {
  return (value, visitor) => {
    if (typeof value === 'string') show(value, visitor);
    return value;
  };
}

export const media = look((url, visitor) => visitor.media(url));
export const link = look((url, visitor) => visitor.link(url));
export const mention = look((id, visitor) => {
  if (id === EVERYONE) visitor.mentionAll();
  else visitor.mention(id);
});

/**
 * Letter case as Go's JSON decoder, which the clients' SDK uses, ignores it: `{"Content": ...}` is shown
 * like `{"content": ...}` (also the long s and the Kelvin sign).
 */
export function folded(key: string): string {
  return key.toUpperCase().toLowerCase();
}

/** An object whose known members are walked, in wire order; the others are not shown to anybody. */
export function object(members: Readonly<Record<string, Walk>>): Walk {
  const walks = new Map(Object.entries(members).map(([key, walk]) => [folded(key), walk]));
  return (value, visitor, depth) => {
    if (!isJsonObject(value)) return anything(value, visitor, depth);
    return mapMembers(value, (item, key) => walks.get(folded(key))?.(item, visitor, depth) ?? item);
  };
}

/** An array whose items are walked. */
export function list(items: Walk): Walk {
  return (value, visitor, depth) =>
    isArray(value) ? mapItems(value, (item) => items(item, visitor, depth)) : anything(value, visitor, depth);
}

/** One level deeper; what lies below the deepest level that is read is only reported. */
export function nested(walk: Walk): Walk {
  return (value, visitor, depth) => {
    if (depth < MAX_DEPTH) return walk(value, visitor, depth + 1);
    visitor.truncated();
    return value;
  };
}

/** A text that holds a JSON object; any other text is read as app-defined. */
export function document(walk: Walk): Walk {
  return (value, visitor, depth) => {
    if (typeof value !== 'string') return walk(value, visitor, depth);
    const parsed = parseJsonObject(value);
    if (parsed === undefined) return mapLooseJson(value, visitor, depth);
    const mapped = walk(parsed, visitor, depth);
    return mapped === parsed ? value : JSON.stringify(mapped);
  };
}
