/** Turns a request into an event. */
import type { FactName, FactValue } from '../../engine/facts.js';
import type { Callback, Failure, JsonObject, WireRequest } from '../adapter.js';
import { member } from '../path.js';
import { UnreadableBody } from '../reader.js';
import type { SecretTest } from '../secret.js';
import type { OpenimApp } from './app.js';
import { strange, unlock } from './caller.js';
import { commandNamed, type Command } from './commands.js';
import { contentKeys, readContent } from './content.js';
import { identify } from './identify.js';

/**
 * The trace ID: every release sends it as a header, and few bodies have it
 * (open-im-server pkg/common/webhook/http_client.go).
 */
function operationId(request: WireRequest, body: JsonObject): string | undefined {
  const header = request.headers['operationid'];
  const inBody = member(body, 'operationID');
  const candidates = [typeof header === 'object' ? header[0] : header, inBody];
  return candidates.find((id): id is string => typeof id === 'string' && id !== '');
}

/** Facts that a body does not tell, or not reliably. */
function envelope(app: OpenimApp, request: WireRequest, body: JsonObject): Map<FactName, FactValue> {
  const facts = new Map<FactName, FactValue>([
    ['platform', app.platform],
    ['app.id', app.id],
    ['event.time', request.receivedAt],
  ]);
  const id = operationId(request, body);
  if (id !== undefined) facts.set('operation.id', id);
  return facts;
}

function outcomeOf(
  app: OpenimApp,
  request: WireRequest,
  { row, reader }: Command,
  body: JsonObject,
): Callback['outcome'] {
  try {
    const keys = contentKeys(row.content);
    const content = keys === undefined ? undefined : readContent(body, keys);
    return { type: 'event', event: reader.read(body, envelope(app, request, body), content) };
  } catch (error) {
    return { type: 'failure', failure: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof UnreadableBody) return { cause: error.failure, message: error.message };
  return { cause: 'internal-error', message: error instanceof Error ? error.name : 'unknown error' };
}

/**
 * Up to v3.8.3-patch.16 group sends (up to v3.8.1 one-to-one ones) also ask about the server's own
 * notifications, always with an empty content; refusing one leaves clients with stale member lists
 * (open-im-server internal/rpc/msg/callback.go, send.go). A content that is not empty is somebody's message.
 */
function isSystemNotification({ row }: Command, body: JsonObject): boolean {
  const contentType = member(body, 'contentType');
  return (
    row.kind === 'message.send' &&
    row.stage === 'before' &&
    typeof contentType === 'number' &&
    contentType >= 1000 &&
    contentType <= 5000 &&
    member(body, 'msgFrom') === 200 &&
    member(body, 'content') === ''
  );
}

/**
 * Authenticates, identifies and normalizes a request. Never throws.
 *
 * @param opens the test for the app's secret, where it has one
 */
export function read(app: OpenimApp, request: WireRequest, opens?: SecretTest): Callback {
  if (request.callerFailure !== undefined) return strange(request, request.callerFailure);
  if (opens === undefined) return readTrusted(app, request);
  const url = unlock(request, opens);
  return url === undefined ? strange(request, WRONG_SECRET) : readTrusted(app, { ...request, ...url });
}

const WRONG_SECRET: Failure = {
  cause: 'unauthenticated',
  message: "the URL has not the app's secret",
};

function readTrusted(app: OpenimApp, request: WireRequest): Callback {
  const { failure, body, ...names } = identify(request);
  const command = names.command === undefined ? undefined : commandNamed(names.command);
  const known = { ...names, stage: command?.row.stage ?? 'before', body };
  if (failure !== undefined) return { ...known, outcome: { type: 'failure', failure } };
  if (command === undefined) return { ...known, outcome: { type: 'unknown-command' } };
  if (isSystemNotification(command, body)) {
    return { ...known, outcome: { type: 'exempt', reason: 'a notification of the server itself' } };
  }
  return { ...known, outcome: outcomeOf(app, request, command, body) };
}
