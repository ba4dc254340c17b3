import { expect } from 'chai';
import {
  ask,
  describeWithRedis,
  startRedis,
  startRedisCluster,
  type RedisCluster,
  type RedisServer,
} from '../../support/redis-server.js';

describeWithRedis('a Redis server of the tests', () => {
  let server: RedisServer | undefined;
  let cluster: RedisCluster | undefined;
  afterEach(async () => {
    await server?.stop();
    await cluster?.stop();
    server = cluster = undefined;
  });

  it('answers, is gone when killed, and comes back empty on the same port', async () => {
    server = await startRedis();
    await ask(server, ['SET', 'key', 'value']);
    expect(await ask(server, ['GET', 'key'])).to.equal('value');
    await server.kill();
    await server.restart();
    expect(await ask(server, ['GET', 'key'])).to.equal('null');
  });

  it('is a Cluster of three masters that hold all slots', async () => {
    cluster = await startRedisCluster(3);
    for (const node of cluster.nodes) {
      const info = await ask(node, ['CLUSTER', 'INFO']);
      expect(info).to.include('cluster_slots_ok:16384');
      expect(info).to.include('cluster_known_nodes:3');
    }
  });
});
