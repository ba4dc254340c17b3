/** Eight writers in four processes, all at the same keys: what they are told, and what is there in the end. */
import { expect } from 'chai';
import type { StateCommand } from '../../../engine/state.js';
import { createRedisStateStore } from '../../../state/redis/store.js';
import type { RedisSettings } from '../../../state/redis/redis.js';
import { describeWithRedis, startRedis, startRedisCluster } from '../../support/redis-server.js';
import {
  claimingOf,
  countingOf,
  freshKey,
  gatheringOf,
  markingOf,
  START,
  type Counting,
} from '../commands.js';
import { createStateModel } from '../model.js';
import { connected, settingsOf } from './rig.js';
import { writeTogether } from './writers.js';

const PROCESSES = 4;
const WRITERS = 2;
const RUNS = 60;
const HOUR = 3_600_000;

/** Moments of one window that all writers agree on, not in order. */
const moment = (writer: number, run: number): number => START + ((writer * 7919 + run * 104_729) % 50_000);

interface Plan {
  /** Commands of a run of a writer, 0 to 7. */
  readonly commandsOf: (writer: number, run: number) => readonly StateCommand[];
  /** What is read in the end, and by what a model is asked. */
  readonly reads: readonly StateCommand[];
}

interface Ends {
  readonly settings: RedisSettings;
  stop(): Promise<void>;
}

/** The results of the place-th command of all runs of all writers. */
type ResultsAt = (place: number) => readonly number[];

async function carryOut(settings: RedisSettings, { commandsOf, reads }: Plan): Promise<ResultsAt> {
  const writers = Array.from({ length: PROCESSES * WRITERS }, (_, writer) =>
    Array.from({ length: RUNS }, (_run, run) => commandsOf(writer, run)),
  );
  const shares = Array.from({ length: PROCESSES }, (_, index) =>
    writers.slice(index * WRITERS, (index + 1) * WRITERS),
  );
  const reports = await writeTogether(settings, shares);
  const model = createStateModel();
  for (const command of writers.flat(2)) model.run(command);
  const { redis } = await connected(settings);
  try {
    const { results } = await createRedisStateStore(redis).run(reads);
    expect(results).to.deep.equal(reads.map((command) => model.run(command)));
  } finally {
    await redis.close();
  }
  return (place) => reports.flat(2).map((results) => results[place] ?? NaN);
}

const ascending = (values: readonly number[]): readonly number[] =>
  values.toSorted((left, right) => left - right);
const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

const SERVERS: Readonly<Record<string, () => Promise<Ends>>> = {
  'a single server': async () => {
    const server = await startRedis();
    return { settings: settingsOf([server.url]), stop: server.stop };
  },
  'a Cluster of three masters': async () => {
    const cluster = await startRedisCluster(3);
    return { settings: settingsOf(cluster.urls, { mode: 'cluster' }), stop: cluster.stop };
  },
};

describeWithRedis('eight writers in four processes', () => {
  for (const [name, start] of Object.entries(SERVERS)) {
    describe(`on ${name}`, () => {
      let ends: Ends;
      before(async () => {
        ends = await start();
      });
      after(() => ends.stop());

      it('are each told another count, and lose none', async () => {
        const keys: readonly Counting[] = Array.from({ length: 3 }, () => countingOf(HOUR));
        const resultsAt = await carryOut(ends.settings, {
          commandsOf: (writer, run) =>
            keys.map(({ count }, place) =>
              count('add', moment(writer, run), place === 0 ? '' : `${writer}-${run}`),
            ),
          reads: keys.map(({ count }) => count('read', START + HOUR / 2)),
        });
        for (const place of keys.keys())
          expect(ascending(resultsAt(place))).to.deep.equal(upTo(PROCESSES * WRITERS * RUNS));
      });

      it('count what they all see once', async () => {
        const { count } = countingOf(HOUR);
        const resultsAt = await carryOut(ends.settings, {
          commandsOf: (writer, run) => [count('add', moment(writer, run), `t${run}`)],
          reads: [count('read', START + HOUR / 2)],
        });
        expect(new Set(resultsAt(0))).to.deep.equal(new Set(upTo(RUNS)));
      });

      it('find the same members', async () => {
        const { member } = gatheringOf(HOUR);
        const resultsAt = await carryOut(ends.settings, {
          commandsOf: (writer, run) => [member('add', moment(writer, run), `m${(writer * run) % 97}`)],
          // At the end of the window each member goes by its own latest moment.
          reads: [0, 10_000, 20_000, 30_000, 40_000, 50_000].map((after) =>
            member('read', START + HOUR + after),
          ),
        });
        const members = new Set(
          upTo(PROCESSES * WRITERS).flatMap((writer) =>
            upTo(RUNS).map((run) => ((writer - 1) * (run - 1)) % 97),
          ),
        );
        expect(Math.max(...resultsAt(0))).to.equal(members.size);
      });

      it('leave the longest of all marks', async () => {
        const { set, read } = markingOf();
        const until = (writer: number, run: number): number => START + HOUR + moment(run, writer) - START;
        const last = Math.max(
          ...upTo(PROCESSES * WRITERS).flatMap((writer) =>
            upTo(RUNS).map((run) => until(writer - 1, run - 1)),
          ),
        );
        await carryOut(ends.settings, {
          commandsOf: (writer, run) => [set(START, until(writer, run))],
          reads: [read(last - 1), read(last)],
        });
      });

      it('claim each thing once', async () => {
        const things = Array.from({ length: RUNS }, () => claimingOf(freshKey()));
        const resultsAt = await carryOut(ends.settings, {
          commandsOf: (writer, run) => [things[run]!.claim(START, START + HOUR, `w${writer}`)],
          reads: [],
        });
        expect(resultsAt(0).reduce((sum, isMine) => sum + isMine, 0)).to.equal(RUNS);
      });
    });
  }
});
