import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { createBackoff } from '../../server/cluster/backoff.js';
import { fleetStatusOf, readinessOf } from '../../server/cluster/fleet-status.js';
import { laggingOf, majorityOf } from '../../server/cluster/lagging.js';
import { onLines } from '../../server/cluster/line-merge.js';
import { sumOf } from '../../server/cluster/sum.js';
import { nextOf } from '../../server/cluster/acceptor.js';
import { keepWhatIsFixed, workerConfig, workersOf } from '../../server/cluster/worker-config.js';
import type { ProcessStatus } from '../../server/status.js';
import { configOf, STRICT_APPS } from '../support/server.js';
import { fakeMember, type FakeMember } from './fake-member.js';

const holding = (revision: string, since: number) => ({ revision, since });

describe('the back-off of restarts', () => {
  it('begins anew after a minute without a crash', () => {
    let now = 0;
    const backoff = createBackoff(() => now);
    expect([backoff.next(), backoff.next(), backoff.next()]).to.deep.equal([100, 200, 400]);
    now += 59_999;
    expect(backoff.next()).to.equal(800);
    now += 60_000;
    expect(backoff.next()).to.equal(100);
  });
});

describe('workers with other rules than most', () => {
  it('lag when they have had them for more than five seconds', () => {
    const workers = [holding('new', 1000), holding('old', 0), holding('new', 1100)];
    expect(laggingOf(workers, 6000)).to.deep.equal([false, false, false]);
    expect(laggingOf(workers, 6001)).to.deep.equal([false, true, false]);
  });

  it('lag from the moment when most had others, or they themselves had others', () => {
    expect(laggingOf([holding('a', 0), holding('a', 0), holding('b', 9000)], 14_000)).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it('are those with the older rules where as many have the newer ones', () => {
    const workers = [holding('old', 0), holding('new', 1000)];
    expect(majorityOf(workers)).to.equal('new');
    expect(laggingOf(workers, 9000)).to.deep.equal([true, false]);
  });

  it('are none without workers', () => {
    expect(majorityOf([])).to.equal(null);
    expect(laggingOf([], 0)).to.deep.equal([]);
  });
});

describe('the sum of counters', () => {
  it('adds numbers at the same place, whatever else is there', () => {
    const one = { a: 1, deep: { b: 2, list: [1, 2] }, name: 'x', none: null };
    const two = { a: 10, deep: { b: 20, c: 30, list: [10, 20, 30] }, name: 'y', none: { d: 1 } };
    expect(sumOf([one, two])).to.deep.equal({
      a: 11,
      deep: { b: 22, c: 30, list: [11, 22, 30] },
      name: 'x',
      none: { d: 1 },
    });
  });

  it('is nothing of nothing', () => {
    expect(sumOf([])).to.equal(null);
  });

  it('does not depend on the order (property)', () => {
    const { counters } = fc.letrec<{ counters: unknown }>((tie) => ({
      counters: fc.oneof(
        { maxDepth: 3 },
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat()),
        fc.record({ x: fc.nat(), y: tie('counters') }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(counters, { maxLength: 4 }), (list) => {
        const rotated = [...list.slice(1), ...list.slice(0, 1)];
        expect(totalOf(sumOf(rotated))).to.equal(totalOf(sumOf(list)));
      }),
    );
  });
});

function totalOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, member) => sum + totalOf(member), 0);
}

describe('a connection', () => {
  const serving = (untaken: number): FakeMember => {
    const member = fakeMember(1);
    member.serve();
    member.given.length = untaken;
    return member;
  };

  it('goes to the workers in turn', () => {
    const members = [serving(0), serving(0), serving(0)];
    const chosen = [1, 2, 3, 4, 5, 6].map((turn) => members.indexOf(nextOf(members, turn) as FakeMember));
    expect(chosen).to.deep.equal([1, 2, 0, 1, 2, 0]);
  });

  it('passes by workers that have not taken the last ones', () => {
    const [busy, idle] = [serving(1), serving(0)];
    for (const turn of [1, 2, 3]) expect(nextOf([busy, idle], turn)).to.equal(idle);
  });

  it('goes to no worker that does not serve', () => {
    const draining = fakeMember(2, false);
    draining.serve();
    draining.drain();
    expect(nextOf([fakeMember(1), draining], 1)).to.equal(undefined);
    expect(nextOf([], 1)).to.equal(undefined);
  });
});

describe('the readiness of a fleet', () => {
  it('needs one worker that serves, and no order to stop', () => {
    const member = fakeMember(1);
    expect(readinessOf([member], false)).to.include({ isReady: false });
    member.serve();
    expect(readinessOf([member, fakeMember(2)], false)).to.deep.equal({
      isReady: true,
      reason: '1 worker serving',
    });
    expect(readinessOf([member], true)).to.deep.equal({ isReady: false, reason: 'draining' });
  });
});

describe('the status of a fleet', () => {
  const statusWith = (revision: string, callbacks: number, lag: number): ProcessStatus => ({
    state: 'serving',
    revision,
    eventLoopLagMs: lag,
    counters: { callbacks },
    stateStore: { type: 'memory' },
    files: revision.length,
  });
  const common = { size: 3, restarts: 4, startedAt: 0, isDraining: false, now: 20_000 };

  it('tells the rules of most, the sum of counters, the worst lag, and who lags', () => {
    const members = [fakeMember(1), fakeMember(2), fakeMember(3)];
    for (const member of members) member.serve();
    members[0]!.hasRevision('old', 0);
    members[1]!.hasRevision('newer', 1000);
    members[2]!.hasRevision('newer', 1000);
    const surveyed = [
      { member: members[0]!, status: statusWith('old', 1, 7) },
      { member: members[1]!, status: statusWith('newer', 2, 5) },
      { member: members[2]!, status: undefined },
    ];
    const status = fleetStatusOf({ ...common, surveyed });
    expect(status).to.deep.include({
      state: 'serving',
      revision: 'newer',
      files: 5,
      eventLoopLagMs: 7,
      counters: { callbacks: 3 },
      startedAt: '1970-01-01T00:00:00.000Z',
    });
    expect(status['workers']).to.deep.equal({
      wanted: 3,
      restarts: 4,
      lagging: 1,
      all: [
        {
          worker: 1,
          pid: 1001,
          state: 'serving',
          revision: 'old',
          isLagging: true,
          isAnswering: true,
          eventLoopLagMs: 7,
        },
        {
          worker: 2,
          pid: 1002,
          state: 'serving',
          revision: 'newer',
          isLagging: false,
          isAnswering: true,
          eventLoopLagMs: 5,
        },
        {
          worker: 3,
          pid: 1003,
          state: 'serving',
          revision: 'newer',
          isLagging: false,
          isAnswering: false,
          eventLoopLagMs: null,
        },
      ],
    });
  });

  it('has the state of the primary, else of a worker that remembers for itself, else of a typical one', () => {
    const surveyed = ['a', null, null].map((degradedSince, index) => {
      const member = fakeMember(index + 1);
      member.serve();
      member.hasRevision(degradedSince === null ? 'new' : 'old', 0);
      const stateStore = { type: 'redis', degradedSince, worker: index + 1 };
      return {
        member,
        status: { ...statusWith(degradedSince === null ? 'new' : 'old', 0, 0), stateStore },
      };
    });
    const stateOf = (of: typeof surveyed, more = {}) =>
      fleetStatusOf({ ...common, surveyed: of, ...more })['stateStore'];
    expect(stateOf(surveyed)).to.include({ worker: 1 });
    expect(stateOf(surveyed.slice(1))).to.include({ worker: 2 });
    expect(stateOf(surveyed, { stateStore: { type: 'memory', keys: 3 } })).to.deep.equal({
      type: 'memory',
      keys: 3,
    });
  });

  it('is that of a start while no worker answers', () => {
    expect(fleetStatusOf({ ...common, surveyed: [] })).to.include({ state: 'starting', revision: null });
  });
});

describe('lines of several processes', () => {
  it('come out whole, however they come in (property)', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ''));
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 7 }), (lines, size) => {
        const stream = new PassThrough();
        const seen: string[] = [];
        onLines(stream, (text) => void seen.push(text));
        const bytes = Buffer.from([...lines.map((text) => `${text}\n`), 'cut off'].join(''));
        for (let start = 0; start < bytes.length; start += size) {
          stream.emit('data', bytes.subarray(start, start + size));
        }
        expect(seen).to.deep.equal(lines);
      }),
    );
  });
});

describe('the settings of a worker', () => {
  const config = configOf(STRICT_APPS, '/rules');

  it('name a decision log of its own', () => {
    const fileOf = (file: string, worker: number | '*'): string =>
      workerConfig({ ...config, decisionLog: { ...config.decisionLog, file } }, worker).decisionLog.file;
    expect(fileOf('/logs/decisions.jsonl', 2)).to.equal('/logs/decisions.w2.jsonl');
    expect(fileOf('/logs.d/decisions', '*')).to.equal('/logs.d/decisions.w*');
  });

  it('say how many there are, or that it is one per core', () => {
    const sized = (workers: number | 'auto') => workersOf({ server: { ...config.server, workers } });
    expect(sized(3)).to.equal(3);
    expect(sized('auto')).to.be.at.least(1);
  });

  it('change at a restart, apart from what the primary was started with', () => {
    const wanted = {
      ...config,
      server: { ...config.server, workers: 5, maxInFlight: 7 },
      admin: { ...config.admin, token: 'new' },
      state: { ...config.state, every: 5 },
      apps: [],
    };
    const { kept, settings } = keepWhatIsFixed(config, wanted);
    expect(settings).to.deep.equal(['server.workers', 'admin', 'state']);
    expect(kept.state).to.deep.equal(config.state);
    expect(kept.apps).to.deep.equal([]);
    expect(kept.server).to.deep.equal({ ...config.server, maxInFlight: 7 });
    expect(kept.admin).to.deep.equal(config.admin);
    expect(keepWhatIsFixed(config, config)).to.deep.equal({ kept: config, settings: [] });
  });
});
