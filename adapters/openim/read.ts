/** Turns a request into an event. */
import type { SyncFactSource } from '../../engine/event.js';
import type { CalledUrl, Callback, Failure, JsonObject, WireRequest } from '../adapter.js';
import { member } from '../path.js';
import { UnreadableBody } from '../reader.js';
import type { SecretTest } from '../secret.js';
import type { OpenimApp } from './app.js';
import { strange, unlock } from './caller.js';
import { commandNamed, type Command } from './commands.js';
import { readContent } from './content.js';
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
function envelope(app: OpenimApp, request: WireRequest, body: JsonObject): SyncFactSource {
  return {
    get(name) {
      switch (name) {
        case 'platform':
          return app.platform;
        case 'app.id':
          return app.id;
        case 'event.time':
          return request.receivedAt;
        case 'operation.id':
          return operationId(request, body);
        default:
          return undefined;
      }
    },
  };
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
  const url = opens === undefined ? request : unlock(request, opens);
  return url === undefined ? strange(request, WRONG_SECRET) : readTrusted(app, request, url);
}

const WRONG_SECRET: Failure = {
  cause: 'unauthenticated',
  message: "the URL has not the app's secret",
};

function readTrusted(app: OpenimApp, request: WireRequest, url: CalledUrl): Callback {
  const { failure, body, command: name, wireCommand } = identify(request, url);
  const command = name === undefined ? undefined : commandNamed(name);
  return {
    command: name,
    wireCommand,
    stage: command?.row.stage ?? 'before',
    body,
    outcome: failure === undefined ? outcomeOf(app, request, command, body) : { type: 'failure', failure },
  };
}

function outcomeOf(
  app: OpenimApp,
  request: WireRequest,
  command: Command | undefined,
  body: JsonObject,
): Callback['outcome'] {
  if (command === undefined) return { type: 'unknown-command' };
  if (isSystemNotification(command, body)) return EXEMPT;
  try {
    const content = command.content === undefined ? undefined : readContent(body, command.content);
    return { type: 'event', event: command.reader.read(body, envelope(app, request, body), content) };
  } catch (error) {
    return { type: 'failure', failure: failureOf(error) };
  }
}

const EXEMPT = { type: 'exempt', reason: 'a notification of the server itself' } as const;
