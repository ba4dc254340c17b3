/** Finds out which command a request is about, from its URL and its body. */
import type { Failure, JsonObject, WireRequest } from '../adapter.js';
import { isJsonObject, member } from '../path.js';
import { currentName } from './commands.js';

/** What is known about a request before its fields are read. */
export interface Identity {
  /** Current name of the command, as far as it is known. */
  readonly command?: string;
  /** The command as it was sent. */
  readonly wireCommand?: string;
  /** The body; empty when it is unreadable. */
  readonly body: JsonObject;
  readonly failure?: Failure;
}

/** Why the request as such cannot be a callback; OpenIM only posts JSON objects. */
function requestFailure(request: WireRequest): Failure | undefined {
  if (request.method !== 'POST') {
    return { cause: 'wrong-method', message: `expected POST, got ${request.method}` };
  }
  if (request.subpath.includes('/')) {
    return { cause: 'wrong-path', message: 'expected at most a command below the path of the app' };
  }
  if (request.bodyFailure !== undefined) return request.bodyFailure;
  if (!isJsonObject(request.body)) {
    return { cause: 'unreadable-body', message: 'the body is not a JSON object' };
  }
  return undefined;
}

/**
 * A base URL that has a query gets `/<command>` glued onto its last parameter, so that
 * `?command=x` becomes `?command=x/<command>`: what follows the slash counts where it is a command.
 */
function unglued(parameter: string, body: JsonObject): string {
  const end = parameter.slice(parameter.lastIndexOf('/') + 1);
  return currentName(end, body) === undefined ? parameter : end;
}

/** Names in the URL: `/<command>` since v3.4.2, `?command=<command>` before. */
function namesInUrl(request: WireRequest, body: JsonObject): readonly string[] {
  const parameters = request.query.getAll('command').map((parameter) => unglued(parameter, body));
  // A path of several parts may hold a secret that was meant for another place, and names are logged.
  const path = request.subpath.includes('/') ? '' : request.subpath;
  return [path, ...parameters].filter((name) => name !== '');
}

function nameFailure(
  inBody: unknown,
  names: readonly string[],
  current: readonly string[],
): Failure | undefined {
  if (inBody !== undefined && inBody !== null && typeof inBody !== 'string') {
    return { cause: 'bad-field', message: 'callbackCommand: expected a text' };
  }
  if (names.length === 0) {
    return { cause: 'no-command', message: 'neither the URL nor callbackCommand names a command' };
  }
  if (new Set(current).size > 1) {
    return { cause: 'contradicting-command', message: 'the URL and callbackCommand name different commands' };
  }
  return undefined;
}

/** Identifies a request. The body's word comes first, since every release sends it. */
export function identify(request: WireRequest): Identity {
  const failed = requestFailure(request);
  const body = request.bodyFailure === undefined && isJsonObject(request.body) ? request.body : {};
  const inBody = member(body, 'callbackCommand');
  const names = [
    ...(typeof inBody === 'string' && inBody !== '' ? [inBody] : []),
    ...namesInUrl(request, body),
  ];
  const known = names.map((name) => currentName(name, body));
  const current = known.map((command, index) => command ?? names[index] ?? '');
  const command = known.find((name) => name !== undefined);
  const failure = failed ?? nameFailure(inBody, names, current);
  return {
    body,
    ...(command !== undefined && { command }),
    ...(names[0] !== undefined && { wireCommand: names[0] }),
    ...(failure !== undefined && { failure }),
  };
}
