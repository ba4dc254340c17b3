/**
 * Message content, read and rewritten by one and the same walk.
 *
 * A platform supplies a function that walks its content, shows every piece to a visitor and builds the
 * content anew from what the visitor returns. Reading keeps the pieces and throws the copy away;
 * rewriting keeps the copy. So a rule can never mask a text that it could not see, nor the reverse.
 */
import type { FactName, FactValue } from '../engine/facts.js';
import type { SyncFactSource } from '../engine/event.js';
import type { ContentFact } from './catalog.js';
import { linksIn } from './links.js';
import { isJsonObject } from './path.js';

/** Nesting (quotes in quotes, forwards in forwards, JSON in JSON) that is still read. */
export const MAX_DEPTH = 8;
/** Characters of text that are read from one message; far above what either platform lets through. */
export const MAX_TEXT = 65_536;

/** Shown every piece of a message, in order. */
export interface ContentVisitor {
  /** A piece of text that a human reads; returns what shall stand in its place. */
  text(piece: string): string;
  /** Type of a top-level content element, one of the values of the fact `message.type`. */
  type(type: string): void;
  link(url: string): void;
  media(url: string): void;
  mention(userId: string): void;
  mentionAll(): void;
  /** App-defined payload, as it stands on the wire. */
  custom(data: string): void;
  /** Called when something was nested too deeply to be read. */
  truncated(): void;
}

/** A visitor that only rewrites text. */
export function textEditor(edit: (text: string) => string): ContentVisitor {
  const ignore = (): void => undefined;
  return {
    text: (piece) => (piece === '' ? piece : edit(piece)),
    type: ignore,
    link: ignore,
    media: ignore,
    mention: ignore,
    mentionAll: ignore,
    custom: ignore,
    truncated: ignore,
  };
}

interface Pieces {
  readonly types: Set<string>;
  readonly texts: string[];
  readonly links: Set<string>;
  readonly media: Set<string>;
  readonly mentions: Set<string>;
  readonly custom: string[];
  mentionsAll: boolean;
  isTruncated: boolean;
}

function collect(walk: (visitor: ContentVisitor) => void): Pieces {
  const pieces: Pieces = {
    types: new Set(),
    texts: [],
    links: new Set(),
    media: new Set(),
    mentions: new Set(),
    custom: [],
    mentionsAll: false,
    isTruncated: false,
  };
  let room = MAX_TEXT;
  walk({
    text(piece) {
      if (piece.length > room) pieces.isTruncated = true;
      const kept = piece.slice(0, room);
      room -= kept.length;
      if (kept !== '') pieces.texts.push(kept);
      return piece;
    },
    type: (type) => void pieces.types.add(type),
    link: (url) => void (url !== '' && pieces.links.add(url)),
    media: (url) => void (url !== '' && pieces.media.add(url)),
    mention: (id) => void (id !== '' && pieces.mentions.add(id)),
    mentionAll: () => void (pieces.mentionsAll = true),
    custom: (data) => void (data !== '' && pieces.custom.push(data)),
    truncated: () => void (pieces.isTruncated = true),
  });
  return pieces;
}

function allLinks({ texts, links }: Pieces): readonly string[] {
  return [...new Set([...linksIn(texts.join('\n')), ...links])];
}

/** Host names of URLs and their parent domains, top-level domains excepted, each once. */
export function domainsOf(urls: readonly string[]): readonly string[] {
  const domains = new Set<string>();
  for (const url of urls) {
    if (!URL.canParse(url)) continue;
    const labels = new URL(url).hostname.replace(/\.$/, '').split('.');
    const isAddress = labels.every((label) => /^\d*$/.test(label)) || labels.join('.').startsWith('[');
    const shortest = isAddress ? labels.length : Math.min(2, labels.length);
    for (let start = 0; labels.length - start >= shortest; start += 1)
      domains.add(labels.slice(start).join('.'));
  }
  domains.delete('');
  return [...domains];
}

/**
 * The facts of a message content. Nothing is read before the first of them is asked for, and then once.
 *
 * @param walk shows the content to a visitor; must not throw, whatever a client has put there
 * @param wireType the platform's own word or number for the type
 */
export function contentFacts(walk: (visitor: ContentVisitor) => void, wireType?: string): SyncFactSource {
  let pieces: Pieces | undefined;
  const known = new Map<ContentFact, FactValue | undefined>();
  const read: Readonly<Record<ContentFact, (of: Pieces) => FactValue | undefined>> = {
    'message.type': ({ types }) => types.values().next().value,
    'message.types': ({ types }) => [...types],
    'message.wireType': () => wireType,
    'message.text': ({ texts }) => texts.join('\n'),
    'message.links': allLinks,
    'message.linkDomains': (of) => domainsOf(allLinks(of)),
    'message.media': ({ media }) => [...media],
    'message.mentions': ({ mentions }) => [...mentions],
    'message.mentionsAll': ({ mentionsAll }) => mentionsAll,
    'message.customData': ({ custom }) => (custom.length === 0 ? undefined : custom.join('\n')),
    'message.isTruncated': ({ isTruncated }) => isTruncated,
  };
  const isContentFact = (name: FactName): name is ContentFact => Object.hasOwn(read, name);
  return {
    get(name) {
      if (!isContentFact(name)) return undefined;
      if (!known.has(name)) {
        pieces ??= collect(walk);
        known.set(name, read[name](pieces));
      }
      return known.get(name);
    },
  };
}

/**
 * Walks an app-defined text that often is JSON: its string values are read as text, at any depth;
 * what is no JSON object or array is text as a whole.
 *
 * @returns the text with every piece replaced by what the visitor returned; the very same text when
 *   the visitor changed nothing
 */
export function mapLooseJson(data: string, visitor: ContentVisitor, depth = 0): string {
  const parsed = looksLikeJson(data) ? parseJson(data) : undefined;
  if (parsed === undefined) return visitor.text(data);
  const state = { isChanged: false };
  const walk = (value: unknown, level: number): unknown => {
    if (typeof value === 'string') {
      const mapped = looksLikeJson(value) ? mapLooseJson(value, visitor, level + 1) : visitor.text(value);
      state.isChanged ||= mapped !== value;
      return mapped;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (level >= MAX_DEPTH) {
      visitor.truncated();
      return value;
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, level + 1));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, level + 1)]));
  };
  if (depth >= MAX_DEPTH) {
    visitor.truncated();
    return data;
  }
  const mapped = walk(parsed, depth);
  if (!state.isChanged) return data;
  // Nested too deeply to be written again: better edited as the text it is than not at all.
  return writeJson(mapped) ?? visitor.text(data);
}

/** Parses text that should be a JSON object; `undefined` when it is anything else. */
export function parseJsonObject(data: string): Readonly<Record<string, unknown>> | undefined {
  const parsed = parseJson(data);
  return isJsonObject(parsed) ? parsed : undefined;
}

function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function looksLikeJson(data: string): boolean {
  return /^\s*[[{]/.test(data);
}

function parseJson(data: string): unknown {
  try {
    const parsed: unknown = JSON.parse(data);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
