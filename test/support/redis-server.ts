/** Redis servers of a test: on free ports of 127.0.0.1, in a folder of their own, gone when the test process is. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';

const BINARY = process.env['CALLGATE_REDIS_SERVER'] ?? 'redis-server';

/** How often a port that was free may have been taken by the time the server wants it. */
const MOST_PORTS = 5;

/** Parts of the key space of a Cluster. */
const SLOTS = 16_384;

export interface RedisOptions {
  /** A free one by default. */
  readonly port?: number;
  /** Further settings, such as `['--requirepass', 'secret']`. */
  readonly args?: readonly string[];
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, as a power cut does. What it held is lost. */
  kill(): Promise<void>;
  /** Starts it (again) on the same port, empty unless `args` say that it keeps its data. */
  restart(): Promise<void>;
  /** It takes what is sent and answers nothing, until {@link RedisServer.thaw}. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

export interface RedisCluster {
  readonly urls: readonly string[];
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

let isThere: boolean | undefined;

/** Whether there is a Redis server to test with: `CALLGATE_REDIS_SERVER`, else the one on PATH. */
export function hasRedis(): boolean {
  isThere ??= spawnSync(BINARY, ['--version']).status === 0;
  return isThere;
}

const leftOut: string[] = [];

/** `describe` where there is a Redis server; elsewhere the suite is left out, which is said at the end. */
export function describeWithRedis(name: string, body: (this: Mocha.Suite) => void): void {
  if (hasRedis()) {
    describe(name, body);
    return;
  }
  if (leftOut.length === 0) {
    process.once('exit', () => {
      console.log(`No ${BINARY}: left out the suites\n${leftOut.map((each) => `  ${each}\n`).join('')}`);
    });
  }
  leftOut.push(name);
}

const running = new Set<ChildProcess>();
const folders = new Set<string>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when the test process is, at the latest. */
export function redisFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-redis-'));
  folders.add(folder);
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}

/** @throws Error with what the server said, when it ends instead of being ready */
async function launch(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/Ready to accept connections|Sentinel ID is/.test(said)) resolve();
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`${BINARY} ended:\n${said}`)));
  });
  child.stdout.removeAllListeners('data').resume();
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGKILL');
  });
}

export interface RedisProcess {
  readonly port: number;
  child: ChildProcess;
  end(): Promise<void>;
}

/** Runs the binary on a port that is free. @param argsOf the arguments for a port */
export async function startRedisProcess(
  argsOf: (port: number) => readonly string[],
  wanted?: number,
): Promise<RedisProcess> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    try {
      const running = { port, child: await launch(argsOf(port)), end: () => end(running.child) };
      return running;
    } catch (error) {
      if (wanted !== undefined || attempt === MOST_PORTS) throw error;
    }
  }
}

/** Starts a server and waits until it takes connections. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const folder = redisFolder();
  const argsOf = (port: number): string[] => [
    ...['--bind', '127.0.0.1', '--dir', folder, '--port', `${port}`],
    ...['--save', '', '--appendonly', 'no', ...(options.args ?? [])],
  ];
  const running = await startRedisProcess(argsOf, options.port);
  return {
    url: `redis://127.0.0.1:${running.port}`,
    port: running.port,
    kill: running.end,
    async restart() {
      await running.end();
      running.child = await launch(argsOf(running.port));
    },
    freeze: () => void running.child.kill('SIGSTOP'),
    thaw: () => void running.child.kill('SIGCONT'),
    async stop() {
      await running.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a Cluster of masters that share the slots evenly, and waits until each node knows the others. A node that
 * is killed takes its slots with it; the others go on.
 */
export async function startRedisCluster(size: number): Promise<RedisCluster> {
  const buses = await Promise.all(Array.from({ length: size }, freePort));
  const nodes = await Promise.all(
    buses.map((bus) =>
      startRedis({
        args: [
          ...['--cluster-enabled', 'yes', '--cluster-port', `${bus}`],
          ...['--cluster-node-timeout', '1000', '--cluster-require-full-coverage', 'no'],
        ],
      }),
    ),
  );
  await Promise.all(nodes.map((node, at) => giveSlots(node, at, size)));
  for (const [at, node] of nodes.entries()) {
    if (at > 0) await ask(nodes[0]!, ['CLUSTER', 'MEET', '127.0.0.1', `${node.port}`, `${buses[at]!}`]);
  }
  await Promise.all(nodes.map((node) => untilJoined(node, size)));
  return {
    urls: nodes.map((node) => node.url),
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

async function giveSlots(node: RedisServer, at: number, size: number): Promise<void> {
  const [from, to] = [at, at + 1].map((part) => Math.floor((SLOTS * part) / size));
  await ask(node, ['CLUSTER', 'SET-CONFIG-EPOCH', `${at + 1}`]);
  await ask(node, ['CLUSTER', 'ADDSLOTSRANGE', `${from!}`, `${to! - 1}`]);
}

async function untilJoined(node: RedisServer, size: number): Promise<void> {
  for (;;) {
    const info = await ask(node, ['CLUSTER', 'INFO']);
    if (info.includes('cluster_state:ok') && info.includes(`cluster_size:${size}\r`)) return;
  }
}

/** Sends one command on a connection of its own. */
export async function ask(server: Pick<RedisServer, 'url'>, command: readonly string[]): Promise<string> {
  const client = createClient({ url: server.url, RESP: 2 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const reply = await client.sendCommand<string | number | null | readonly string[]>(command);
    return String(reply);
  } finally {
    client.destroy();
  }
}
