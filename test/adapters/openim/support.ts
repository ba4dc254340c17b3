/** Requests, rulings and shorthands for the tests of the OpenIM adapter. */
import { expect } from 'chai';
import type { Callback, JsonObject, Reply, WireRequest } from '../../../adapters/adapter.js';
import type { Dialect, OpenimApp } from '../../../adapters/openim/app.js';
import { openim } from '../../../adapters/openim/index.js';
import {
  DEFAULT_REFUSAL,
  plainRuling,
  type Decision,
  type Refusal,
  type Rewrite,
  type Ruling,
} from '../../../engine/decision.js';
import type { Event } from '../../../engine/event.js';
import type { FactName, FactValue } from '../../../engine/facts.js';
import { readJsonFixture } from '../../support/paths.js';

export const RECEIVED_AT = 1_767_700_000_000;

export const ALLOW = { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: 0 };

const app = (dialect: Dialect): OpenimApp => ({
  id: 'main',
  platform: 'openim',
  path: '/openim',
  default: 'allow',
  onFailure: 'allow',
  deadline: 1500,
  dialect,
});

/** An adapter that writes this dialect. */
export const adapter = (dialect: Dialect = 'server') => openim.bind(app(dialect));

/** A request as the server hands it over; a POST without a command in its URL unless told otherwise. */
export function request(parts: Partial<Omit<WireRequest, 'query'>> & { query?: string }): WireRequest {
  const { query, ...rest } = parts;
  return {
    method: 'POST',
    subpath: '',
    headers: {},
    body: {},
    receivedAt: RECEIVED_AT,
    ...rest,
    query: new URLSearchParams(query),
  };
}

export function readBody(body: unknown): Callback {
  return adapter().read(request({ body }));
}

/** The example body of a command, with changes. */
export function example(command: string, changes: JsonObject = {}): JsonObject {
  const body = readJsonFixture('callbacks', 'openim', `${command}.json`);
  return { ...(body as JsonObject), ...changes };
}

export function eventOf(callback: Callback): Event {
  expect(callback.outcome).to.have.property('type', 'event');
  if (callback.outcome.type !== 'event') throw new Error('no event');
  return callback.outcome.event;
}

/** Facts of a body, those asked for. */
export function factsOf(body: unknown, ...names: readonly FactName[]): Record<string, FactValue | undefined> {
  const { facts } = eventOf(readBody(body));
  return Object.fromEntries(names.map((name) => [name, facts.get(name)]));
}

export const allowed = (rewrites: Partial<Record<FactName, Rewrite>> = {}): Ruling => ({
  ...plainRuling('allow'),
  rewrites: new Map(Object.entries(rewrites) as [FactName, Rewrite][]),
});

export const refused = (refusal: Partial<Refusal> = {}): Ruling =>
  plainRuling('refuse', { ...DEFAULT_REFUSAL, message: 'No.', ...refusal });

export const discarded = (): Ruling => plainRuling('discard');

export const decision = (...rulings: readonly Ruling[]): Decision => ({ revision: 'test', rulings });

/** Reads a body and answers it with these rulings. */
export function answer(body: unknown, rulings: readonly Ruling[], dialect: Dialect = 'server'): Reply {
  return adapter(dialect).render(readBody(body), decision(...rulings));
}
