import { expect } from 'chai';
import fc from 'fast-check';
import { LONGEST } from '../../engine/duration.js';
import type { StateCommand, StateStore } from '../../engine/state.js';
import { findTurningPoint } from '../../server/by-hand/turning-point.js';
import { createMemoryStateStore } from '../../state/memory/store.js';
import { connectRedis } from '../../state/redis/connect.js';
import { createRedisStateStore } from '../../state/redis/store.js';
import { describeWithRedis, startRedis } from '../support/redis-server.js';

const NOW = Date.UTC(2026, 10, 21);

function askOf(store: StateStore) {
  let trips = 0;
  return {
    trips: () => trips,
    async ask(commands: readonly StateCommand[]): Promise<readonly number[]> {
      trips += 1;
      return (await store.run(commands)).results;
    },
  };
}

const labelOf = (key: string) => ({ type: 'label', owner: 'o', key }) as const;
const countOf = (key: string, window: number) => ({ type: 'distinct', owner: 'o', key, window }) as const;

function describeTurningPoints(name: string, open: () => Promise<StateStore>, numRuns: number): void {
  describe(`the end of what is remembered ${name}`, () => {
    let store: StateStore;
    before(async () => {
      store = await open();
    });

    it('of a label is found to the millisecond in a few round trips', async () => {
      let number = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: LONGEST }), async (length) => {
          number += 1;
          const label = labelOf(`label ${number}`);
          await store.run([{ ...label, effect: 'set', at: NOW, until: NOW + length }]);
          const { ask, trips } = askOf(store);
          const readAt = (at: number): StateCommand => ({ ...label, effect: 'read', at, until: 0 });
          expect(await findTurningPoint(ask, readAt, NOW)).to.deep.equal({ told: 1, until: NOW + length });
          expect(trips()).to.be.at.most(6);
        }),
        { numRuns },
      );
    });

    it('of strikes is when the oldest one decays', async () => {
      let number = 0;
      const ages = fc.uniqueArray(fc.integer({ min: 0, max: 89_999 }), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(ages, async (all) => {
          number += 1;
          const count = countOf(`strikes ${number}`, 90_000);
          const add = (age: number): StateCommand => ({
            ...count,
            effect: 'add',
            at: NOW - age,
            member: `m${age}`,
          });
          await store.run([...all].sort((left, right) => right - left).map(add));
          const readAt = (at: number): StateCommand => ({ ...count, effect: 'read', at, member: '' });
          expect(await findTurningPoint(askOf(store).ask, readAt, NOW)).to.deep.equal({
            told: all.length,
            until: NOW - Math.max(...all) + 90_000,
          });
        }),
        { numRuns },
      );
    });

    it('is nothing where nothing is, and asking takes nothing away from others', async () => {
      const set = (key: string): StateCommand => ({
        ...labelOf(key),
        effect: 'set',
        at: NOW,
        until: NOW + 5,
      });
      const read = (key: string, at: number): StateCommand => ({
        ...labelOf(key),
        effect: 'read',
        at,
        until: 0,
      });
      const keys = Array.from({ length: 20 }, (_, index) => `short ${index}`);
      await store.run(keys.map(set));
      await store.run([{ ...labelOf('long'), effect: 'set', at: NOW, until: NOW + LONGEST }]);
      const { ask } = askOf(store);
      expect(await findTurningPoint(ask, (at) => read('none', at), NOW)).to.deep.equal({
        told: 0,
        until: null,
      });
      for (let round = 0; round < 20; round += 1) await findTurningPoint(ask, (at) => read('long', at), NOW);
      const { results } = await store.run(keys.map((key) => read(key, NOW + 4)));
      expect(results).to.deep.equal(keys.map(() => 1));
    });

    it('is never before now when it changes meanwhile', async () => {
      const label = labelOf('changing');
      const set = (until: number): StateCommand => ({ ...label, effect: 'set', at: NOW, until });
      await store.run([set(NOW + LONGEST)]);
      let trips = 0;
      const ask = async (commands: readonly StateCommand[]): Promise<readonly number[]> => {
        trips += 1;
        if (trips === 3) await store.run([{ ...label, effect: 'clear', at: NOW, until: 0 }, set(NOW + 9)]);
        return (await store.run(commands)).results;
      };
      const readAt = (at: number): StateCommand => ({ ...label, effect: 'read', at, until: 0 });
      const { told, until } = await findTurningPoint(ask, readAt, NOW);
      expect(told).to.equal(1);
      expect(until).to.be.above(NOW);
    });
  });
}

describeTurningPoints('in memory', () => Promise.resolve(createMemoryStateStore()), 200);

describeWithRedis('with Redis', () => {
  let close: () => Promise<void>;
  after(() => close());
  describeTurningPoints(
    'in Redis',
    async () => {
      const server = await startRedis();
      const redis = connectRedis(
        { mode: 'single', urls: [server.url], prefix: 'test', timeout: 5000 },
        { onError: () => undefined },
      );
      close = async () => {
        await redis.close();
        await server.stop();
      };
      await new Promise<void>((resolve) => {
        redis.onChange(({ connected }) => {
          if (connected) resolve();
        });
        if (redis.status().connected) resolve();
      });
      return createRedisStateStore(redis);
    },
    20,
  );
});
