/** Finds out which command a request is about, from its URL and its body. */
import type { CalledUrl, Failure, JsonObject, WireRequest } from '../adapter.js';
import { isJsonObject, member } from '../path.js';
import { currentName } from './commands.js';

/** What is known about a request before its fields are read. */
export interface Identity {
  /** Current name of the command, as far as it is known. */
  readonly command: string | undefined;
  /** The command as it was sent. */
  readonly wireCommand: string | undefined;
  /** The body; empty when it is unreadable. */
  readonly body: JsonObject;
  readonly failure: Failure | undefined;
}

/** Why the request as such cannot be a callback; OpenIM only posts JSON objects. */
function requestFailure(request: WireRequest, { subpath }: CalledUrl): Failure | undefined {
  if (request.method !== 'POST') {
    return { cause: 'wrong-method', message: `expected POST, got ${request.method}` };
  }
  if (subpath.includes('/')) {
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
function addNamesInUrl(names: string[], { subpath, query }: CalledUrl, body: JsonObject): void {
  // A path of several parts may hold a secret that was meant for another place, and names are logged.
  if (subpath !== '' && !subpath.includes('/')) names.push(subpath);
  if (query.size === 0) return;
  for (const parameter of query.getAll('command')) {
    const name = unglued(parameter, body);
    if (name !== '') names.push(name);
  }
}

function nameFailure(
  inBody: unknown,
  names: readonly string[],
  current: readonly (string | undefined)[],
): Failure | undefined {
  if (inBody !== undefined && inBody !== null && typeof inBody !== 'string') {
    return { cause: 'bad-field', message: 'callbackCommand: expected a text' };
  }
  if (names.length === 0) {
    return { cause: 'no-command', message: 'neither the URL nor callbackCommand names a command' };
  }
  const meant = current[0] ?? names[0];
  if (names.some((name, index) => (current[index] ?? name) !== meant)) {
    return { cause: 'contradicting-command', message: 'the URL and callbackCommand name different commands' };
  }
  return undefined;
}

/**
 * Identifies a request. The body's word comes first, since every release sends it.
 *
 * @param url what of the URL names the command, where it is not the whole
 */
export function identify(request: WireRequest, url: CalledUrl = request): Identity {
  const failed = requestFailure(request, url);
  const body = request.bodyFailure === undefined && isJsonObject(request.body) ? request.body : {};
  const inBody = member(body, 'callbackCommand');
  const names = typeof inBody === 'string' && inBody !== '' ? [inBody] : [];
  addNamesInUrl(names, url, body);
  const current = names.map((name) => currentName(name, body));
  return {
    body,
    command: current.find((name) => name !== undefined),
    wireCommand: names[0],
    failure: failed ?? nameFailure(inBody, names, current),
  };
}
