import {
  ask,
  describeWithRedis,
  startRedis,
  startRedisCluster,
  type RedisCluster,
  type RedisServer,
} from '../support/redis-server.js';
import { connectTo } from './redis-rig.js';
import { itKeepsReleases } from './releases.js';

describeWithRedis('releases on a Redis server', () => {
  let server: RedisServer;
  before(async () => {
    server = await startRedis();
  });
  after(() => server.stop());

  itKeepsReleases(
    () => connectTo([server.url]),
    async () => void (await ask(server, ['FLUSHALL'])),
  );
});

describeWithRedis('releases on a Redis Cluster', () => {
  let cluster: RedisCluster;
  before(async () => {
    cluster = await startRedisCluster(3);
  });
  after(() => cluster.stop());

  itKeepsReleases(
    () => connectTo(cluster.urls, 'cluster'),
    async () => void (await Promise.all(cluster.nodes.map((node) => ask(node, ['FLUSHALL'])))),
  );
});
