/** A Redis server of the benchmark, where there is one to start. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRedis } from '../../state/redis/connect.js';
import type { Redis } from '../../state/redis/redis.js';
import { freePort } from '../process/ports.js';

const BINARY = 'redis-server';

export interface RunningRedis {
  readonly redis: Redis;
  /** Bytes that the server has in use. */
  usedMemory(): Promise<number>;
  stop(): Promise<void>;
}

/** @returns `undefined` where there is no `redis-server` */
export async function startRedis(): Promise<RunningRedis | undefined> {
  if (spawnSync(BINARY, ['--version']).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'callgate-bench-'));
  const port = await freePort();
  const server = spawn(
    BINARY,
    ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder, '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  );
  const redis = connectRedis(
    { mode: 'single', urls: [`redis://127.0.0.1:${port}`], prefix: 'bench', timeout: 5000 },
    { onError: () => undefined },
  );
  await new Promise<void>((resolve) => {
    const stop = redis.onChange(({ connected }) => {
      if (!connected) return;
      stop();
      resolve();
    });
    if (redis.status().connected) resolve();
  });
  return {
    redis,
    async usedMemory() {
      const info = String(await redis.send(null, ['INFO', 'memory']));
      return Number(/used_memory:(\d+)/.exec(info)?.[1]);
    },
    async stop() {
      await redis.close();
      server.kill('SIGKILL');
      await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
