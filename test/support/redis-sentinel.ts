/** A Redis master with a replica, and Sentinels that put the replica in its place. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, redisFolder, startRedis, startRedisProcess, type RedisServer } from './redis-server.js';

export interface RedisSentinels {
  /** By which the Sentinels know the master. */
  readonly name: string;
  readonly urls: readonly string[];
  readonly master: RedisServer;
  readonly replica: RedisServer;
  stop(): Promise<void>;
}

const NAME = 'callgate-master';

export async function startRedisSentinels(size = 3): Promise<RedisSentinels> {
  const master = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] });
  const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', `${master.port}`] });
  await until(replica, ['INFO', 'replication'], 'master_link_status:up');
  const sentinels = await Promise.all(Array.from({ length: size }, () => startSentinel(master.port)));
  for (const sentinel of sentinels) {
    await until(sentinel, ['SENTINEL', 'master', NAME], `num-other-sentinels,${size - 1}`);
    await until(sentinel, ['SENTINEL', 'master', NAME], 'num-slaves,1');
  }
  return {
    name: NAME,
    urls: sentinels.map(({ url }) => url),
    master,
    replica,
    async stop() {
      await Promise.all([...sentinels, master, replica].map((each) => each.stop()));
    },
  };
}

async function startSentinel(masterPort: number): Promise<Pick<RedisServer, 'url' | 'stop'>> {
  const folder = redisFolder();
  const file = join(folder, 'sentinel.conf');
  const running = await startRedisProcess((port) => {
    writeFileSync(
      file,
      [
        `bind 127.0.0.1\nport ${port}\ndir ${folder}`,
        `sentinel monitor ${NAME} 127.0.0.1 ${masterPort} 2`,
        `sentinel down-after-milliseconds ${NAME} 500`,
        `sentinel failover-timeout ${NAME} 3000\n`,
      ].join('\n'),
    );
    return [file, '--sentinel'];
  });
  return {
    url: `redis://127.0.0.1:${running.port}`,
    async stop() {
      await running.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks until the answer says something. */
async function until(
  server: Pick<RedisServer, 'url'>,
  command: readonly string[],
  part: string,
): Promise<void> {
  while (!(await ask(server, command)).includes(part));
}
