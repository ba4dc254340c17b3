/** The identity of what a callback is about. */
import { createHash } from 'node:crypto';
import type { SyncFactSource } from '../engine/event.js';
import type { Kind } from '../engine/kinds.js';
import type { JsonObject } from './adapter.js';

/**
 * A message is told by the ID that its platform gave it: OpenIM makes `serverMsgID` before it asks for the first
 * time (open-im-server internal/rpc/msg/send.go, encapsulateMsgData), so that the question before sending, the
 * one before modifying and the report afterwards have the same. The client's own ID is not trusted: whoever
 * sends all messages under one would be counted once. Everything else is told by its whole body, which a
 * proxy that repeats a request does not change.
 *
 * @returns an empty text for a body that is nested too deeply to be told from others
 */
export function occurrenceOf(kind: Kind, facts: SyncFactSource, body: JsonObject): string {
  return messageOccurrence(kind, facts) ?? bodyOccurrence(body);
}

function bodyOccurrence(body: JsonObject): string {
  try {
    return `b ${createHash('sha1').update(JSON.stringify(body)).digest('base64url')}`;
  } catch {
    return '';
  }
}

/** The identity of a message that is sent, if its platform gave it an ID. */
export function messageOccurrence(kind: Kind, facts: SyncFactSource): string | undefined {
  const id = facts.get('message.id');
  return kind === 'message.send' && typeof id === 'string' && id !== '' ? `m ${id}` : undefined;
}
