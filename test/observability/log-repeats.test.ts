import { expect } from 'chai';
import { createFailureLog } from '../../server/log-repeats.js';
import { send } from '../support/http.js';
import { createTestLog } from '../support/log.js';
import { startTestServer } from '../support/server.js';

/** A log whose intervals end when the test says so. */
function setUp(interval = 10_000) {
  const log = createTestLog();
  const pending = new Set<() => void>();
  const lengths: number[] = [];
  const failures = createFailureLog({
    logger: log.logger,
    interval,
    schedule: (work, milliseconds) => {
      pending.add(work);
      lengths.push(milliseconds);
      return () => void pending.delete(work);
    },
  });
  return {
    log,
    failures,
    lengths,
    pending,
    endInterval() {
      const due = [...pending];
      pending.clear();
      for (const work of due) work();
    },
    fail: (place = 'send', cause = 'bad-field') =>
      failures.warn({ cause, place }, { cause, place }, 'failed'),
  };
}

describe('log lines about failures', () => {
  it('are written at once when they are the first of their class', () => {
    const { fail, log } = setUp();
    fail('send', 'bad-field');
    fail('send', 'missing-field');
    fail('block', 'bad-field');
    expect(log.lines().map(({ cause, place }) => [cause, place])).to.deep.equal([
      ['bad-field', 'send'],
      ['missing-field', 'send'],
      ['bad-field', 'block'],
    ]);
  });

  it('are left out while they repeat, and told with their number when the interval ends', () => {
    const { fail, log, endInterval, failures, lengths } = setUp();
    for (let times = 0; times < 5; times += 1) fail();
    expect(log.lines()).to.have.lengthOf(1);
    endInterval();
    expect(log.lines()).to.have.lengthOf(2);
    expect(log.lines()[1]).to.include({
      level: 40,
      cause: 'bad-field',
      place: 'send',
      repeats: 4,
      msg: 'failed',
    });
    expect(failures.suppressed()).to.equal(4);
    expect(lengths).to.deep.equal([10_000, 10_000]);
  });

  it('begin a new interval after each summary', () => {
    const { fail, log, endInterval } = setUp();
    fail();
    fail();
    endInterval();
    fail();
    expect(log.lines()).to.have.lengthOf(2);
    endInterval();
    expect(log.lines()[2]).to.include({ repeats: 1 });
  });

  it('are written at once again after a quiet interval, of which nothing is said and kept', () => {
    const { fail, log, endInterval, pending } = setUp();
    fail();
    endInterval();
    expect(log.lines()).to.have.lengthOf(1);
    expect(pending).to.have.property('size', 0);
    fail();
    expect(log.lines()).to.have.lengthOf(2);
    expect(log.lines()[1]).to.not.have.property('repeats');
  });

  it('are all written without an interval', () => {
    const { fail, log, pending } = setUp(0);
    for (let times = 0; times < 3; times += 1) fail();
    expect(log.lines()).to.have.lengthOf(3);
    expect(pending).to.have.property('size', 0);
  });

  it('take a bounded amount of memory, and still tell causes apart', () => {
    const { fail, log, pending } = setUp();
    for (let number = 0; number < 5000; number += 1) fail(`made-up-${number}`);
    expect(log.lines()).to.have.lengthOf(1001);
    fail('made-up', 'missing-field');
    expect(log.lines().at(-1)).to.include({ cause: 'missing-field' });
    expect(pending.size).to.equal(1002);
  });

  it('lose nothing when the log is closed', () => {
    const { fail, log, failures, pending } = setUp();
    fail();
    fail();
    fail('block');
    failures.close();
    expect(log.lines()).to.have.lengthOf(3);
    expect(log.lines()[2]).to.include({ place: 'send', repeats: 1 });
    expect(pending).to.have.property('size', 0);
  });

  it('keep their level', () => {
    const { failures, log, endInterval } = setUp();
    for (let times = 0; times < 2; times += 1) failures.error({ cause: 'rule-error' }, {}, 'rule not judged');
    endInterval();
    expect(log.lines().map(({ level }) => level)).to.deep.equal([50, 50]);
  });
});

describe('a server', () => {
  it('tells a failure once, its repeats in sum, and every other failure at once', async () => {
    const server = await startTestServer();
    const url = `${server.callbackOrigin}/openim/callbackBeforeAddBlackCommand`;
    for (let times = 0; times < 4; times += 1) await send(url, { body: '{"half":' });
    await send(url, { method: 'GET' });
    expect(server.log.lines().map(({ cause }) => cause)).to.deep.equal(['unreadable-body', 'wrong-method']);
    const { text } = await send(`${server.adminOrigin}/metrics`, { method: 'GET' });
    expect(text).to.include('callgate_log_lines_suppressed_total 3\n');
    await server.stop();
    const summary = server.log.lines().filter(({ repeats }) => repeats !== undefined);
    expect(summary).to.have.lengthOf(1);
    expect(summary[0]).to.include({ app: 'im', cause: 'unreadable-body', repeats: 3 });
  });
});
