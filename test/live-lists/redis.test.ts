import { expect } from 'chai';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { startGate, type Gate } from './gate.js';

describeWithRedis('live lists of several gates with one Redis', () => {
  let redis: RedisServer;
  const gates: Gate[] = [];
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const gate of gates.splice(0)) await gate.stop();
    await redis.stop();
  });

  async function start(): Promise<Gate> {
    const gate = await startGate({ state: `state: { redis: '${redis.url}' }\n` });
    gates.push(gate);
    return gate;
  }

  async function untilRefused(gate: Gate, actor: string, isRefused: boolean): Promise<void> {
    while ((await gate.refuses(actor)) !== isRefused);
  }

  it('are the same for all of them', async () => {
    const [one, two] = [await start(), await start()];
    expect(await one.tell('POST', '/lists/banned_users/entries', { value: 'mallory' })).to.include({
      added: 1,
    });
    expect(await one.refuses('mallory')).to.equal(true);
    await untilRefused(two, 'mallory', true);
    await two.tell('DELETE', '/lists/banned_users/entries/mallory');
    await untilRefused(one, 'mallory', false);
    expect(await one.tell('GET', '/lists')).to.include({ store: 'redis', isConnected: true, problem: null });
  });

  it('stay while Redis is gone, tell it once, and go on when it is back', async () => {
    const gate = await start();
    await gate.tell('POST', '/lists/banned_users/entries', { value: 'mallory' });
    await redis.kill();
    const { status, error } = await gate.tell('POST', '/lists/banned_users/entries', { value: 'eve' });
    expect([status, error]).to.deep.equal([503, 'Redis has not answered.']);
    expect([await gate.refuses('mallory'), await gate.refuses('eve')]).to.deep.equal([true, false]);
    expect(await gate.tell('GET', '/lists')).to.include({ isConnected: false });
    await redis.restart();
    for (;;) if ((await gate.tell('GET', '/lists'))['isConnected'] === true) break;
    expect(await gate.tell('POST', '/lists/banned_users/entries', { value: 'eve' })).to.include({ added: 1 });
    expect([await gate.refuses('mallory'), await gate.refuses('eve')]).to.deep.equal([true, true]);
    const told = gate.log.lines().filter(({ cause }) => cause === 'live-lists');
    expect(told.map(({ level }) => level)).to.deep.equal([50, 30]);
  });
});
