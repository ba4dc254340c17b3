/** The real program with real files, in processes of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, waitFor } from '../process/ports.js';
import { workFolder } from '../root.js';
import { SDK_APP_ID, SECRET, TOKEN } from '../settings.js';
import { saveFirstRevision } from './revisions.js';

/** The part of `GET /status` that is looked at. */
export interface GateStatus {
  readonly counters: {
    readonly afterQueue: { readonly dropped: number };
    readonly overload: { readonly shed: Readonly<Record<string, number>> };
  };
  readonly workers?: {
    readonly wanted: number;
    readonly restarts: number;
    readonly all: readonly { readonly pid: number; readonly state: string; readonly isAnswering: boolean }[];
  };
}

export interface SoakGate {
  readonly pid: number;
  readonly port: number;
  /** Folder of the rules. */
  readonly rules: string;
  /** `undefined` when it cannot be asked now. */
  status(): Promise<GateStatus | undefined>;
  /** Lines of its log so far. */
  log(): readonly string[];
  /** Tells it to stop. */
  stop(): void;
  kill(): void;
  /** How it ended: a code or a signal. */
  readonly ended: Promise<string>;
}

const FOLDER = join(workFolder, 'soak');

/** Starts a gate and waits until it is ready. */
export async function startGate(workers: number): Promise<SoakGate> {
  rmSync(FOLDER, { recursive: true, force: true });
  const rules = join(FOLDER, 'rules');
  mkdirSync(rules, { recursive: true });
  saveFirstRevision(rules);
  const [port, adminPort] = [await freePort(), await freePort()];
  const config = join(FOLDER, 'config.yaml');
  writeFileSync(config, configText(port, adminPort, workers));
  const logFile = join(FOLDER, 'log.jsonl');
  const output = openSync(logFile, 'w');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.js'), config], {
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = once(child, 'exit').then(([code, signal]: unknown[]) => String(code ?? signal));
  const admin = `http://127.0.0.1:${adminPort}`;
  const failed = ended.then((how) => {
    throw new Error(`the gate ended with ${how} before it was ready:\n${readFileSync(logFile, 'utf8')}`);
  });
  failed.catch(() => undefined);
  await Promise.race([waitFor(`${admin}/readyz`, (status) => status === 200), failed]);
  return {
    pid: child.pid ?? 0,
    port,
    rules,
    async status() {
      try {
        // Written by our own program.
        return (await (await fetch(`${admin}/status`)).json()) as GateStatus;
      } catch {
        return undefined;
      }
    },
    log: () => readFileSync(logFile, 'utf8').split('\n'),
    stop: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
    ended,
  };
}

/** What cannot be judged is refused: a refusal is seen where an allow would go unnoticed. */
function configText(port: number, adminPort: number, workers: number): string {
  return `
server: { listen: '127.0.0.1:${port}', workers: ${workers} }
admin: { listen: '127.0.0.1:${adminPort}' }
rules: rules
decisionLog: { to: file, file: decisions.jsonl, rotate: { size: 10mb, keep: 2 } }
apps:
  - { id: openim, platform: openim, path: /openim, onFailure: refuse, secret: ${SECRET} }
  - { id: tencent, platform: tencent, path: /tencent, onFailure: refuse, sdkAppId: ${SDK_APP_ID}, token: ${TOKEN} }
`;
}
