/** Identifies, authenticates and normalizes a request. */
import type { SyncFactSource } from '../../engine/event.js';
import type { Callback, Failure, FailureCause, JsonObject, WireRequest } from '../adapter.js';
import { isJsonObject, member } from '../path.js';
import { UnreadableBody } from '../reader.js';
import type { TencentApp } from './app.js';
import { commandNamed, type Command } from './catalog.js';
import { platformWord } from './codecs.js';
import { contentOf } from './content.js';
import { signatureFault } from './signature.js';

/** URL parameters by lower-case name: the vendor's own pages differ in case (`SdkAppid`, `SDKAppID`). */
type Parameters = ReadonlyMap<string, string>;

/** The first of each parameter counts; an empty one is as good as none. */
function parametersOf(query: URLSearchParams): Parameters {
  const parameters = new Map<string, string>();
  for (const [name, value] of query) {
    const key = name.toLowerCase();
    if (value !== '' && !parameters.has(key)) parameters.set(key, value);
  }
  return parameters;
}

const failure = (cause: FailureCause, message: string): Failure => ({ cause, message });

/**
 * Reads a callback of an app. Never throws: what is wrong becomes a failure.
 *
 * The command comes from the URL (1047/34354), or from the body where the URL has none; nothing of the
 * body is looked at before the caller is known to be the vendor.
 */
export function readCallback(app: TencentApp, request: WireRequest): Callback {
  const parameters = parametersOf(request.query);
  const inPath = commandNamed(request.subpath)?.row.command;
  const named = parameters.get('callbackcommand') ?? inPath;
  const body = request.bodyFailure === undefined && isJsonObject(request.body) ? request.body : {};
  const fault =
    request.callerFailure ?? requestFault(request, named) ?? callerFault(app, request, parameters);
  if (fault !== undefined) return failed(named, body, fault);
  if (named !== undefined && commandNamed(named) === undefined) return unknown(named, body);
  const bodyFault = faultOfBody(request, named);
  if (bodyFault !== undefined) return failed(named, body, bodyFault);
  const wireCommand = named ?? String(member(body, 'CallbackCommand'));
  const command = commandNamed(wireCommand);
  if (command === undefined) return unknown(wireCommand, body);
  return normalize(command, body, envelopeOf(app, request, parameters));
}

function requestFault(request: WireRequest, named: string | undefined): Failure | undefined {
  if (request.method !== 'POST') return failure('wrong-method', 'callbacks are sent by POST');
  if (request.subpath !== '' && request.subpath !== named) {
    return failure('wrong-path', "the path goes on below the app's and is not the command");
  }
  return undefined;
}

function callerFault(app: TencentApp, request: WireRequest, parameters: Parameters): Failure | undefined {
  const appId = parameters.get('sdkappid');
  if (appId === undefined) return failure('wrong-app', 'SdkAppid is missing in the URL');
  if (appId !== app.sdkAppId) return failure('wrong-app', "SdkAppid in the URL is not the app's");
  if (app.token === undefined) return undefined;
  const signed = { sign: parameters.get('sign'), requestTime: parameters.get('requesttime') };
  const fault = signatureFault(signed, app.token, request.receivedAt, app.signatureWindow);
  return fault === undefined ? undefined : failure('unauthenticated', fault);
}

/** ContentCallback.ResultNotify and Push.* have no command at the top of their bodies (1047/78240, 1047/67551). */
function faultOfBody({ body, bodyFailure }: WireRequest, named: string | undefined): Failure | undefined {
  if (bodyFailure !== undefined) return bodyFailure;
  if (!isJsonObject(body)) return failure('unreadable-body', 'the body is not a JSON object');
  const claimed = member(body, 'CallbackCommand');
  const isClaimed = claimed !== undefined && claimed !== null && claimed !== '';
  if (named === undefined) {
    return isClaimed && typeof claimed === 'string'
      ? undefined
      : failure('no-command', 'neither the URL nor the body names a command');
  }
  return isClaimed && claimed !== named
    ? failure('contradicting-command', 'CallbackCommand of the URL and of the body differ')
    : undefined;
}

function envelopeOf(app: TencentApp, request: WireRequest, parameters: Parameters): SyncFactSource {
  return {
    get(name) {
      switch (name) {
        case 'platform':
          return app.platform;
        case 'app.id':
          return app.id;
        case 'event.time':
          return request.receivedAt;
        case 'client.ip':
          return parameters.get('clientip');
        case 'actor.platform':
          return originOf(parameters);
        case 'actor.isAdmin': {
          const origin = originOf(parameters);
          return origin === undefined ? undefined : origin === 'rest';
        }
        default:
          return undefined;
      }
    },
  };
}

function originOf(parameters: Parameters): string | undefined {
  const word = parameters.get('optplatform');
  return word === undefined ? undefined : platformWord(word);
}

function normalize(
  { row, reader, contentFacts }: Command,
  body: JsonObject,
  envelope: SyncFactSource,
): Callback {
  try {
    const content = row.content === undefined ? undefined : contentOf(body, row.content, contentFacts);
    const event = reader.read(body, envelope, content);
    const { command, stage } = row;
    return { command, wireCommand: command, stage, body, outcome: { type: 'event', event } };
  } catch (error) {
    return failed(row.command, body, faultOf(error));
  }
}

function faultOf(error: unknown): Failure {
  if (error instanceof UnreadableBody) return failure(error.failure, error.message);
  return failure('internal-error', error instanceof Error ? error.name : 'reading the body failed');
}

function known(wireCommand: string | undefined, body: JsonObject): Omit<Callback, 'outcome'> {
  const row = commandNamed(wireCommand)?.row;
  return { command: row?.command, wireCommand, stage: row?.stage ?? 'before', body };
}

function failed(wireCommand: string | undefined, body: JsonObject, failure: Failure): Callback {
  return { ...known(wireCommand, body), outcome: { type: 'failure', failure } };
}

function unknown(wireCommand: string, body: JsonObject): Callback {
  return { ...known(wireCommand, body), outcome: { type: 'unknown-command' } };
}
