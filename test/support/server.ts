/** The whole server on free ports, with rules and settings of the test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RuleSet } from '../../engine/rule-set.js';
import { openRuleStore } from '../../server/rules.js';
import { startServer, type RunningServer } from '../../server/start.js';
import { readConfig, type Config } from '../../store/config.js';
import type { RuleStore } from '../../store/rule-store.js';
import { createTestLog, type TestLog } from './log.js';

/** Both platforms, refusing what cannot be judged: a refusal is seen where an allow would go unnoticed. */
export const STRICT_APPS = `
apps:
  - { id: im, platform: openim, path: /openim, onFailure: refuse, deadline: 5000 }
  - { id: tc, platform: tencent, path: /tencent, onFailure: refuse, deadline: 1900, sdkAppId: 1400000000 }
`;

export const NO_MALLORY = `
rules:
  - id: no-mallory
    on: [friend.request, message.send]
    when: { fact: actor.id, operator: equal, value: mallory }
    then: { refuse: { reason: 7, message: 'No.' } }
    mode: enforce
  - id: mallory-blocks-nobody
    on: block.add
    stage: before
    when:
      all:
        - { fact: actor.id, operator: equal, value: mallory }
        - { fact: platform, operator: equal, value: openim }
    then: { refuse: { reason: 7, message: 'No.' } }
  - id: note-mallory
    on: block.add
    stage: after
    when: { fact: actor.id, operator: equal, value: mallory }
    then: { tag: noted, notify: moderators }
`;

/** A folder with rule files; gone when `remove` is called. */
export interface RulesFolder {
  readonly path: string;
  write(name: string, text: string): void;
  remove(): void;
}

export function createRulesFolder(files: Readonly<Record<string, string>>): RulesFolder {
  const path = mkdtempSync(join(tmpdir(), 'callgate-rules-'));
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { path, write, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Settings of the listeners, as members of a flow mapping. */
export interface ListenerSettings {
  readonly server?: string;
  readonly admin?: string;
}

/** Settings on free ports. @param apps YAML of the section `apps`, and of others */
export function configOf(apps: string, rules: string, { server, admin }: ListenerSettings = {}): Config {
  const listen = "listen: '127.0.0.1:0'";
  // Tests of snapshots say so; the others remember nothing of each other.
  const state = /^state:/m.test(apps) ? '' : 'state: { memory: { snapshot: false } }\n';
  const text = `${state}server: { ${server ?? listen}, bodyLimit: 64kb }\nadmin: { ${admin ?? listen} }\nrules: ${JSON.stringify(rules)}\n${apps}`;
  const { config, problems } = readConfig(text, { file: 'config.yaml', environment: {} });
  if (config === null) throw new Error(problems.map(({ message }) => message).join('\n'));
  return config;
}

export interface TestServer extends RunningServer {
  readonly config: Config;
  readonly log: TestLog;
  readonly ruleStore: RuleStore;
  readonly folder: RulesFolder;
  /** What was written for people. */
  printed(): string;
  /** Closes the server and removes its folder. */
  stop(): Promise<void>;
}

export interface TestServerOptions {
  readonly settings?: ListenerSettings;
  readonly apps?: string;
  readonly rules?: Readonly<Record<string, string>>;
  /** Judges instead of the rules of the folder. */
  readonly ruleSet?: RuleSet;
  readonly drainLimit?: number;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { apps = STRICT_APPS, rules = { 'rules.yaml': NO_MALLORY }, ruleSet, drainLimit } = options;
  const folder = createRulesFolder(rules);
  const config = configOf(apps, folder.path, options.settings);
  const log = createTestLog();
  let text = '';
  const real = openRuleStore(config, (error) => log.logger.error(String(error)));
  await real.load();
  const ruleStore = ruleSet === undefined ? real : { ...real, current: () => ruleSet };
  const server = await startServer({
    config,
    ruleStore,
    logger: log.logger,
    out: { write: (piece) => (text += piece) },
    ...(drainLimit !== undefined && { drainLimit }),
  });
  return {
    ...server,
    config,
    log,
    ruleStore,
    folder,
    printed: () => text,
    async stop() {
      await server.close();
      folder.remove();
    },
  };
}
