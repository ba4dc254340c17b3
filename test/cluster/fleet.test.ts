import { expect } from 'chai';
import { createFleet } from '../../server/cluster/fleet.js';
import { WorkerFailure } from '../../server/cluster/member.js';
import { createTestLog } from '../support/log.js';
import { fakeMember, type FakeMember } from './fake-member.js';

const turn = (): Promise<void> => new Promise(setImmediate);

function setUp(size: number, endsWhenDrained = true) {
  const spawned: FakeMember[] = [];
  const waiting: { work: () => void; milliseconds: number }[] = [];
  const log = createTestLog();
  const fleet = createFleet({
    size,
    logger: log.logger,
    spawn(slot) {
      const member = fakeMember(slot, endsWhenDrained);
      spawned.push(member);
      return member;
    },
    later: (work, milliseconds) => void waiting.push({ work, milliseconds }),
  });
  return {
    fleet,
    spawned,
    waiting,
    log,
    slots: () => fleet.members().map(({ slot }) => slot),
    /** Lets the time pass for which a restart waits. */
    passTime() {
      for (const { work } of waiting.splice(0)) work();
    },
    async started() {
      const starting = fleet.start();
      for (const member of spawned) member.serve();
      await starting;
    },
  };
}

describe('a fleet of workers', () => {
  it('has started when all of them serve', async () => {
    const { fleet, spawned, slots } = setUp(3);
    let hasStarted = false;
    const starting = fleet.start().then(() => (hasStarted = true));
    spawned[0]!.serve();
    spawned[1]!.serve();
    await turn();
    expect(hasStarted).to.equal(false);
    spawned[2]!.serve();
    await starting;
    expect(slots()).to.deep.equal([1, 2, 3]);
  });

  it('does not start when one cannot serve, and leaves none', async () => {
    const { fleet, spawned, waiting } = setUp(2);
    const starting = fleet.start();
    spawned[0]!.serve();
    spawned[1]!.crash();
    expect(await starting.catch((error: unknown) => error)).to.be.instanceOf(WorkerFailure);
    expect(fleet.members()).to.deep.equal([]);
    expect(waiting).to.deep.equal([]);
  });

  it('starts a crashed worker again in its place, after a while that doubles each time', async () => {
    const { spawned, waiting, log, slots, started, passTime, fleet } = setUp(2);
    await started();
    const delays: number[] = [];
    for (let crash = 0; crash < 9; crash += 1) {
      spawned.at(crash === 0 ? 0 : -1)!.crash();
      await turn();
      expect(slots()).to.deep.equal([2]);
      delays.push(waiting[0]!.milliseconds);
      passTime();
      expect(new Set(slots())).to.deep.equal(new Set([1, 2]));
    }
    expect(delays).to.deep.equal([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
    expect(fleet.restarts()).to.equal(9);
    expect(log.lines()).to.have.lengthOf(9);
    expect(log.lines()[0]).to.include({
      level: 50,
      worker: 1,
      signal: 'SIGKILL',
      restartInMs: 100,
      msg: 'worker crashed',
    });
  });

  it('says why a worker could not serve again', async () => {
    const { spawned, log, started } = setUp(2);
    await started();
    spawned[0]!.crash({ code: 1, signal: null, reason: 'no such folder' });
    await turn();
    expect(log.lines()[0]).to.include({ code: 1, reason: 'no such folder' });
  });

  describe('replacing workers', () => {
    it('goes one by one, and the next serves before the last ends', async () => {
      const { fleet, spawned, slots, started } = setUp(2);
      await started();
      const replacing = fleet.replace(fleet.members());
      await turn();
      expect(slots()).to.deep.equal([1, 2, 3]);
      expect(spawned.map((member) => member.state())).to.deep.equal(['serving', 'serving', 'starting']);
      spawned[2]!.serve();
      await turn();
      expect(spawned.map((member) => member.state())).to.deep.equal([
        'ended',
        'serving',
        'serving',
        'starting',
      ]);
      spawned[3]!.serve();
      await replacing;
      expect(slots()).to.deep.equal([3, 1]);
      expect(fleet.restarts()).to.equal(0);
    });

    it('stops when a new one cannot serve, and keeps the old ones', async () => {
      const { fleet, spawned, slots, log, waiting, started } = setUp(2);
      await started();
      const replacing = fleet.replace(fleet.members());
      await turn();
      spawned[2]!.crash();
      await replacing;
      expect(slots()).to.deep.equal([1, 2]);
      expect(waiting).to.deep.equal([]);
      expect(log.lines()[0]?.['msg']).to.include('cannot serve: it ended');
    });

    it('ends with as many as there shall be when old ones crash meanwhile', async () => {
      const { fleet, spawned, slots, started, passTime } = setUp(3);
      await started();
      const replacing = fleet.replace([spawned[0]!]);
      await turn();
      spawned[1]!.crash();
      await turn();
      passTime();
      spawned[3]!.serve();
      await replacing;
      expect(slots()).to.have.lengthOf(3);
      expect(spawned[0]!.state()).to.equal('ended');
    });
  });

  describe('ending', () => {
    it('goes one by one, and tells before the last', async () => {
      const { fleet, spawned, started } = setUp(3);
      await started();
      let left: number | undefined;
      await fleet.drain(() => {
        left = spawned.filter((member) => member.state() === 'serving').length;
      });
      expect(left).to.equal(1);
      expect(fleet.members()).to.deep.equal([]);
    });

    it('starts nothing again', async () => {
      const { fleet, spawned, started, passTime } = setUp(2);
      await started();
      spawned[0]!.crash();
      await turn();
      await fleet.drain(() => undefined);
      passTime();
      expect(fleet.members()).to.deep.equal([]);
      expect(spawned).to.have.lengthOf(2);
    });

    it('does not wait for workers that have not started yet', async () => {
      const { fleet, spawned, started, passTime } = setUp(2);
      await started();
      spawned[0]!.crash();
      await turn();
      passTime();
      await fleet.drain(() => undefined);
      expect(spawned.map((member) => member.state())).to.deep.equal(['ended', 'ended', 'ended']);
    });
  });
});
