import { expect } from 'chai';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import {
  ask,
  countTold,
  createStateGates,
  message,
  metricsOf,
  statusOf,
  TELLING,
  untilStatus,
  type StateGate,
} from './state-gate.js';

/** What each rule does when only the counts of its own process are known. */
const CAREFUL = `
counters:
  sends: { on: message.send, by: [actor.id], window: 1h }
rules:
  - id: careless
    on: message.send
    priority: 3
    when: { all: [{ fact: actor.id, operator: equal, value: carol }, { fact: count.sends, operator: greaterThan, value: 0 }] }
    then: { refuse: { reason: 7, message: '{{count.sends}}' } }
  - id: skipping
    on: message.send
    priority: 2
    on_error: skip
    when: { all: [{ fact: actor.id, operator: equal, value: sam }, { fact: count.sends, operator: greaterThan, value: 0 }] }
    then: { refuse: { reason: 8 } }
  - id: matching
    on: message.send
    priority: 1
    on_error: match
    when: { all: [{ fact: actor.id, operator: equal, value: mary }, { fact: count.sends, operator: greaterThan, value: 1000 }] }
    then: { refuse: { reason: 9, message: better not } }
  - id: failing
    on: message.send
    on_error: fail
    when: { all: [{ fact: actor.id, operator: equal, value: fred }, { fact: count.sends, operator: greaterThan, value: 1000 }] }
    then: { refuse: { reason: 10 } }
`;

describeWithRedis('what rules remember in Redis', function () {
  // Each start is a process or three, and machines differ.
  this.timeout(60_000);
  const gates = createStateGates();
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await gates.end();
    await redis.stop();
  });

  async function start(rules: string, workers = 1): Promise<StateGate> {
    const gate = await gates.start({
      rules,
      workers,
      state: `{ redis: { url: '${redis.url}', timeout: 1000 } }`,
    });
    await untilStatus(gate.admin, ({ stateStore }) => stateStore.connected === true);
    return gate;
  }

  /** Sends messages until the process knows that Redis is gone. */
  async function lose({ callbacks, admin }: StateGate): Promise<void> {
    await redis.kill();
    await untilStatus(admin, ({ stateStore }) => stateStore.connected === false);
    while ((await statusOf(admin)).stateStore.degradedSince === null)
      await ask(callbacks, message({ from: 'dan' }));
  }

  it('is one count for all processes, and stays when they end', async () => {
    const [left, right] = [await start(TELLING), await start(TELLING)];
    for (let count = 1; count <= 10; count += 1)
      expect(await countTold(count % 2 === 0 ? left.callbacks : right.callbacks)).to.equal(count);
    const same = { id: 'the same message' };
    expect(await countTold(left.callbacks, same)).to.equal(11);
    expect(await countTold(right.callbacks, same)).to.equal(11);
    for (const { running } of [left, right]) {
      running.child.kill('SIGTERM');
      expect(await running.ended).to.include({ code: 0 });
    }
    const { callbacks } = await start(TELLING);
    expect(await countTold(callbacks)).to.equal(12);
  });

  it('is one count for all workers of a gate', async () => {
    const { callbacks, admin } = await start(TELLING, 2);
    const counts = await Promise.all(Array.from({ length: 100 }, () => countTold(callbacks)));
    expect(new Set(counts).size).to.equal(100);
    expect(Math.max(...counts)).to.equal(100);
    const { value } = await metricsOf(admin);
    expect(value('callgate_state_commands_total', { type: 'count' })).to.equal(100);
    expect(value('callgate_state_duration_seconds_count', { store: 'redis' })).to.equal(100);
  });

  it('is counted by each process while Redis is gone, and by Redis again when it is back', async () => {
    const gate = await start(TELLING);
    const { callbacks, admin } = gate;
    expect(await countTold(callbacks)).to.equal(1);
    await lose(gate);
    // Redis has counted one, of which the process knows nothing by itself.
    for (const count of [1, 2, 3])
      expect(await countTold(callbacks, { id: `away ${count}` })).to.equal(count);
    const degraded = await statusOf(admin);
    expect(degraded.stateStore).to.include({ type: 'redis', connected: false });
    expect(degraded.stateStore.degradedSince).to.match(/^\d{4}-.*Z$/);
    expect(degraded.stateStore.waitingForRedis).to.be.at.least(3);
    expect(degraded.counters.state.local).to.be.at.least(3);
    expect(degraded.counters.apps['im']?.failures).to.deep.equal({});
    const metrics = await metricsOf(admin);
    expect(metrics.value('callgate_state_degraded')).to.equal(1);
    expect(metrics.value('callgate_state_local_total')).to.be.at.least(3);
    await gate.running.said(/Redis does not answer: this process remembers for itself/);

    await redis.restart();
    await untilStatus(
      admin,
      ({ stateStore }) => stateStore.degradedSince === null && stateStore.waitingForRedis === 0,
    );
    await gate.running.said(/Redis answers again/);
    // It came back empty, and was told what happened meanwhile.
    expect(await countTold(callbacks)).to.equal(4);
    expect((await metricsOf(admin)).value('callgate_state_degraded')).to.equal(0);
  });

  it('follows what each rule says about the time while Redis is gone', async () => {
    const gate = await start(CAREFUL);
    const told = async (from: string) => {
      const { nextCode, errMsg } = await ask(gate.callbacks, message({ from }));
      return nextCode === 1 ? errMsg : 'allowed';
    };
    expect(await Promise.all(['carol', 'mary', 'fred'].map(told))).to.deep.equal(['1', 'allowed', 'allowed']);
    expect(await told('sam')).to.not.equal('allowed');
    await lose(gate);
    expect(await Promise.all(['carol', 'sam', 'mary'].map(told))).to.deep.equal([
      '1',
      'allowed',
      'better not',
    ]);
    // The policy of the app.
    expect(await told('fred')).to.not.equal('allowed');
    await redis.restart();
    await untilStatus(gate.admin, ({ stateStore }) => stateStore.degradedSince === null);
    expect(await Promise.all(['mary', 'fred'].map(told))).to.deep.equal(['allowed', 'allowed']);
    expect(await told('sam')).to.not.equal('allowed');
  });

  it('keeps no callback waiting while Redis takes what it is sent and answers nothing', async () => {
    const gate = await gates.start({ state: `{ redis: { url: '${redis.url}', timeout: 200 } }` });
    await untilStatus(gate.admin, ({ stateStore }) => stateStore.connected === true);
    await countTold(gate.callbacks);
    redis.freeze();
    for (let count = 1; count <= 20; count += 1) expect(await countTold(gate.callbacks)).to.equal(count);
    const { counters, stateStore } = await statusOf(gate.admin);
    expect(counters.apps['im']?.failures).to.deep.equal({});
    expect(stateStore.degradedSince).to.not.equal(null);
    redis.thaw();
    await untilStatus(
      gate.admin,
      (status) => status.stateStore.degradedSince === null && status.stateStore.waitingForRedis === 0,
    );
    expect(await countTold(gate.callbacks)).to.equal(22);
  });

  it('lets a gate start and count while Redis is not there yet', async () => {
    await redis.kill();
    const { callbacks, admin } = await gates.start({ state: `{ redis: '${redis.url}' }` });
    expect(await countTold(callbacks)).to.equal(1);
    expect((await statusOf(admin)).stateStore).to.include({ connected: false });
    await redis.restart();
    await untilStatus(
      admin,
      ({ stateStore }) => stateStore.connected === true && stateStore.waitingForRedis === 0,
    );
    expect(await countTold(callbacks)).to.equal(2);
  });

  it('says nowhere how Redis is entered', async () => {
    const secret = 'open-sesame-4711';
    const url = redis.url.replace('//', `//gate:${secret}@`);
    const gate = await gates.start({ state: `{ redis: '${url}' }` });
    await untilStatus(gate.admin, ({ stateStore }) => typeof stateStore.lastError === 'string');
    await countTold(gate.callbacks);
    const texts = [
      JSON.stringify(await statusOf(gate.admin)),
      JSON.stringify([...(await metricsOf(gate.admin)).samples]),
    ];
    gate.running.child.kill('SIGTERM');
    const { stdout, stderr } = await gate.running.ended;
    for (const text of [...texts, stdout, stderr]) expect(text).to.not.include(secret);
  });
});
