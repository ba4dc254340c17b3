import { expect } from 'chai';
import type { Beat } from '../../fleet/beat.js';
import { startHeartbeat } from '../../fleet/heartbeat.js';
import { fleetNames } from '../../fleet/names.js';
import { leaveRoll, readRoll, sendBeat } from '../../fleet/roll.js';
import { whenConnected } from '../../fleet/when-connected.js';
import type { Redis } from '../../state/redis/redis.js';
import { describeWithRedis, startRedis, startRedisCluster } from '../support/redis-server.js';
import { connectTo, until } from './redis-rig.js';

const BEAT: Beat = {
  host: 'a',
  pid: 1,
  version: '1.0.0',
  startedAt: 1,
  since: 2,
  source: 'published',
  revision: 'abc',
  release: 7,
  latestRelease: 7,
  isFollowing: true,
  isDraining: false,
  refusal: null,
};

const SERVERS: Readonly<Record<string, () => Promise<{ redis: Redis; stop: () => Promise<void> }>>> = {
  'on a Redis server': async () => {
    const server = await startRedis();
    return { redis: connectTo([server.url]), stop: server.stop };
  },
  'on a Redis Cluster': async () => {
    const cluster = await startRedisCluster(3);
    return { redis: connectTo(cluster.urls, 'cluster'), stop: cluster.stop };
  },
};

for (const [name, start] of Object.entries(SERVERS)) {
  describeWithRedis(`the roll of the fleet ${name}`, () => {
    const { beats, processes } = fleetNames('test');
    let redis: Redis;
    let stop: () => Promise<void>;

    before(async () => {
      ({ redis, stop } = await start());
      await whenConnected(redis);
    });
    beforeEach(() => redis.send(beats, ['DEL', beats, processes]));
    after(async () => {
      await redis.close();
      await stop();
    });

    it('is empty at first', async () => {
      expect((await readRoll(redis)).heard).to.deep.equal([]);
    });

    it('has each process once, with what it has said last, and when by the clock of Redis', async () => {
      await sendBeat(redis, 'one', BEAT);
      await sendBeat(redis, 'two', { ...BEAT, host: 'b', refusal: '拒绝' });
      await sendBeat(redis, 'one', { ...BEAT, release: 8 });
      const { heard, now } = await readRoll(redis);
      const byId = new Map(heard.map(({ id, beat }) => [id, beat]));
      expect([...byId.keys()]).to.have.members(['one', 'two']);
      expect(byId.get('one')).to.deep.equal({ ...BEAT, release: 8 });
      expect(byId.get('two')).to.deep.equal({ ...BEAT, host: 'b', refusal: '拒绝' });
      for (const { at } of heard) expect(now - at).to.be.within(0, 10_000);
    });

    it('strikes off who leaves', async () => {
      await sendBeat(redis, 'one', BEAT);
      await sendBeat(redis, 'two', BEAT);
      await leaveRoll(redis, 'one');
      expect((await readRoll(redis)).heard.map(({ id }) => id)).to.deep.equal(['two']);
      expect(await redis.send(processes, ['HLEN', processes])).to.equal(1);
    });

    it('forgets who was not heard for ten minutes, and all of it when nobody is', async () => {
      await sendBeat(redis, 'old', BEAT);
      await redis.send(beats, ['ZADD', beats, `${Date.now() - 600_001}`, 'old']);
      await sendBeat(redis, 'new', BEAT);
      expect((await readRoll(redis)).heard.map(({ id }) => id)).to.deep.equal(['new']);
      for (const key of [beats, processes]) {
        expect(await redis.send(key, ['PTTL', key])).to.be.within(590_000, 600_000);
      }
    });

    it('leaves out what it cannot read', async () => {
      await sendBeat(redis, 'one', BEAT);
      await redis.send(processes, ['HSET', processes, 'one', '{"format":"of tomorrow"}']);
      expect((await readRoll(redis)).heard).to.deep.equal([]);
    });

    it('hears a process regularly, at once when it has news, and no more when it has closed', async () => {
      let release = 1;
      const heartbeat = startHeartbeat({ redis, read: () => ({ ...BEAT, release }), interval: 10 });
      const releasesOf = async (): Promise<readonly (number | null)[]> =>
        (await readRoll(redis)).heard.map(({ beat }) => beat.release);
      await until(async () => (await releasesOf())[0] === 1);
      release = 2;
      await until(async () => (await releasesOf())[0] === 2);
      release = 3;
      heartbeat.beat();
      await until(async () => (await releasesOf())[0] === 3);
      await heartbeat.close();
      heartbeat.beat();
      expect(await releasesOf()).to.deep.equal([]);
    });
  });
}
