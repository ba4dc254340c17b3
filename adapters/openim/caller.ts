/**
 * Who may call. OpenIM signs nothing and sends no secret of its own (open-im-server
 * pkg/common/webhook/http_client.go), so ours is a part of the URL that its administrator configures.
 */
import type { CalledUrl, Callback, Failure, WireRequest } from '../adapter.js';
import { secretTest, type SecretTest } from '../secret.js';
import type { OpenimApp } from './app.js';
import { commandNamed } from './commands.js';
import { identify } from './identify.js';

const PARAMETER = 'secret';

/** The test for an app's secret; `undefined` when it has none. */
export function secretTestOf({ secret }: OpenimApp): SecretTest | undefined {
  return secret === undefined ? undefined : secretTest(secret);
}

/**
 * The URL without the secret: `<secret>/<command>` as path, or `?secret=<secret>` onto which the server
 * has glued `/<command>` or, before v3.4.2, `?command=<command>`.
 *
 * @returns `undefined` when the URL has not the right secret
 */
export function unlock({ subpath, query }: CalledUrl, opens: SecretTest): CalledUrl | undefined {
  const [segment, below] = cut(subpath, '/');
  if (opens(segment)) return { subpath: withoutSlashes(below), query: withoutSecret(query) };
  const parameter = query.get(PARAMETER);
  if (parameter === null) return undefined;
  const [shown] = parameter.split(/[/?]/, 1);
  if (!opens(shown)) return undefined;
  const [path, parameters] = cut(parameter.slice(shown?.length), '?');
  const others = withoutSecret(query);
  for (const [name, value] of new URLSearchParams(parameters)) others.append(name, value);
  return { subpath: [subpath, withoutSlashes(path)].filter((part) => part !== '').join('/'), query: others };
}

/** What is known about a call of a stranger: its command, where it is a real one, so that the refusal fits. */
export function strange(request: WireRequest, failure: Failure): Callback {
  const last = request.subpath.slice(request.subpath.lastIndexOf('/') + 1);
  const { command, body } = identify(request, { ...request, subpath: last });
  const stage = command === undefined ? undefined : commandNamed(command)?.row.stage;
  return {
    ...(command !== undefined && { command }),
    stage: stage ?? 'before',
    body,
    outcome: { type: 'failure', failure },
  };
}

function withoutSecret(query: URLSearchParams): URLSearchParams {
  if (query.size === 0) return query;
  const others = new URLSearchParams(query);
  others.delete(PARAMETER);
  return others;
}

/** The text before a mark, and after it. */
function cut(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function withoutSlashes(text: string): string {
  if (!text.includes('/')) return text;
  return text
    .split('/')
    .filter((part) => part !== '')
    .join('/');
}
