/** A gate of several processes in a folder of its own. */
import { Agent } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { send, sendJson } from '../support/http.js';
import { runCallgate, type Running } from '../support/process.js';
import { NO_MALLORY, STRICT_APPS } from '../support/server.js';

export interface WorkerStatus {
  readonly worker: number;
  readonly pid: number;
  readonly state: string;
  readonly revision: string;
  readonly isLagging: boolean;
  readonly isAnswering: boolean;
}

export interface GateStatus {
  readonly state: string;
  readonly revision: string;
  readonly counters: { readonly apps: Readonly<Record<string, { readonly callbacks: number }>> };
  readonly workers: {
    readonly wanted: number;
    readonly restarts: number;
    readonly lagging: number;
    readonly all: readonly WorkerStatus[];
  };
}

export interface Gate {
  readonly running: Running;
  readonly folder: string;
  readonly callbacks: string;
  readonly admin: string;
  status(): Promise<GateStatus>;
  /** Resolves when the status is as wanted. */
  until(isWanted: (status: GateStatus) => boolean): Promise<GateStatus>;
  /** Whether a callback of mallory is refused, as it must be. @throws Error when there is no answer */
  refuses(): Promise<boolean>;
}

export interface GateSettings {
  readonly workers?: number | string;
  readonly apps?: string;
  readonly rules?: string;
  /** YAML of further sections. */
  readonly more?: string;
}

/** Folders and processes of a suite; all are gone after `end`. */
export interface Gates {
  prepare(settings?: GateSettings): string;
  run(folder: string): Running;
  start(settings?: GateSettings): Promise<Gate>;
  end(): Promise<void>;
}

/** A connection for each request: one that is kept may lead to a worker that is dead. */
const fresh = new Agent({ keepAlive: false });

const BLOCK = {
  callbackCommand: 'callbackBeforeAddBlackCommand',
  ownerUserID: 'mallory',
  blackUserID: 'bob',
};

export function createGates(): Gates {
  const folders: string[] = [];
  const all: Running[] = [];

  function prepare(settings: GateSettings = {}): string {
    const { workers = 2, apps = STRICT_APPS, rules = NO_MALLORY, more = '' } = settings;
    const folder = mkdtempSync(join(tmpdir(), 'callgate-cluster-'));
    folders.push(folder);
    mkdirSync(join(folder, 'rules'));
    writeFileSync(join(folder, 'rules', 'rules.yaml'), rules);
    writeFileSync(
      join(folder, 'config.yaml'),
      `server: { listen: '127.0.0.1:0', workers: ${workers} }\nadmin: { listen: '127.0.0.1:0' }\n${more}\n${apps}`,
    );
    return folder;
  }

  function run(folder: string): Running {
    const running = runCallgate(['start'], { cwd: folder });
    all.push(running);
    return running;
  }

  return {
    prepare,
    run,
    async start(settings) {
      const folder = prepare(settings);
      const running = run(folder);
      const [, callbacks = '', admin = ''] = await running.said(
        /(http:\/\/\S+)\/openim [\s\S]*(http:\/\/\S+)\/status[\s\S]*workers .*\n/,
      );
      const status = async (): Promise<GateStatus> =>
        JSON.parse((await send(`${admin}/status`, { method: 'GET' })).text) as GateStatus;
      return {
        running,
        folder,
        callbacks,
        admin,
        status,
        async until(isWanted) {
          for (;;) {
            const found = await status();
            if (isWanted(found)) return found;
          }
        },
        async refuses() {
          const { text } = await sendJson(`${callbacks}/openim`, BLOCK, { agent: fresh });
          return (JSON.parse(text) as { nextCode: number }).nextCode === 1;
        },
      };
    },
    async end() {
      for (const { child, ended } of all.splice(0)) {
        // Workers end when their primary is gone.
        child.kill('SIGKILL');
        await ended;
      }
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when there is no process with this number any more. */
export async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise(setImmediate);
  }
}
