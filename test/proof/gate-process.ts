/** The program in a process of its own, in a folder of its own, under conditions that a test makes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { NO_MALLORY, STRICT_APPS } from '../support/server.js';

const PROGRAM = join(import.meta.dirname, '..', 'support', 'callgate.js');

export interface GateProcess {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly callbacks: string;
  readonly admin: string;
  readonly ended: Promise<unknown[]>;
  /** Members of `GET /status` and of what is in it. */
  status(): Promise<Readonly<Record<string, unknown>>>;
  /** Resolves when a path of the admin listener answers as wanted. */
  until(path: string, isWanted: (text: string, status: number) => boolean): Promise<string>;
}

export interface Conditions {
  /** What standard output and standard error are; nobody hears them without it. */
  readonly output?: number | 'ignore';
  /** Files and connections that it may have open. */
  readonly descriptors?: number;
  readonly workers?: number;
  /** YAML of further sections. */
  readonly more?: string;
}

/** Starts gates; `end` ends them and removes their folders. */
export interface Grounds {
  start(conditions?: Conditions): Promise<GateProcess>;
  end(): Promise<void>;
}

export function createGrounds(): Grounds {
  const all: { child: ChildProcess; ended: Promise<unknown[]>; folder: string }[] = [];
  return {
    async start({ output = 'ignore', descriptors, workers = 1, more = '' } = {}) {
      const folder = mkdtempSync(join(tmpdir(), 'callgate-proof-'));
      const [port, adminPort] = [await freePort(), await freePort()];
      mkdirSync(join(folder, 'rules'));
      writeFileSync(join(folder, 'rules', 'rules.yaml'), NO_MALLORY);
      const listeners = `server: { listen: '127.0.0.1:${port}', workers: ${workers} }\nadmin: { listen: '127.0.0.1:${adminPort}' }`;
      writeFileSync(join(folder, 'config.yaml'), `${listeners}\n${more}\n${STRICT_APPS}`);
      const command = [process.execPath, PROGRAM, 'start'];
      const [program = '', ...args] =
        descriptors === undefined
          ? command
          : ['sh', '-c', `ulimit -n ${descriptors} && exec "$@"`, 'sh', ...command];
      const child = spawn(program, args, { cwd: folder, stdio: ['ignore', output, output] });
      const ended = once(child, 'exit');
      all.push({ child, ended, folder });
      const admin = `http://127.0.0.1:${adminPort}`;
      const until: GateProcess['until'] = async (path, isWanted) => {
        for (;;) {
          if (child.exitCode !== null) throw new Error(`the gate ended with ${child.exitCode}`);
          const response = await fetch(`${admin}${path}`).catch(() => undefined);
          const text = await response?.text().catch(() => undefined);
          if (response !== undefined && text !== undefined && isWanted(text, response.status)) return text;
          await turn();
        }
      };
      await until('/readyz', (_, status) => status === 200);
      return {
        child,
        folder,
        callbacks: `http://127.0.0.1:${port}`,
        admin,
        ended,
        status: async () =>
          JSON.parse(await until('/status', (_, status) => status === 200)) as Record<string, unknown>,
        until,
      };
    },
    async end() {
      for (const { child, ended, folder } of all.splice(0)) {
        if (child.exitCode === null && child.signalCode === null) {
          child.kill('SIGKILL');
          await ended;
        }
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
