/** Wire requests as people write them, and what the server would make of them. */
import {
  adapterFor,
  unlockUrl,
  type App,
  type Callback,
  type Failure,
  type Reply,
  type WireRequest,
} from '../../adapters/index.js';
import { plainRuling, type Decision } from '../../engine/decision.js';
import type { Event } from '../../engine/event.js';
import type { RuleSet, StateAccess } from '../../engine/rule-set.js';
import { decisionFor, failureDecision, withoutConsequences } from '../../server/failure.js';

/** A request as far as somebody has written it down. */
export interface RequestDraft {
  readonly command?: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Why the body is none. */
  readonly bodyFailure?: Failure;
  /** Arrival, in milliseconds since 1970. */
  readonly receivedAt: number;
}

/** What came of a request. */
export interface Answer {
  readonly app: App;
  readonly callback: Callback;
  /** `undefined` when the request could not be read as one. */
  readonly event: Event | undefined;
  /** Of an after-callback: what the rules say after the reply has gone. */
  readonly decision: Decision;
  readonly reply: Reply;
}

/**
 * The request as the platform sends it: OpenIM names the command in the path, Tencent names itself and
 * the command in the query. What the draft says itself is not touched.
 */
export function wireRequestOf(app: App, draft: RequestDraft): WireRequest {
  const { command, query, ...rest } = draft;
  const isTencent = app.platform === 'tencent';
  const names = new Set(query.map(([name]) => name.toLowerCase()));
  const usual: readonly (readonly [string, string | undefined])[] = isTencent
    ? [
        ['SdkAppid', app.sdkAppId],
        ['CallbackCommand', command],
      ]
    : [];
  const parameters = new URLSearchParams();
  for (const [name, value] of [...usual.filter(([name]) => !names.has(name.toLowerCase())), ...query]) {
    if (value !== undefined) parameters.append(name, value);
  }
  return {
    ...rest,
    method: 'POST',
    subpath: isTencent ? '' : (command ?? ''),
    query: parameters,
  };
}

/** Whether the server asks callers of an app for a signature or secret, which a request on paper has not. */
export function hasProof(app: App): boolean {
  return app.platform === 'tencent' ? app.token !== undefined : app.secret !== undefined;
}

/** The app as one that believes every caller. */
function trusting(app: App): App {
  if (app.platform === 'tencent') {
    const { token, ...rest } = app;
    return token === undefined ? app : rest;
  }
  const { secret, ...rest } = app;
  return secret === undefined ? app : rest;
}

/** The app whose adapter can read the request; the first one when none can. */
export function appFor(apps: readonly App[], draft: RequestDraft): App | undefined {
  const read = apps.map((app) => ({ app, ...readAs(app, draft) }));
  const found =
    read.find(({ outcome }) => outcome.type === 'event') ?? read.find(({ command }) => command !== undefined);
  return found?.app ?? apps[0];
}

function readAs(app: App, draft: RequestDraft): Callback {
  const request = wireRequestOf(app, draft);
  return adapterFor(trusting(app)).read({ ...request, ...unlockUrl(app, request) });
}

/** What `{{decision.id}}` stands for where nothing is logged. */
export const DECISION_ID = 'DECISION-ID';

/** What surrounds an event that is tried. */
export interface Circumstances {
  /** What is remembered; without it, counts, strikes and labels are absent. */
  readonly state?: StateAccess;
  /** Has the last word about what the rules see. */
  readonly prepare?: (event: Event) => Event;
}

/** Answers a request as the server does: read, decide, render. Who calls is not checked. */
export async function answerRequest(
  rules: RuleSet,
  app: App,
  draft: RequestDraft,
  { state, prepare }: Circumstances = {},
): Promise<Answer> {
  const adapter = adapterFor(trusting(app));
  const callback = readAs(app, draft);
  const { outcome, stage } = callback;
  const answer = (event: Event | undefined, decision: Decision, replied = decision): Answer => ({
    app,
    callback,
    event,
    decision,
    reply: adapter.render(callback, app.enforce === false ? withoutConsequences(replied) : replied),
  });
  switch (outcome.type) {
    case 'failure':
      return answer(undefined, failureDecision(callback, outcome.failure.cause, app, rules.revision));
    case 'unknown-command':
    case 'exempt':
      return answer(undefined, decisionFor(rules.revision, undefined, plainRuling('allow')));
    case 'event': {
      const event = prepare?.(outcome.event) ?? outcome.event;
      const options = { decisionId: () => DECISION_ID, ...(state !== undefined && { state }) };
      const decision = await rules.decide(event, app, options);
      const acknowledgement = decisionFor(rules.revision, event, plainRuling('allow'));
      return answer(event, decision, stage === 'after' ? acknowledgement : decision);
    }
  }
}
