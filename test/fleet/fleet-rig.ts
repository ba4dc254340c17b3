/** Gates in processes of their own that follow what is published over one Redis, and the commands for it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { callgate, type Done } from '../suites/in-process.js';
import { send, sendJson } from '../support/http.js';
import { runCallgate, type Ended, type Running } from '../support/process.js';
import { STRICT_APPS } from '../support/server.js';

export const STREAM = 'test:decisions';

export interface GateStatus {
  readonly source: string;
  readonly revision: string;
  readonly release: { readonly number: number } | null;
  readonly lastReload: {
    readonly outcome: string;
    readonly problems: readonly { readonly message: string }[];
  };
  readonly counters: { readonly decisionLog: { readonly stream: Readonly<Record<string, number>> } };
  readonly workers?: { readonly all: readonly { readonly revision: string; readonly isLagging: boolean }[] };
}

export interface Gate {
  readonly running: Running;
  readonly folder: string;
  status(): Promise<GateStatus>;
  /** Resolves when the status is as wanted. */
  until(isWanted: (status: GateStatus) => boolean): Promise<GateStatus>;
  /** Asks whether alice may block bob, which the rules of a test answer. @returns the refusal's words, or '' */
  ask(actor?: string): Promise<string>;
  kill(): Promise<void>;
}

export interface FleetRig {
  /** Runs a command with the configuration of the gates. */
  callgate(...args: readonly string[]): Promise<Done>;
  /** Writes a file that commands may name. */
  write(file: string, text: string): void;
  readonly folder: string;
  start(settings?: { readonly workers?: number }): Promise<Gate>;
  /** Starts a gate that is to end by itself. */
  startInVain(): Promise<Ended>;
  /** Starts the same gate again, in its folder. */
  again(gate: Gate): Promise<Gate>;
  end(): Promise<void>;
}

/** @param publicPem the key that the gates trust; without it, they take any release */
export function createFleet(url: string, publicPem?: string): FleetRig {
  const folders: string[] = [];
  const all: Running[] = [];

  function prepare(workers: number): string {
    const folder = mkdtempSync(join(tmpdir(), 'callgate-fleet-'));
    folders.push(folder);
    writeFileSync(
      join(folder, 'config.yaml'),
      `server: { listen: '127.0.0.1:0', workers: ${workers} }
admin: { listen: '127.0.0.1:0' }
rules: { redis: true${publicPem === undefined ? '' : ', publicKey: public.pem'} }
state: { redis: { url: '${url}', prefix: test } }
decisionLog: { redis: '${STREAM}', maxlen: 100000 }
${STRICT_APPS}`,
    );
    if (publicPem !== undefined) writeFileSync(join(folder, 'public.pem'), publicPem);
    return folder;
  }

  const folder = prepare(1);

  async function run(place: string): Promise<Gate> {
    const running = runCallgate(['start'], { cwd: place });
    all.push(running);
    const [, callbacks = '', admin = ''] = await running.said(
      /(http:\/\/\S+)\/openim [\s\S]*(http:\/\/\S+)\/status[\s\S]*decisions .*\n/,
    );
    const status = async (): Promise<GateStatus> =>
      JSON.parse((await send(`${admin}/status`, { method: 'GET' })).text) as GateStatus;
    return {
      running,
      folder: place,
      status,
      async until(isWanted) {
        for (;;) {
          const found = await status();
          if (isWanted(found)) return found;
        }
      },
      async ask(actor = 'alice') {
        const { text } = await sendJson(`${callbacks}/openim`, {
          callbackCommand: 'callbackBeforeAddBlackCommand',
          ownerUserID: actor,
          blackUserID: 'bob',
        });
        const { nextCode, errMsg } = JSON.parse(text) as { nextCode?: number; errMsg?: string };
        return nextCode === 1 ? (errMsg ?? '') : '';
      },
      async kill() {
        running.child.kill('SIGKILL');
        await running.ended;
      },
    };
  }

  return {
    folder,
    callgate: (...args) => callgate(args, folder),
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    start: ({ workers = 1 } = {}) => run(prepare(workers)),
    async startInVain() {
      const running = runCallgate(['start'], { cwd: prepare(1) });
      all.push(running);
      return running.ended;
    },
    again: (gate) => run(gate.folder),
    async end() {
      for (const { child, ended } of all.splice(0)) {
        child.kill('SIGKILL');
        await ended;
      }
      for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
    },
  };
}

/** Files of rules that say in two places which version they are, with their own test. */
export function versionFiles(version: number): Readonly<Record<string, string>> {
  return {
    'a.yaml': `
rules:
  - id: first-${version}
    on: block.add
    stage: before
    priority: 2
    when: { fact: actor.id, operator: exists, value: true }
    then: { tag: tag-${version} }
`,
    'b.yaml': `
rules:
  - id: second-${version}
    on: block.add
    when: { fact: target.id, operator: equal, value: bob }
    then: { refuse: { message: version ${version} } }
`,
    'all.test.yaml': `
cases:
  - name: nobody blocks bob
    given: { event.kind: block.add, platform: openim, actor.id: alice, target.id: bob }
    want: { verdict: refuse, rule: second-${version} }
`,
  };
}

/** Writes the files of a version into a folder that is called like it. */
export function writeVersion(rig: FleetRig, version: number): string {
  const folder = `v${version}`;
  for (const [file, text] of Object.entries(versionFiles(version))) rig.write(`${folder}/${file}`, text);
  return folder;
}
