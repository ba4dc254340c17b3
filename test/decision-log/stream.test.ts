import { expect } from 'chai';
import { plainRuling } from '../../engine/decision.js';
import { whenConnected } from '../../fleet/when-connected.js';
import { openDecisionLog, type DecisionLog } from '../../server/decision-log/decision-log.js';
import type { Redis } from '../../state/redis/redis.js';
import type { DecisionLogSettings } from '../../store/config.js';
import { connectTo, until } from '../fleet/redis-rig.js';
import { createTestLog, type TestLog } from '../support/log.js';
import {
  ask,
  describeWithRedis,
  startRedis,
  startRedisCluster,
  type RedisServer,
} from '../support/redis-server.js';
import { eventOf } from '../support/rules.js';
import { entryOf, SETTINGS } from './support.js';

const KEY = 'decisions';

/** `XREADGROUP` and `XRANGE` give entries as pairs of an ID and a list of fields. */
type Entries = readonly (readonly [id: string, fields: readonly string[]])[];

describeWithRedis('the stream of decisions', () => {
  let server: RedisServer;
  let redis: Redis;
  let log: DecisionLog;
  let operators: TestLog;

  before(async () => {
    server = await startRedis();
  });
  after(() => server.stop());
  beforeEach(() => ask(server, ['FLUSHALL']));
  afterEach(async () => {
    await log.close(1000);
    await redis.close();
  });

  function open(settings: Partial<DecisionLogSettings> = {}, urls = [server.url]): void {
    redis = connectTo(urls, urls.length === 1 ? 'single' : 'cluster');
    operators = createTestLog();
    const opened = openDecisionLog({
      settings: { ...SETTINGS, to: 'none', redis: KEY, ...settings },
      logger: operators.logger,
      redis,
    });
    if (opened === undefined) throw new Error('nothing is logged');
    log = opened;
  }

  function record(count: number, from = 0): void {
    for (let at = from; at < from + count; at += 1) {
      const event = eventOf('message.send', { 'actor.id': `user-${at}` });
      log.record(entryOf(event, { revision: 'r', rulings: [plainRuling('allow')] }));
    }
  }

  const entries = async (): Promise<Entries> =>
    (await redis.send(KEY, ['XRANGE', KEY, '-', '+'])) as unknown as Entries;

  async function actors(): Promise<readonly unknown[]> {
    return (await entries()).map(([, [, line]]) => (JSON.parse(line ?? '') as { actor: string }).actor);
  }

  const users = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `user-${index}`);

  it('has an entry for each decision, in order, with the line as its one field', async () => {
    open();
    record(1000);
    await until(() => log.counts().stream?.written === 1000);
    expect(await actors()).to.deep.equal(users(1000));
    expect((await entries()).every(([, fields]) => fields.length === 2 && fields[0] === 'line')).to.equal(
      true,
    );
  });

  it('is read by consumer groups, each of which gets every decision once', async () => {
    open();
    await whenConnected(redis);
    await redis.send(KEY, ['XGROUP', 'CREATE', KEY, 'alerts', '0', 'MKSTREAM']);
    record(3);
    await until(() => log.counts().stream?.written === 3);
    const read = async (consumer: string, count: string): Promise<number> => {
      const reply = await redis.send(KEY, [
        ...['XREADGROUP', 'GROUP', 'alerts', consumer, 'COUNT', count],
        ...['STREAMS', KEY, '>'],
      ]);
      const [stream] = (reply ?? []) as unknown as readonly (readonly [string, Entries])[];
      return stream?.[1].length ?? 0;
    };
    expect([await read('one', '2'), await read('two', '2'), await read('one', '2')]).to.deep.equal([2, 1, 0]);
  });

  it('keeps about as many lines as it shall, the youngest ones', async () => {
    open({ maxlen: 100 });
    record(1000);
    await until(() => log.counts().stream?.written === 1000);
    const kept = await actors();
    expect(kept.length).to.be.within(100, 300);
    expect(kept.at(-1)).to.equal('user-999');
  });

  it('gets what another destination gets as well', async () => {
    const chunks: Buffer[] = [];
    redis = connectTo([server.url]);
    operators = createTestLog();
    const opened = openDecisionLog({
      settings: { ...SETTINGS, to: 'file', redis: KEY },
      logger: operators.logger,
      redis,
      destination: {
        write: (bytes) => Promise.resolve(chunks.push(bytes)).then(() => bytes.length),
        close: () => Promise.resolve(),
      },
    });
    log = opened!;
    record(2);
    await until(() => log.counts().stream?.written === 2 && log.counts().written === 2);
    const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n');
    expect((await entries()).map(([, [, line]]) => line)).to.deep.equal(lines);
  });

  it('waits for Redis while there is no connection, and loses nothing that fits', async () => {
    await server.kill();
    open();
    record(10);
    await server.restart();
    await until(() => log.counts().stream?.written === 10);
    expect(await actors()).to.deep.equal(users(10));
    expect(operators.lines()).to.deep.equal([]);
  });

  it('drops and tells what does not fit into its memory, and takes no time for it', async () => {
    await server.kill();
    open({ buffer: 2000 });
    record(100);
    const { waiting = 0, dropped = 0 } = log.counts().stream ?? {};
    expect(waiting).to.be.within(5, 30);
    expect(waiting + dropped).to.equal(100);
    expect(JSON.stringify(operators.lines())).to.contain('"lost":{"full":1}');
    await server.restart();
    await until(() => log.counts().stream?.written === waiting);
  });

  it('counts and tells what Redis does not take, and goes on', async () => {
    await ask(server, ['SET', KEY, 'something else']);
    open();
    record(2);
    await until(() => log.counts().stream?.failed === 2);
    expect(JSON.stringify(operators.lines())).to.contain('"lost":{"redis":2}');
    await ask(server, ['DEL', KEY]);
    record(1, 2);
    await until(() => log.counts().stream?.written === 1);
    expect(await actors()).to.deep.equal(['user-2']);
  });

  it('is written to the end when the gate stops', async () => {
    open();
    await whenConnected(redis);
    record(50);
    await log.close(5000);
    expect(log.counts().stream).to.deep.equal({ written: 50, dropped: 0, failed: 0, waiting: 0 });
  });

  it('can lie on a node of a Cluster', async () => {
    const cluster = await startRedisCluster(3);
    open({}, [...cluster.urls]);
    record(3);
    await until(() => log.counts().stream?.written === 3);
    expect(await actors()).to.deep.equal(users(3));
    await cluster.stop();
  });
});
