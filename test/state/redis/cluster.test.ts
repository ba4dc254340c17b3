import { expect } from 'chai';
import { createRedisStateStore } from '../../../state/redis/store.js';
import { nameOfKey, nameOfTokens } from '../../../state/redis/keys.js';
import type { Redis } from '../../../state/redis/redis.js';
import { slotOf } from '../../../state/redis/slot.js';
import { ask, describeWithRedis, startRedisCluster, type RedisCluster } from '../../support/redis-server.js';
import { countingOf, freshKey, START } from '../commands.js';
import { connected, eventually, settingsOf } from './rig.js';

const HOUR = 3_600_000;

describeWithRedis('a connection to a Redis Cluster', () => {
  let cluster: RedisCluster;
  let redis: Redis;
  before(async () => {
    cluster = await startRedisCluster(3);
    ({ redis } = await connected(settingsOf(cluster.urls, { mode: 'cluster' })));
  });
  after(async () => {
    await redis.close();
    await cluster.stop();
  });

  /** The node that has a slot, and another. */
  async function nodesOf(slot: number) {
    const ids = await Promise.all(cluster.nodes.map((node) => ask(node, ['CLUSTER', 'MYID'])));
    const owner = Math.floor((slot * cluster.nodes.length) / 16_384);
    const other = (owner + 1) % cluster.nodes.length;
    const nodeAt = (index: number) => ({ node: cluster.nodes[index]!, id: ids[index]! });
    return { from: nodeAt(owner), to: nodeAt(other) };
  }

  it('sends each command to the node that has its key', async () => {
    const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);
    expect(await Promise.all(keys.map((key) => redis.send(key, ['INCR', key])))).to.deep.equal(
      keys.map(() => 1),
    );
    const sizes = await Promise.all(cluster.nodes.map(async (node) => Number(await ask(node, ['DBSIZE']))));
    expect(sizes.every((size) => size > 0)).to.equal(true);
    expect(sizes.reduce((sum, size) => sum + size)).to.equal(keys.length);
  });

  it('follows a slot that moves to another node, while it moves and afterwards', async () => {
    const store = createRedisStateStore(redis);
    const { count } = countingOf(HOUR, freshKey());
    const add = async (token: string) => (await store.run([count('add', START, token)])).results;
    expect(await add('a')).to.deep.equal([1]);

    const name = nameOfKey('callgate', count('read', START));
    const slot = slotOf(name);
    const { from, to } = await nodesOf(slot);
    await ask(to.node, ['CLUSTER', 'SETSLOT', `${slot}`, 'IMPORTING', from.id]);
    await ask(from.node, ['CLUSTER', 'SETSLOT', `${slot}`, 'MIGRATING', to.id]);
    expect(await add('b')).to.deep.equal([2]);
    const keys = [name, nameOfTokens(name)];
    await ask(from.node, ['MIGRATE', '127.0.0.1', `${to.node.port}`, '', '0', '5000', 'KEYS', ...keys]);
    // The first node sends it on for this once (ASK).
    expect(await add('c')).to.deep.equal([3]);
    for (const { node } of [to, from]) await ask(node, ['CLUSTER', 'SETSLOT', `${slot}`, 'NODE', to.id]);
    // And from now on for good (MOVED).
    expect(await add('d')).to.deep.equal([4]);
    expect(await add('a')).to.deep.equal([4]);
    expect(await ask(to.node, ['EXISTS', ...keys])).to.equal('2');
  });

  it('hears what is published on any node', async () => {
    const heard: string[] = [];
    await redis.subscribe(
      'news',
      (message) => heard.push(message),
      () => undefined,
    );
    for (const node of cluster.nodes) await ask(node, ['PUBLISH', 'news', `${node.port}`]);
    await eventually(() => heard.length === 3);
    expect(new Set(heard)).to.deep.equal(new Set(cluster.nodes.map(({ port }) => `${port}`)));
  });

  it('is there although one of its nodes is not', async () => {
    await cluster.nodes[1]!.kill();
    const { redis: late } = await connected(settingsOf(cluster.urls, { mode: 'cluster' }));
    try {
      const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);
      const outcomes = await Promise.allSettled(keys.map((key) => late.send(key, ['GET', key])));
      const isThere = keys.map((key) => Math.floor((slotOf(key) * 3) / 16_384) !== 1);
      expect(outcomes.map(({ status }) => status === 'fulfilled')).to.deep.equal(isThere);
      expect(late.status()).to.include({ connected: true });
      await cluster.nodes[1]!.restart();
      await eventually(async () => {
        const all = await Promise.allSettled(keys.map((key) => late.send(key, ['GET', key])));
        return all.every(({ status }) => status === 'fulfilled');
      });
    } finally {
      await late.close();
    }
  });
});
