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
import { fingerprintOf } from './fingerprint.js';
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

/** Keeps what it is shown. Most messages have nothing but a text, so that the rest is made when it is needed. */
class Pieces implements ContentVisitor {
  readonly types: string[] = [];
  readonly texts: string[] = [];
  links: Set<string> | undefined;
  mediaUrls: Set<string> | undefined;
  mentions: Set<string> | undefined;
  readonly customData: string[] = [];
  mentionsAll = false;
  isTruncated = false;
  #room = MAX_TEXT;

  text(piece: string): string {
    if (piece.length > this.#room) this.isTruncated = true;
    const kept = piece.slice(0, this.#room);
    this.#room -= kept.length;
    if (kept !== '') this.texts.push(kept);
    return piece;
  }

  type(type: string): void {
    // There are few of them.
    if (!this.types.includes(type)) this.types.push(type);
  }

  link(url: string): void {
    if (url !== '') (this.links ??= new Set()).add(url);
  }

  media(url: string): void {
    if (url !== '') (this.mediaUrls ??= new Set()).add(url);
  }

  mention(userId: string): void {
    if (userId !== '') (this.mentions ??= new Set()).add(userId);
  }

  mentionAll(): void {
    this.mentionsAll = true;
  }

  custom(data: string): void {
    if (data !== '') this.customData.push(data);
  }

  truncated(): void {
    this.isTruncated = true;
  }
}

function allText({ texts }: Pieces): string {
  return texts.length === 1 ? (texts[0] ?? '') : texts.join('\n');
}

function allLinks(of: Pieces): readonly string[] {
  const written = linksIn(allText(of));
  return of.links === undefined ? written : [...new Set([...written, ...of.links])];
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

const READ: Readonly<
  Record<ContentFact, (of: Pieces, wireType: string | undefined) => FactValue | undefined>
> = {
  'message.type': ({ types }) => types[0],
  'message.types': ({ types }) => types,
  'message.wireType': (_, wireType) => wireType,
  'message.text': allText,
  'message.fingerprint': ({ texts, mediaUrls = [], customData }) =>
    fingerprintOf(texts, [...mediaUrls, ...customData]),
  'message.links': allLinks,
  'message.linkDomains': (of) => domainsOf(allLinks(of)),
  'message.media': ({ mediaUrls = [] }) => [...mediaUrls],
  'message.mentions': ({ mentions = [] }) => [...mentions],
  'message.mentionsAll': ({ mentionsAll }) => mentionsAll,
  'message.customData': ({ customData }) => (customData.length === 0 ? undefined : customData.join('\n')),
  'message.isTruncated': ({ isTruncated }) => isTruncated,
};

const isContentFact = (name: FactName): name is ContentFact => Object.hasOwn(READ, name);

/**
 * The facts of a message content. Nothing is read before the first of them is asked for, and then once.
 *
 * @param walk shows the content to a visitor; must not throw, whatever a client has put there
 * @param wireType the platform's own word or number for the type
 * @param provided facts that are told; all without it
 */
export function contentFacts(
  walk: (visitor: ContentVisitor) => void,
  wireType?: string,
  provided?: ReadonlySet<FactName>,
): SyncFactSource {
  let pieces: Pieces | undefined;
  let known: Map<ContentFact, FactValue | undefined> | undefined;
  return {
    get(name) {
      if (!isContentFact(name) || provided?.has(name) === false) return undefined;
      known ??= new Map();
      const found = known.get(name);
      if (found !== undefined || known.has(name)) return found;
      if (pieces === undefined) walk((pieces = new Pieces()));
      const value = READ[name](pieces, wireType);
      known.set(name, value);
      return value;
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
