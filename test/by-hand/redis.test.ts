import { expect } from 'chai';
import { createGates } from '../cluster/gate.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { startTestServer, STRICT_APPS, type TestServer } from '../support/server.js';
import { moderate, RULES, type Moderated, type Told } from './gate.js';

const MUTED_EVE = '/labels/muted/eve?app=im';

/** Asks until the answer is as wanted. */
async function until(ask: () => Promise<Told>, isWanted: (told: Told) => boolean): Promise<Told> {
  for (;;) {
    const told = await ask();
    if (isWanted(told)) return told;
  }
}

const isThere = ({ status }: Told): boolean => status === 200;

describeWithRedis('labels by hand, with Redis', function () {
  this.timeout(60_000);
  let redis: RedisServer;
  const servers: TestServer[] = [];
  const gates = createGates();
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
    await gates.end();
    await redis.stop();
  });

  async function start(): Promise<Moderated> {
    const server = await startTestServer({
      apps: `state: { redis: { url: '${redis.url}', timeout: 5000 } }\n${STRICT_APPS}`,
      rules: { 'rules.yaml': RULES },
    });
    servers.push(server);
    const gate = moderate(server.callbackOrigin, server.adminOrigin);
    await until(() => gate.tell('GET', MUTED_EVE), isThere);
    return gate;
  }

  it('hold for all gates', async () => {
    const [one, two] = [await start(), await start()];
    expect(await one.refuses({ from: 'eve', text: 'casino!' })).to.equal(true);
    await until(
      () => two.tell('GET', MUTED_EVE),
      ({ isSet }) => isSet === true,
    );
    expect(await two.refuses({ from: 'eve' })).to.equal(true);
    expect(await two.tell('DELETE', MUTED_EVE)).to.include({ wasSet: true });
    expect(await one.refuses({ from: 'eve' })).to.equal(false);
    await one.tell('PUT', MUTED_EVE, { for: '1h' });
    expect(await two.refuses({ from: 'eve' })).to.equal(true);
  });

  it('are answered with 503 while Redis is gone, instead of what this process remembers', async () => {
    const gate = await start();
    await gate.tell('PUT', MUTED_EVE, { for: '1h' });
    await redis.kill();
    for (const [method, body] of [['GET'], ['PUT', { for: '1h' }], ['DELETE']] as const) {
      const { status, error } = await gate.tell(method, MUTED_EVE, body);
      expect(status, method).to.equal(503);
      expect(error).to.match(/^What is remembered cannot be reached: .+\. Try again\.$/);
    }
    await redis.restart();
    const back = await until(() => gate.tell('GET', MUTED_EVE), isThere);
    expect(back, 'nothing comes later').to.include({ isSet: false });
  });

  it('are asked for by the primary of several workers', async () => {
    const { callbacks, admin } = await gates.start({
      rules: RULES,
      more: `state: { redis: { url: '${redis.url}', timeout: 5000 } }`,
    });
    const gate = moderate(callbacks, admin);
    await until(() => gate.tell('PUT', MUTED_EVE, { for: '1h' }), isThere);
    expect(await gate.refuses({ from: 'eve' })).to.equal(true);
    expect(await gate.tell('DELETE', MUTED_EVE)).to.include({ wasSet: true });
    expect(await gate.refuses({ from: 'eve' })).to.equal(false);
  });
});
