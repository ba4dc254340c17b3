/** What the tests of the Tencent adapter share. */
import type { Decision, Refusal, Rewrite, Ruling } from '../../../engine/decision.js';
import { DEFAULT_REFUSAL, plainRuling } from '../../../engine/decision.js';
import type { Event } from '../../../engine/event.js';
import type { FactName } from '../../../engine/facts.js';
import type { Adapter, Callback, JsonObject, WireRequest } from '../../../adapters/adapter.js';
import type { TencentApp } from '../../../adapters/tencent/app.js';
import { tencent } from '../../../adapters/tencent/index.js';
import { readJsonFixture } from '../../support/paths.js';

export const RECEIVED_AT = 1_721_700_000_000;

export const APP: TencentApp = {
  id: 'im',
  platform: 'tencent',
  path: '/tencent',
  default: 'allow',
  onFailure: 'allow',
  deadline: 800,
  sdkAppId: '1400123456',
};

export const ADAPTER: Adapter = tencent.bind(APP);

/** The sample body of a command. */
export function bodyOf(command: string): JsonObject {
  return readJsonFixture('callbacks', 'tencent', `${command}.json`) as JsonObject;
}

export function requestOf(
  command: string,
  body: unknown = bodyOf(command),
  change: Partial<WireRequest> = {},
): WireRequest {
  const query = new URLSearchParams({
    SdkAppid: APP.sdkAppId,
    CallbackCommand: command,
    contenttype: 'json',
    ClientIP: '198.51.100.7',
    OptPlatform: 'iOS',
  });
  return { method: 'POST', subpath: '', query, headers: {}, body, receivedAt: RECEIVED_AT, ...change };
}

export function read(command: string, body?: unknown): Callback {
  return ADAPTER.read(requestOf(command, body));
}

/** The event of a callback that must be one. */
export function eventOf(callback: Callback): Event {
  if (callback.outcome.type !== 'event') throw new Error(`no event: ${JSON.stringify(callback.outcome)}`);
  return callback.outcome.event;
}

/** Cause of the failure of a callback; otherwise the type of its outcome. */
export function causeOf({ outcome }: Callback): string {
  return outcome.type === 'failure' ? outcome.failure.cause : outcome.type;
}

export const ALLOWED: Ruling = plainRuling('allow');

export function refused(change: Partial<Refusal> = {}): Ruling {
  return plainRuling('refuse', { ...DEFAULT_REFUSAL, reason: 7, message: 'No.', ...change });
}

export const DISCARDED: Ruling = plainRuling('discard', { ...DEFAULT_REFUSAL, message: 'Gone.' });

export function rewritten(...rewrites: readonly (readonly [FactName, Rewrite])[]): Ruling {
  return { ...ALLOWED, rewrites: new Map(rewrites) };
}

export function decisionOf(...rulings: readonly Ruling[]): Decision {
  return { revision: 'test', rulings };
}

/** Body and shortfall effects of the reply to a sample. */
export function answer(
  command: string,
  rulings: readonly Ruling[],
  body?: unknown,
): { readonly body: JsonObject; readonly lost: readonly string[] } {
  const reply = ADAPTER.render(read(command, body), decisionOf(...rulings));
  return { body: reply.body, lost: reply.shortfalls.map(({ effect }) => effect) };
}
