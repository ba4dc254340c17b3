/** Message content of Tencent's bodies: its facts, and the rewrites that a reply can carry. */
import type { FactName, FactValue } from '../../engine/facts.js';
import type { SyncFactSource } from '../../engine/event.js';
import type { Rewrite } from '../../engine/decision.js';
import type { JsonObject } from '../adapter.js';
import type { ContentFact } from '../catalog.js';
import { contentFacts, mapLooseJson, textEditor, type ContentVisitor } from '../content.js';
import { FieldError, isArray, isJsonObject, member } from '../path.js';
import { UnreadableBody } from '../reader.js';
import { mapMsgBody, typeOf } from './elements.js';

/** What a row's `content` column may name, and the facts that each of them tells. */
const ROLES = {
  /** The ordered elements, `MsgBody`. */
  elements: [
    'message.type',
    'message.types',
    'message.wireType',
    'message.text',
    'message.fingerprint',
    'message.links',
    'message.linkDomains',
    'message.media',
    'message.customData',
    'message.isTruncated',
  ],
  /** Data beside the elements that the app defined: never shown by itself, so it is no text. */
  custom: ['message.customData'],
  /** `GroupAtInfo`, or an array of plain account names. */
  mentions: ['message.mentions', 'message.mentionsAll'],
  /** Texts that were sent to a filter. */
  texts: ['message.text', 'message.links', 'message.linkDomains'],
  /** Address of a file that was sent to a filter. */
  file: ['message.media'],
} as const satisfies Readonly<Record<string, readonly ContentFact[]>>;

type Role = keyof typeof ROLES;

/** The `content` column of a row. */
export type ContentColumn = Readonly<Record<string, string>>;

const isRole = (name: string): name is Role => Object.hasOwn(ROLES, name);

/** Facts that a content column provides. */
export function factsOfContent(column: ContentColumn): ReadonlySet<FactName> {
  return new Set(
    Object.keys(column).flatMap((role): readonly FactName[] => (isRole(role) ? ROLES[role] : [])),
  );
}

/**
 * Facts of the content of a body.
 *
 * @param provided what {@link factsOfContent} gave for the column; nothing else is told
 * @throws UnreadableBody when the elements are missing or not an array
 */
export function contentOf(
  body: JsonObject,
  column: ContentColumn,
  provided: ReadonlySet<FactName>,
): SyncFactSource {
  const elements = column['elements'] === undefined ? NO_ELEMENTS : elementsOf(body, column['elements']);
  return contentFacts(
    (visitor) => {
      walk(body, column, visitor);
    },
    elements.length === 0 ? undefined : typeOf(elements[0]),
    provided,
  );
}

const NO_ELEMENTS: readonly unknown[] = [];

function elementsOf(body: JsonObject, key: string): readonly unknown[] {
  const elements = member(body, key);
  if (elements === undefined || elements === null)
    throw new UnreadableBody('missing-field', key, 'is missing');
  if (!isArray(elements)) {
    throw new UnreadableBody('bad-field', key, new FieldError('an array', elements).message);
  }
  return elements;
}

const WALKS: Readonly<Record<Role, (value: unknown, visitor: ContentVisitor) => void>> = {
  elements: (value, visitor) => void mapMsgBody(value, visitor),
  custom: (value, visitor) => {
    if (typeof value === 'string') visitor.custom(value);
  },
  mentions: (value, visitor) => {
    for (const item of isArray(value) ? value : []) showMention(item, visitor);
  },
  texts: (value, visitor) => {
    for (const text of isArray(value) ? value : [value]) {
      if (typeof text === 'string') mapLooseJson(text, visitor);
    }
  },
  file: (value, visitor) => {
    if (typeof value === 'string') visitor.media(value);
  },
};

function walk(body: JsonObject, column: ContentColumn, visitor: ContentVisitor): void {
  for (const [role, key] of Object.entries(column)) {
    if (isRole(role)) WALKS[role](member(body, key), visitor);
  }
}

/** An item of `GroupAtInfo` (1047/34375), or the account itself. */
function showMention(item: unknown, visitor: ContentVisitor): void {
  if (typeof item === 'string') visitor.mention(item);
  if (!isJsonObject(item)) return;
  if (member(item, 'GroupAtAllFlag') === 1) {
    visitor.mentionAll();
    return;
  }
  const account = member(item, 'GroupAt_Account');
  if (typeof account === 'string') visitor.mention(account);
}

export interface TextRewrite {
  /** The new `MsgBody`, which replaces the whole; absent when it stays. */
  readonly elements?: readonly unknown[];
  /** Whether elements that nobody could read are not in it, or kept it from being sent. */
  readonly isPartial: boolean;
}

/** What a rewrite of `message.text` does to the elements. */
export function rewriteText(body: JsonObject, rewrite: Rewrite): TextRewrite {
  if ('set' in rewrite) {
    const elements = [{ MsgType: 'TIMTextElem', MsgContent: { Text: asText(rewrite.set) } }];
    return { elements, isPartial: false };
  }
  const elements = member(body, 'MsgBody');
  if (!isArray(elements)) return { isPartial: false };
  const edited = mapMsgBody(elements, textEditor(rewrite.edit));
  if (edited === elements || !isArray(edited)) return { isPartial: false };
  const readable = edited.filter(isElement);
  const isPartial = readable.length < edited.length;
  return readable.length === 0 ? { isPartial } : { elements: withOneCustomElement(readable), isPartial };
}

/** Whether it is an element as the vendor documents it (1047/33527): no reply may hold another. */
function isElement(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    typeof member(value, 'MsgType') === 'string' &&
    isJsonObject(member(value, 'MsgContent')) &&
    canBeWritten(value)
  );
}

/** What is nested deeply enough can be read as JSON, and not be written again. */
function canBeWritten(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

/** The vendor takes no message with more than one custom element (1047/33527). */
function withOneCustomElement(elements: readonly unknown[]): readonly unknown[] {
  const isCustom = (element: unknown): boolean => typeOf(element) === 'TIMCustomElem';
  const first = elements.findIndex(isCustom);
  return elements.filter((element, index) => index === first || !isCustom(element));
}

export interface CustomDataRewrite {
  /** The new `CloudCustomData`; absent when it stays. */
  readonly value?: string;
  /** Whether data of custom elements should have changed too, which a reply cannot do alone. */
  readonly isPartial: boolean;
}

/** What a rewrite of `message.customData` does to the data beside the elements. */
export function rewriteCustomData(body: JsonObject, rewrite: Rewrite): CustomDataRewrite {
  if ('set' in rewrite) return { value: asText(rewrite.set), isPartial: false };
  let isPartial = false;
  const visitor: ContentVisitor = {
    ...textEditor((text) => text),
    custom: (data) => void (isPartial ||= rewrite.edit(data) !== data),
  };
  mapMsgBody(member(body, 'MsgBody'), visitor);
  const data = member(body, 'CloudCustomData');
  const edited = typeof data === 'string' ? rewrite.edit(data) : undefined;
  return edited === undefined || edited === data ? { isPartial } : { value: edited, isPartial };
}

function asText(value: FactValue): string {
  return typeof value === 'object' ? value.join('\n') : String(value);
}
