/** A gate in this process with live lists, in a folder of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLoadedRules } from '../../server/first-load.js';
import { openGateLists } from '../../server/lists/gate-lists.js';
import { startServer, type RunningServer } from '../../server/start.js';
import { send, sendJson, type Received, type Sent } from '../support/http.js';
import { createTestLog, type TestLog } from '../support/log.js';
import { configOf, STRICT_APPS } from '../support/server.js';

export const RULES = `
lists:
  banned_users: { live: true }
  bad_words: { live: true }
rules:
  - id: banned
    on: block.add
    stage: before
    when: { fact: actor.id, operator: in, value: { list: banned_users } }
    then: { refuse: { reason: 12 } }
  - id: words
    on: block.add
    stage: before
    when: { fact: target.id, operator: containsAny, value: { list: bad_words } }
    then: { refuse: true }
`;

export interface Gate {
  readonly server: RunningServer;
  readonly log: TestLog;
  readonly folder: string;
  /** Asks the admin listener. */
  ask(path: string, sent?: Sent): Promise<Received>;
  /** Sends JSON to the admin listener, and returns the JSON of the answer with its status. */
  tell(method: string, path: string, body?: unknown): Promise<Told>;
  /** Whether a callback of somebody is refused. */
  refuses(actor: string, target?: string): Promise<boolean>;
  stop(): Promise<void>;
}

export interface Told {
  readonly status: number;
  readonly [name: string]: unknown;
}

export interface GateOptions {
  /** Settings of the admin listener, as members of a flow mapping. */
  readonly admin?: string;
  /** YAML of the section `state`. */
  readonly state?: string;
}

export async function startGate({ admin, state = '' }: GateOptions = {}): Promise<Gate> {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-live-'));
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'rules', 'rules.yaml'), RULES);
  const config = configOf(
    `${state}${STRICT_APPS}`,
    join(folder, 'rules'),
    admin === undefined ? {} : { admin },
  );
  const log = createTestLog();
  const parts = {
    config,
    lastGood: join(folder, '.callgate', 'last-good.json'),
    logger: log.logger,
    out: { write: () => true },
  };
  const lists = await openGateLists(parts);
  const ruleStore = await openLoadedRules({ ...parts, live: lists.live });
  const server = await startServer({ ...parts, ruleStore, lists });
  const ask = (path: string, sent: Sent = { method: 'GET' }): Promise<Received> =>
    send(`${server.adminOrigin}${path}`, sent);
  return {
    server,
    log,
    folder,
    ask,
    async tell(method, path, body) {
      const { status, text } = await ask(path, {
        method,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      });
      return { status, ...(JSON.parse(text) as Record<string, unknown>) };
    },
    async refuses(actor, target = 'nobody') {
      const body = {
        callbackCommand: 'callbackBeforeAddBlackCommand',
        ownerUserID: actor,
        blackUserID: target,
      };
      const { text } = await sendJson(`${server.callbackOrigin}/openim`, body);
      return (JSON.parse(text) as { nextCode: number }).nextCode === 1;
    },
    async stop() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
