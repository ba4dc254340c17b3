/** A server with an app of every kind, and what must be true of whatever it replies. */
import { Agent } from 'node:http';
import { expect } from 'chai';
import type { App, JsonObject } from '../../adapters/index.js';
import { isJsonObject } from '../../adapters/path.js';
import type { CatalogEntry } from '../contract/catalog.js';
import { replyProblems } from '../contract/shape.js';
import { send, type Received, type Sent } from '../support/http.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { bodyOf, verdictOf, type Caller, type WireVerdict } from './platform.js';

/**
 * Apps named after what they say to everything, whether it can be judged or not, and `busy` ones that the
 * rules below are for.
 */
const APPS = `
apps:
  - { id: im-allow, platform: openim, path: /im-allow }
  - { id: im-refuse, platform: openim, path: /im-refuse, default: refuse, onFailure: refuse }
  - { id: doc-allow, platform: openim, path: /doc-allow, dialect: documented }
  - { id: doc-refuse, platform: openim, path: /doc-refuse, dialect: documented, default: refuse, onFailure: refuse }
  - { id: im-busy, platform: openim, path: /im-busy, onFailure: refuse }
  - { id: tc-allow, platform: tencent, path: /tc-allow, sdkAppId: 1400000001 }
  - { id: tc-refuse, platform: tencent, path: /tc-refuse, sdkAppId: 1400000002, default: refuse, onFailure: refuse }
  - { id: tc-busy, platform: tencent, path: /tc-busy, sdkAppId: 1400000003, onFailure: refuse }
`;

/** Rules that look at everything they can and change what they can, for the `busy` apps alone. */
const RULES = `
lists: { words: [a, e, coins, 赌博] }
conditions:
  busy: { fact: app.id, operator: endsWith, value: -busy }
rules:
  - id: watches
    on: '*'
    stage: any
    when:
      all:
        - { condition: busy }
        - any:
            - { fact: actor.id, operator: matches, value: '(a+)+$' }
            - { fact: message.text, operator: lengthAtLeast, value: 1 }
            - { fact: message.linkDomains, operator: containsAny, value: { list: words } }
            - { fact: event.time, operator: timeOfDayBetween, value: { from: '00:00', to: '23:59', zone: UTC } }
            - { fact: client.ip, operator: inCidr, value: [10.0.0.0/8, '2001:db8::/32'] }
            - { fact: target.id, operator: notEqual, value: { fact: actor.id } }
    then: { tag: [seen], notify: somebody }
  - id: masks-messages
    on: [message.send, message.edit]
    stage: before
    when: { all: [{ condition: busy }, { fact: message.text, operator: exists, value: true }] }
    then: { rewrite: { message.text: { mask: { list: words, with: '*' } } } }
  - id: renames-friends
    on: friend.remark
    stage: before
    when: { all: [{ condition: busy }, { fact: friend.remark, operator: exists, value: true }] }
    then: { rewrite: { friend.remark: { set: 'from {{actor.id}} about {{target.id}}' } } }
  - id: renames-groups
    on: [group.create, group.update]
    stage: before
    when: { all: [{ condition: busy }, { fact: group.name, operator: exists, value: true }] }
    then: { rewrite: { group.name: { mask: { list: words, with: '#' } } } }
  - id: refuses-some
    on: '*'
    stage: before
    when: { all: [{ condition: busy }, { fact: target.id, operator: matches, value: '[13579]$' }] }
    then: { refuse: { reason: 33, message: 'Not {{target.id}}, {{actor.id}}: {{message.text}}' } }
`;

/** A command as it is sent to an app. */
export interface Question {
  readonly caller: Caller;
  readonly entry: CatalogEntry;
  readonly app: App;
  /** As text, what a reader makes of it once it has been decoded. */
  readonly body: string;
}

export interface ProvingGround {
  readonly server: TestServer;
  /** Apps of a platform. */
  appsOf(caller: Caller): readonly App[];
  appNamed(id: string): App;
  /** Sends a body. Keeps connections alive, as platforms do. */
  ask(url: string, sent: Sent): Promise<Received>;
  /** Sends it as the platform does, and checks the reply. @returns the reply */
  question(question: Question): Promise<JsonObject>;
  /** Callbacks that were sent by {@link ProvingGround.ask}. */
  sent(): number;
  stop(): Promise<void>;
}

export async function openProvingGround(): Promise<ProvingGround> {
  const server = await startTestServer({ apps: APPS, rules: { 'rules.yaml': RULES } });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  let sent = 0;
  const ask = (url: string, request: Sent): Promise<Received> => {
    sent += 1;
    return send(`${server.callbackOrigin}${url}`, { agent, ...request });
  };
  return {
    server,
    appsOf: ({ wire }) => server.config.apps.filter(({ platform }) => platform === wire.platform),
    appNamed(id) {
      const app = server.config.apps.find((candidate) => candidate.id === id);
      if (app === undefined) throw new Error(`there is no app ${id}`);
      return app;
    },
    ask,
    async question(question) {
      const { caller, app, entry, body } = question;
      return expectAnswer(question, await ask(caller.urlOf(app, entry.command), { body }));
    },
    sent: () => sent,
    async stop() {
      agent.destroy();
      await server.stop();
    },
  };
}

/** Whatever must be true of the reply to a command that the URL names. @returns the reply */
export function expectAnswer(question: Question, received: Received): JsonObject {
  const { caller, entry, app, body } = question;
  const reply = replyIn(received);
  const request = bodyOf(body) ?? {};
  const { spec } = entry;
  const fields = caller.wire.replyFields(spec, app);
  expect(replyProblems({ spec, fields, request }, reply), `reply to ${entry.command}`).to.deep.equal([]);
  expect(verdictOf(caller, entry, reply), `verdict on ${entry.command} of ${app.id}`).to.be.oneOf(
    verdictsOf(question, request),
  );
  return reply;
}

/** The JSON object of a reply with status 200. */
export function replyIn({ status, headers, text }: Received): JsonObject {
  expect(status).to.equal(200);
  expect(headers['content-type']).to.equal('application/json; charset=utf-8');
  const reply: unknown = JSON.parse(text);
  if (!isJsonObject(reply)) throw new Error('the reply is no JSON object');
  return reply;
}

/** Verdicts that are right. */
function verdictsOf({ caller, entry, app }: Question, request: JsonObject): readonly WireVerdict[] {
  if (entry.spec.stage === 'after' || caller.isExempt(entry, request)) return ['allow'];
  return app.id.endsWith('-busy') ? ['allow', 'refuse', 'mixed'] : [app.default];
}
