/** What happens to counts while Redis is killed, cut off, or replaced under load. */
import { expect } from 'chai';
import type { StateStore } from '../../../engine/state.js';
import { createMemoryStateStore } from '../../../state/memory/store.js';
import type { StandIn } from '../../../state/redis/breaker.js';
import { openRedisState } from '../../../state/redis/open.js';
import type { Redis, RedisSettings } from '../../../state/redis/redis.js';
import { createRedisStateStore } from '../../../state/redis/store.js';
import { describeWithRedis, startRedis, startRedisCluster } from '../../support/redis-server.js';
import { startRedisSentinels } from '../../support/redis-sentinel.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';
import { countingOf, freshKey, START, type Counting } from '../commands.js';
import { connected, eventually, settingsOf } from './rig.js';

const TIMEOUT = 100;
const HOUR = 3_600_000;
const WRITERS = 8;

interface Load {
  /** Resolves when so many more runs have been answered, of those that are wanted. */
  more(runs: number, isWanted?: (isLocal: boolean) => boolean): Promise<void>;
  /** Ends it, and tells how many runs there were and how many were answered late. */
  end(): Promise<{ readonly runs: number; readonly late: number }>;
}

/** Later than any timer for `TIMEOUT` that runs now, and what it leads to. */
function afterTimeout(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => setImmediate(() => setImmediate(() => setImmediate(resolve))), TIMEOUT + 5);
  });
}

/** Writers that count, each one run after the other, until they are stopped. Each run has a token of its own. */
function load(store: StateStore, { count }: Counting): Load {
  let [runs, late, isEnding] = [0, 0, false];
  const watchers = new Set<(isLocal: boolean) => void>();

  async function write(): Promise<void> {
    while (!isEnding) {
      const token = `t${runs++}`;
      const answer = Promise.resolve(store.run([count('add', START, token)]));
      const first = await Promise.race([answer.then(() => 'answer'), afterTimeout().then(() => 'late')]);
      if (first === 'late') late += 1;
      const { isLocal } = await answer;
      for (const watch of watchers) watch(isLocal);
      // Answers of the process itself come at once; no platform calls as fast as that.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  const writers = Array.from({ length: WRITERS }, write);
  return {
    more: (wanted, isWanted = () => true) =>
      new Promise((resolve) => {
        let left = wanted;
        const watch = (isLocal: boolean): void => {
          if (!isWanted(isLocal)) return;
          left -= 1;
          if (left > 0) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
      }),
    async end() {
      isEnding = true;
      await Promise.all(writers);
      return { runs, late };
    },
  };
}

const fromRedis = (isLocal: boolean): boolean => !isLocal;
const fromHere = (isLocal: boolean): boolean => isLocal;

describeWithRedis('counting while Redis', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function open(settings: RedisSettings): Promise<{ readonly redis: Redis; readonly store: StandIn }> {
    const { redis } = await connected(settings);
    const store = openRedisState(redis, createMemoryStateStore());
    ends.push(redis.close, store.close);
    return { redis, store };
  }

  /** The count that Redis itself holds, once it has been told everything. */
  async function countOf(redis: Redis, store: StandIn, { count }: Counting): Promise<number | undefined> {
    await eventually(() => store.status().state === 'closed' && store.status().journal === 0);
    return (await createRedisStateStore(redis).run([count('read', START)])).results[0];
  }

  it('is killed and comes back: nobody waits, and nothing is lost or counted twice', async () => {
    const server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    ends.push(server.stop);
    const { redis, store } = await open(settingsOf([server.url], { timeout: TIMEOUT }));
    const counting = countingOf(HOUR);
    const running = load(store, counting);
    for (let round = 0; round < 2; round++) {
      await running.more(200, fromRedis);
      await server.kill();
      await running.more(200, fromHere);
      await server.restart();
    }
    await running.more(200, fromRedis);
    const { runs, late } = await running.end();
    expect(late).to.equal(0);
    expect(await countOf(redis, store, counting)).to.equal(runs);
    expect(store.status()).to.include({ state: 'closed', dropped: 0 });
  });

  it('is killed and comes back empty: what happened meanwhile is told, and counting goes on', async () => {
    const server = await startRedis();
    ends.push(server.stop);
    const { redis, store } = await open(settingsOf([server.url], { timeout: TIMEOUT }));
    const counting = countingOf(HOUR);
    await server.kill();
    const running = load(store, counting);
    await running.more(200, fromHere);
    await server.restart();
    await running.more(200, fromRedis);
    const { runs, late } = await running.end();
    expect(late).to.equal(0);
    expect(await countOf(redis, store, counting)).to.equal(runs);
  });

  it('is cut off without a word: nobody waits, and nothing is lost or counted twice', async () => {
    const server = await startRedis();
    const proxy = await startTcpProxy(server.port);
    ends.push(server.stop, proxy.stop);
    const { redis, store } = await open(
      settingsOf([`redis://127.0.0.1:${proxy.port}`], { timeout: TIMEOUT }),
    );
    const counting = countingOf(HOUR);
    const running = load(store, counting);
    await running.more(200, fromRedis);
    proxy.cut();
    await running.more(200, fromHere);
    proxy.mend();
    await running.more(200, fromRedis);
    const { runs, late } = await running.end();
    expect(late).to.equal(0);
    expect(await countOf(redis, store, counting)).to.equal(runs);
  });

  it('stops for a while and goes on: nobody waits, and nothing is lost or counted twice', async () => {
    const server = await startRedis();
    ends.push(server.stop);
    const { redis, store } = await open(settingsOf([server.url], { timeout: TIMEOUT }));
    const counting = countingOf(HOUR);
    const running = load(store, counting);
    await running.more(200, fromRedis);
    server.freeze();
    await running.more(200, fromHere);
    server.thaw();
    await running.more(200, fromRedis);
    const { runs, late } = await running.end();
    expect(late).to.equal(0);
    expect(await countOf(redis, store, counting)).to.equal(runs);
  });

  it('loses its master: the one that the Sentinels choose is asked', async () => {
    const sentinels = await startRedisSentinels();
    ends.push(sentinels.stop);
    const { redis, store } = await open(
      settingsOf(sentinels.urls, { mode: 'sentinel', name: sentinels.name, timeout: TIMEOUT }),
    );
    const running = load(store, countingOf(HOUR));
    await running.more(200, fromRedis);
    await sentinels.master.kill();
    await running.more(200, fromHere);
    await running.more(200, fromRedis);
    expect((await running.end()).late).to.equal(0);
    expect(await redis.send(null, ['INFO', 'server'])).to.include(`tcp_port:${sentinels.replica.port}\r`);
    // What a replica had not been sent yet is lost; what is counted from now on is not.
    const counting = countingOf(HOUR);
    const after = load(store, counting);
    await after.more(200, fromRedis);
    const { runs } = await after.end();
    expect(await countOf(redis, store, counting)).to.equal(runs);
  });

  it('loses a node of a Cluster: the keys of the others are counted there all the while', async () => {
    const cluster = await startRedisCluster(3);
    ends.push(cluster.stop);
    const { redis, store } = await open(settingsOf(cluster.urls, { mode: 'cluster' }));
    const countings = Array.from({ length: 30 }, () => countingOf(HOUR, freshKey()));
    const addToAll = async (token: string): Promise<readonly boolean[]> => {
      const answers = await Promise.all(
        countings.map(({ count }) => store.run([count('add', START, token)])),
      );
      return answers.map(({ isLocal }) => isLocal);
    };
    expect(await addToAll('before')).to.deep.equal(countings.map(() => false));
    const isWhole = async (): Promise<boolean> => {
      const answers = await Promise.all(countings.map(({ count }) => store.run([count('read', START)])));
      return answers.every(({ isLocal }) => !isLocal);
    };
    await cluster.nodes[0]!.kill();
    await eventually(async () => !(await isWhole()));
    const isLost = await addToAll('meanwhile');
    expect(isLost).to.include(true).and.include(false);
    for (let round = 0; round < 20; round++) {
      expect(await addToAll(`round ${round}`)).to.deep.equal(isLost);
      expect(store.status().state).to.equal('closed');
    }
    await cluster.nodes[0]!.restart();
    await eventually(isWhole);
    const counts = await Promise.all(countings.map((counting) => countOf(redis, store, counting)));
    // The node has lost what it held: `before`.
    expect(counts).to.deep.equal(isLost.map((wasLost) => (wasLost ? 21 : 22)));
  });
});
