import { createRedisStateStore } from '../../../state/redis/store.js';
import { describeWithRedis, startRedis, startRedisCluster } from '../../support/redis-server.js';
import { describeStateStore } from '../contract.js';
import { freshKey, markingOf, START } from '../commands.js';
import { connected, eventually, settingsOf } from './rig.js';

describeWithRedis('state in Redis', () => {
  describeStateStore('a single server', async () => {
    const server = await startRedis();
    const { redis } = await connected(settingsOf([server.url]));
    return {
      store: createRedisStateStore(redis),
      async close() {
        await redis.close();
        await server.stop();
      },
    };
  });

  describeStateStore(
    'a Cluster of three masters',
    async () => {
      const cluster = await startRedisCluster(3);
      const { redis } = await connected(settingsOf(cluster.urls.slice(0, 1), { mode: 'cluster' }));
      const store = createRedisStateStore(redis);
      const everywhere = Array.from({ length: 50 }, () => markingOf(freshKey()).read(START));
      await eventually(() =>
        Promise.resolve(store.run(everywhere)).then(
          () => true,
          () => false,
        ),
      );
      return {
        store,
        async close() {
          await redis.close();
          await cluster.stop();
        },
      };
    },
    { sequences: 100 },
  );
});
