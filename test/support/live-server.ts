/** The real server on real files in a folder of its own. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { openRuleStore } from '../../server/rules.js';
import { startServer } from '../../server/start.js';
import { loadConfig } from '../../store/config.js';
import { formatProblems } from '../../store/report.js';
import type { Reload } from '../../store/rule-store.js';
import { sendJson } from './http.js';

export interface LiveServer {
  /** Sends a body as a platform would and returns the reply's JSON. */
  post(path: string, body: unknown): Promise<unknown>;
  /** Saves a file below the rules folder and waits until it has been looked at. */
  save(file: string, text: string): Promise<Reload>;
  /** Log lines so far. */
  readonly lines: readonly string[];
  /** Waits for a log line. */
  logged(pattern: RegExp): Promise<string>;
  close(): Promise<void>;
}

/** Starts a server; `apps` is the YAML of the configuration's `apps`. */
export async function startLiveServer(
  apps: string,
  rules: Readonly<Record<string, string>>,
): Promise<LiveServer> {
  const folder = await mkdtemp(join(tmpdir(), 'callgate-'));
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  const settings = `server: { listen: "127.0.0.1:0" }\nadmin: { listen: "127.0.0.1:0" }\nrules: rules\napps:\n${apps}\n`;
  await write('config.yaml', settings);
  for (const [file, text] of Object.entries(rules)) await write(`rules/${file}`, text);

  const { config, problems } = await loadConfig({ file: join(folder, 'config.yaml'), environment: {} });
  if (config === null) throw new Error(formatProblems(problems));
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const logger = pino(
    { level: 'debug' },
    {
      write: (line: string) => {
        lines.push(line);
        for (const check of waiting) check();
      },
    },
  );
  const ruleStore = openRuleStore(config, (error) => {
    throw error;
  });
  const first = await ruleStore.load();
  if (first.outcome === 'refused') throw new Error(formatProblems(first.problems));
  const server = await startServer({ config, ruleStore, logger, out: { write: () => true } });

  return {
    lines,
    async post(path, body) {
      const { status, text } = await sendJson(`${server.callbackOrigin}${path}`, body);
      if (status !== 200) throw new Error(`status ${status}`);
      return JSON.parse(text) as unknown;
    },
    async save(file, text) {
      const looked = new Promise<Reload>((resolve) => {
        const end = ruleStore.onReload((reload) => {
          if (reload.outcome === 'unchanged') return;
          end();
          resolve(reload);
        });
      });
      await write(`rules/${file}`, text);
      return looked;
    },
    logged: (pattern) =>
      new Promise((resolve) => {
        const check = (): void => {
          const line = lines.find((candidate) => pattern.test(candidate));
          if (line === undefined) return;
          waiting.delete(check);
          resolve(line);
        };
        waiting.add(check);
        check();
      }),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
