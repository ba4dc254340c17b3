/** Servers to send load to. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startChild, SERVER_CORE, type Child } from '../process/child.js';
import { freePort, waitFor } from '../process/ports.js';
import { configText } from '../settings.js';

export interface Target {
  readonly name: string;
  readonly port: number;
  readonly child: Child;
}

export type PlainServer = 'node-http' | 'koa' | 'koa-router' | 'fastify' | 'naive';

export async function startPlain(server: PlainServer): Promise<Target> {
  const port = await freePort();
  const child = startChild(`http/servers/${server}`, { args: [String(port)], core: SERVER_CORE });
  await waitFor(`http://127.0.0.1:${port}/`);
  return { name: server, port, child };
}

export interface CallgateOptions {
  readonly name: string;
  /** Folder of the rules. */
  readonly rules: string;
  readonly workers?: number;
  /** Whether it is kept on one core. */
  readonly isPinned?: boolean;
  readonly nodeOptions?: readonly string[];
}

/** Starts Callgate and waits until rules are in force. */
export async function startCallgate(options: CallgateOptions): Promise<Target> {
  const { name, rules, workers = 1, isPinned = true, nodeOptions = [] } = options;
  const [port, adminPort] = [await freePort(), await freePort()];
  const output = join(dirname(rules), 'output');
  mkdirSync(output, { recursive: true });
  const file = join(output, 'config.yaml');
  writeFileSync(file, configText({ rules, output, port, adminPort, workers }));
  const child = startChild('http/servers/callgate', {
    args: [file],
    nodeOptions,
    ...(isPinned && { core: SERVER_CORE }),
  });
  await waitFor(`http://127.0.0.1:${adminPort}/readyz`, (status) => status === 200);
  return { name, port, child };
}
