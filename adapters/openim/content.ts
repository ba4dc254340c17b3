/** The content of an OpenIM message: its facts, and the reply fields that change it. */
import type { SyncFactSource } from '../../engine/event.js';
import type { JsonObject } from '../adapter.js';
import { contentFacts, parseJsonObject, textEditor, type ContentVisitor } from '../content.js';
import { isArray, member } from '../path.js';
import { shapeOf } from './content-shapes.js';
import { document, mention } from './content-walk.js';

/** Keys of the body that hold the parts of a message. */
export interface ContentKeys {
  readonly content: string;
  readonly contentType: string;
  readonly mentions: string;
}

/** The keys as a row's `content` column names them; none for a command without content. */
export function contentKeys(column: Readonly<Record<string, string>> | undefined): ContentKeys | undefined {
  const { content, contentType, mentions } = column ?? {};
  if (content === undefined || contentType === undefined || mentions === undefined) return undefined;
  return { content, contentType, mentions };
}

/** contentType of a plain text message. */
const TEXT = 101;

function walkContent(body: JsonObject, keys: ContentKeys, visitor: ContentVisitor): unknown {
  const shape = shapeOf(member(body, keys.contentType));
  visitor.type(shape.type);
  return document(shape.walk)(member(body, keys.content), visitor, 0);
}

/** The facts of a message. The mentions are those of the content and those beside it; they may disagree. */
export function readContent(body: JsonObject, keys: ContentKeys): SyncFactSource {
  const contentType = member(body, keys.contentType);
  const beside = member(body, keys.mentions);
  return contentFacts(
    (visitor) => {
      walkContent(body, keys, visitor);
      if (isArray(beside)) for (const id of beside) mention(id, visitor, 0);
    },
    typeof contentType === 'number' || typeof contentType === 'string' ? String(contentType) : undefined,
  );
}

/** Reply fields that turn the message into a plain text. */
export function plainText(body: JsonObject, keys: ContentKeys, text: string): JsonObject {
  const content = JSON.stringify({ content: text });
  return member(body, keys.contentType) === TEXT ? { content } : { content, contentType: TEXT };
}

/**
 * Reply fields that edit every piece of text in the message: none when nothing changed.
 *
 * `content` must be a text that holds a JSON object, or main refuses the send with 1001. A content that
 * was none, which no client can show, becomes a plain text.
 *
 * @throws RangeError when the content is nested too deeply to be written
 */
export function editedContent(
  body: JsonObject,
  keys: ContentKeys,
  edit: (text: string) => string,
): JsonObject {
  const before = member(body, keys.content);
  const after = walkContent(body, keys, textEditor(edit));
  if (after === before) return {};
  const content = typeof after === 'string' ? after : JSON.stringify(after);
  return parseJsonObject(content) === undefined ? plainText(body, keys, content) : { content };
}
