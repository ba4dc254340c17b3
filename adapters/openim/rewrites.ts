/** Puts the rewrites of rules into reply fields. */
import type { Rewrite } from '../../engine/decision.js';
import type { SyncFactSource } from '../../engine/event.js';
import { factDefinition, type FactName, type FactValue } from '../../engine/facts.js';
import type { JsonObject, Shortfall } from '../adapter.js';
import { editedContent, plainText, type ContentKeys } from './content.js';
import type { OpenimReply, ReplyField, ReplyFields, ReplyObject } from './row.js';
import { copyMembers, hasWireType, WIRE_TYPES, type WireType } from './wire.js';

/** Fields of a reply, and what could not be put into it. */
export interface Rewritten {
  readonly fields: JsonObject;
  readonly shortfalls: readonly Shortfall[];
}

const NOTHING: Rewritten = { fields: {}, shortfalls: [] };

export type Rewrites = ReadonlyMap<FactName, Rewrite>;

function cannot(fact: FactName, reason: string): Rewritten {
  return { fields: {}, shortfalls: [{ effect: `rewrite ${fact}`, reason }] };
}

/** Several parts as one; of two values for the same field the later one counts. */
export function joined(parts: readonly Rewritten[]): Rewritten {
  return {
    fields: Object.fromEntries(parts.flatMap((part) => Object.entries(part.fields))),
    shortfalls: parts.flatMap((part) => part.shortfalls),
  };
}

/** The value that a rewrite gives a fact; `undefined` when there is nothing to change. */
function newValue(rewrite: Rewrite, present: FactValue | undefined): FactValue | undefined {
  if ('set' in rewrite) return rewrite.set;
  if (typeof present !== 'string' || present === '') return undefined;
  const edited = rewrite.edit(present);
  return edited === present ? undefined : edited;
}

function rewriteField(
  fact: FactName,
  field: ReplyField,
  rewrite: Rewrite,
  present: FactValue | undefined,
): Rewritten {
  const { type } = factDefinition(fact);
  const column = typeof field === 'string' ? { field } : field;
  if (!('set' in rewrite) && type !== 'string') return cannot(fact, 'only texts can be edited');
  const value = newValue(rewrite, present);
  if (value === undefined) return NOTHING;
  if (!hasWireType(value, WIRE_TYPES[type])) return cannot(fact, `not a value of type ${WIRE_TYPES[type]}`);
  if ('onlyIfSent' in column && present === undefined) {
    return cannot(fact, 'the change that is asked about does not contain it');
  }
  if ('notBlank' in column && String(value).trim() === '') {
    return cannot(fact, 'the server takes a blank value for "unchanged"');
  }
  return { fields: { [column.field]: value }, shortfalls: [] };
}

function rewriteText(keys: ContentKeys, body: JsonObject, rewrite: Rewrite): Rewritten {
  if ('set' in rewrite) {
    if (typeof rewrite.set !== 'string') return cannot('message.text', 'not a text');
    return { fields: plainText(body, keys, rewrite.set), shortfalls: [] };
  }
  try {
    return { fields: editedContent(body, keys, rewrite.edit), shortfalls: [] };
  } catch (error) {
    if (error instanceof RangeError) return cannot('message.text', 'the content is nested too deeply');
    throw error;
  }
}

/** The rewrites of these fields; rewrites of other facts are left to others. */
export function rewriteFields(
  fields: ReplyFields,
  rewrites: Rewrites,
  facts: SyncFactSource | undefined,
): Rewritten {
  const parts: Rewritten[] = [];
  for (const [fact, rewrite] of rewrites) {
    const field = fields[fact];
    if (field !== undefined) parts.push(rewriteField(fact, field, rewrite, facts?.get(fact)));
  }
  return joined(parts);
}

const ZERO: Readonly<Record<WireType, unknown>> = {
  string: '',
  int32: 0,
  int64: 0,
  boolean: false,
  strings: [],
};

/** The whole object as the request has it, with the rewrites in it: what is left out becomes empty. */
function rewriteObject(
  object: ReplyObject,
  rewrites: Rewrites,
  body: JsonObject,
  facts: SyncFactSource | undefined,
): Rewritten {
  const { fields, shortfalls } = rewriteFields(object.rewrites, rewrites, facts);
  if (Object.keys(fields).length === 0) return { fields, shortfalls };
  const present = copyMembers(body, object.members);
  const whole = Object.fromEntries(
    Object.entries(object.members).map(([key, type]) => [key, fields[key] ?? present[key] ?? ZERO[type]]),
  );
  return { fields: { [object.field]: whole }, shortfalls };
}

/** The rewrites that a reply carries for the event as a whole. */
export function rewriteEvent(
  reply: OpenimReply,
  keys: ContentKeys | undefined,
  rewrites: Rewrites,
  body: JsonObject,
  facts: SyncFactSource | undefined,
): Rewritten {
  const { 'message.text': text, ...fields } = reply.rewrites ?? {};
  const rewrite = text === undefined ? undefined : rewrites.get('message.text');
  return joined([
    rewriteFields(fields, rewrites, facts),
    reply.object === undefined ? NOTHING : rewriteObject(reply.object, rewrites, body, facts),
    rewrite === undefined || keys === undefined ? NOTHING : rewriteText(keys, body, rewrite),
  ]);
}
