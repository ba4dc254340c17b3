import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRedis } from '../../state/redis/connect.js';
import type { Redis, RedisSettings } from '../../state/redis/redis.js';
import { openRedisLists, type RedisListOptions } from '../../state/lists/redis-store.js';
import { ListStoreError, type LiveListStore } from '../../state/lists/store.js';
import {
  ask,
  describeWithRedis,
  startRedis,
  startRedisCluster,
  type RedisCluster,
  type RedisServer,
} from '../support/redis-server.js';
import { describeListStore, follow, until } from './lists-contract.js';

let lastPrefix = 0;

function connect(
  urls: readonly string[],
  mode: RedisSettings['mode'] = 'single',
  prefix = 'callgate',
): Redis {
  return connectRedis({ mode, urls, prefix, timeout: 2000 }, { onError: () => undefined });
}

describeWithRedis('live lists with Redis', () => {
  let server: RedisServer;
  let cluster: RedisCluster;
  before(async () => {
    [server, cluster] = await Promise.all([startRedis(), startRedisCluster(3)]);
  });
  after(async () => {
    await server.stop();
    await cluster.stop();
  });

  const open = async (redis: Redis, options: RedisListOptions) => {
    const store = await openRedisLists(redis, options);
    return { store, close: store.close };
  };

  describeListStore('in Redis', (now) =>
    open(connect([server.url], 'single', `prefix ${(lastPrefix += 1)}`), { now }),
  );
  describeListStore('in a Redis Cluster', (now) =>
    open(connect(cluster.urls, 'cluster', `prefix ${(lastPrefix += 1)}`), { now }),
  );

  describe('of several processes', () => {
    const opened: LiveListStore[] = [];
    let prefix: string;
    beforeEach(() => {
      prefix = `several ${(lastPrefix += 1)}`;
    });
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    async function start(options: RedisListOptions = {}): Promise<LiveListStore> {
      const store = await openRedisLists(connect([server.url], 'single', prefix), options);
      opened.push(store);
      return store;
    }

    const values = (store: LiveListStore): readonly string[] =>
      store.reader.page('banned', 1000).entries.map(({ value }) => value);

    it('are seen by all of them', async () => {
      const [one, two] = [await start(), await start()];
      const { live, replica } = await follow(two);
      await one.add('banned', [{ value: 'bob', reason: 'spam' }, { value: 'eve' }]);
      await until(() => live.contents('banned').size === 2);
      expect(two.reader.page('banned', 10)).to.deep.equal(one.reader.page('banned', 10));
      await two.remove('banned', ['bob']);
      await until(() => one.reader.summary('banned').entries === 1);
      expect(live.contents('banned').has('bob')).to.equal(false);
      expect(values(await start())).to.deep.equal(['eve']);
      await replica.close();
    });

    it('are seen without messages as well', async () => {
      const one = await start();
      const two = await start();
      await ask(server, ['CLIENT', 'KILL', 'TYPE', 'pubsub']);
      await one.add('banned', [{ value: 'bob' }]);
      await until(() => two.reader.get('banned', 'bob') !== undefined);
    });

    it('are the same everywhere after changes of all of them at the same time', async () => {
      const stores = [await start(), await start(), await start()];
      await Promise.all(
        stores.flatMap((store, which) =>
          Array.from({ length: 40 }, async (_, number) => {
            await store.add('banned', [
              { value: `u${number}`, owner: `${which}` },
              { value: `own ${which} ${number}` },
            ]);
            if (number % 2 === 0) await store.remove('banned', [`u${number}`]);
          }),
        ),
      );
      const { version } = stores
        .map((store) => store.reader.summary('banned'))
        .reduce((one, other) => (one.version > other.version ? one : other));
      await until(() => stores.every((store) => store.reader.summary('banned').version >= version));
      const [first, ...others] = stores.map((store) => store.reader.page('banned', 1000));
      for (const other of others) expect(other).to.deep.equal(first);
      const fresh = await start();
      expect(fresh.reader.page('banned', 1000)).to.deep.equal(first);
    });

    it('are read whole by who has missed too much, and nothing is missing meanwhile', async () => {
      const one = await start();
      await one.add('banned', [{ value: 'stays' }, { value: 'goes' }]);
      const two = await start();
      const { live, replica } = await follow(two);
      let wasMissing = false;
      two.follow(() => (wasMissing ||= !live.contents('banned').has('stays')));
      // The changes as they are, without the log of them.
      const key = `${prefix}:{lists}`;
      await ask(server, ['HSET', `${key}:entries:banned`, 'new', '5 [null,null,null]']);
      await ask(server, ['HDEL', `${key}:entries:banned`, 'goes']);
      await ask(server, ['HSET', `${key}:heads`, 'v:banned', '5000', 't:banned', '7']);
      await until(() => two.reader.summary('banned').version === 5000);
      expect(values(two)).to.deep.equal(['new', 'stays']);
      expect([
        live.contents('banned').has('new'),
        live.contents('banned').has('goes'),
        wasMissing,
      ]).to.deep.equal([true, false, false]);
      await replica.close();
    });

    it('leave nothing of what is long over in Redis', async () => {
      const store = await start({ now: () => Date.now() - 3_600_000 });
      await store.add('banned', [{ value: 'over', expiresAt: Date.now() - 120_000 }]);
      await store.add('banned', [{ value: 'bob' }]);
      expect(await ask(server, ['HKEYS', `${prefix}:{lists}:entries:banned`])).to.equal('bob');
    });
  });

  describe('when Redis goes', () => {
    let own: RedisServer;
    const opened: LiveListStore[] = [];
    const told: (string | null)[] = [];
    beforeEach(async () => {
      own = await startRedis();
      told.length = 0;
    });
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
      await own.stop();
    });

    async function start(options: RedisListOptions = {}): Promise<LiveListStore> {
      const store = await openRedisLists(connect([own.url]), {
        onProblem: (problem) => void told.push(problem),
        ...options,
      });
      opened.push(store);
      return store;
    }

    it('they stay as they were, cannot be changed, and tell it', async () => {
      const store = await start();
      await store.add('banned', [{ value: 'bob' }]);
      await own.kill();
      await until(() => told.length === 1);
      expect(told[0]).to.match(/^Redis cannot be asked/);
      expect(store.status()).to.include({ store: 'redis', isConnected: false });
      expect(store.status().problem).to.match(/^Redis cannot be asked/);
      expect(store.reader.get('banned', 'bob')).to.not.equal(undefined);
      const failure = await store.add('banned', [{ value: 'eve' }]).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(ListStoreError);
      expect(store.reader.get('banned', 'eve')).to.equal(undefined);
    });

    it('and comes back empty, the processes put back what they know', async () => {
      const [one, two] = [await start(), await start()];
      await one.add('banned', [{ value: 'bob', reason: 'spam' }]);
      await one.add('friends', [{ value: 'eve', expiresAt: Date.now() + 3_600_000 }]);
      await until(() => two.reader.summary('friends').entries === 1);
      const before = one.reader.page('banned', 10);
      await own.restart();
      await until(() =>
        [one, two].every((store) => store.status().isConnected && store.reader.summary('banned').version < 3),
      );
      await one.add('banned', [{ value: 'mallory' }]);
      await until(() => two.reader.get('banned', 'mallory') !== undefined);
      for (const store of [one, two, await start()]) {
        expect(store.reader.page('banned', 1)).to.deep.equal({ ...before, next: 'bob' });
        expect(store.reader.summary('friends').entries).to.equal(1);
      }
    });

    it('a process starts on its copy, and follows Redis as soon as that is there', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'callgate-lists-'));
      const copyAt = join(folder, 'lists.jsonl');
      const first = await start({ copyAt });
      await first.add('banned', [{ value: 'bob' }, { value: 'eve' }]);
      await opened.pop()?.close();
      const other = await start();
      await other.remove('banned', ['eve']);
      own.freeze();
      const store = await start({ copyAt, patience: 1 });
      expect(values(store)).to.deep.equal(['bob', 'eve']);
      expect(store.status().isConnected).to.equal(false);
      own.thaw();
      await until(() => store.status().isConnected);
      expect(values(store)).to.deep.equal(['bob']);
      rmSync(folder, { recursive: true });
    });

    const values = (store: LiveListStore): readonly string[] =>
      store.reader.page('banned', 1000).entries.map(({ value }) => value);
  });
});
