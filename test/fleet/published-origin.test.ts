import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { fleetNames } from '../../fleet/names.js';
import { publishAgain, publishRules, type Imprint } from '../../fleet/publish.js';
import { createPublishedOrigin } from '../../fleet/published-origin.js';
import { createReleases } from '../../fleet/releases.js';
import { whenConnected } from '../../fleet/when-connected.js';
import type { Redis } from '../../state/redis/redis.js';
import { createRuleStore, type Reload, type RuleStore } from '../../store/rule-store.js';
import { createThreadLoader } from '../../store/thread-loader.js';
import { CONTEXT } from '../reload/rule-files.js';
import { createTempFolder, type TempFolder } from '../store/temp-folder.js';
import { ask, describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { createKeys } from './keys.js';
import { connectTo, rulesAgainst, until } from './redis-rig.js';
import { imprint } from './releases.js';

describeWithRedis('published rules', () => {
  const { privateKey, publicKey } = createKeys();
  const names = fleetNames('test');
  let server: RedisServer;
  let folder: TempFolder;
  let publisher: Redis;
  const open: { redis: Redis; store: RuleStore }[] = [];

  before(async () => {
    server = await startRedis();
  });
  after(() => server.stop());
  beforeEach(async () => {
    await ask(server, ['FLUSHALL']);
    folder = createTempFolder();
    publisher = connectTo([server.url]);
    await whenConnected(publisher);
  });
  afterEach(async () => {
    for (const { redis, store } of open.splice(0)) {
      await store.close();
      await redis.close();
    }
    await publisher.close();
    folder.remove();
  });

  interface Follower {
    readonly store: RuleStore;
    readonly redis: Redis;
    readonly reloads: readonly Reload[];
    ids(): readonly string[] | undefined;
    untilIds(...ids: readonly string[]): Promise<void>;
  }

  /** A process that follows, as after a restart. It looks by itself only when a test wants it. */
  function start(options: { signed?: boolean; patience?: number; name?: string } = {}): Follower {
    const { signed = true, patience = 5000, name = 'state' } = options;
    const redis = connectTo([server.url]);
    const onError = (error: unknown): void => {
      throw error instanceof Error ? error : new Error(String(error));
    };
    const store = createRuleStore({
      origin: createPublishedOrigin({
        redis,
        publicKey: signed ? publicKey : undefined,
        knownFile: folder.at(`${name}/release.json`),
        onError,
        patience,
      }),
      loader: createThreadLoader({ context: CONTEXT, onError }),
      lastGood: folder.at(`${name}/last-good.json`),
      onError,
    });
    open.push({ redis, store });
    const reloads: Reload[] = [];
    store.onReload((reload) => reloads.push(reload));
    const ids = (): readonly string[] | undefined => store.current()?.rules.map(({ id }) => id);
    const isJust = (wanted: readonly string[]): boolean => JSON.stringify(ids()) === JSON.stringify(wanted);
    return { store, redis, reloads, ids, untilIds: (...wanted) => until(() => isJust(wanted)) };
  }

  const publish = async (user: string, more: Partial<Imprint> = {}) =>
    publishRules(
      createReleases(publisher),
      await rulesAgainst(user),
      `against-${user}`,
      imprint({ privateKey, ...more }),
    );
  const errorsOf = (reload: Reload | undefined): string =>
    reload?.problems.map(({ message }) => message).join('\n') ?? 'no reload';

  it('come into force at the start, with what is known of the release', async () => {
    await publish('eve', { note: 'spam wave' });
    const { store, ids } = start();
    await store.load();
    expect(ids()).to.deep.equal(['no-eve']);
    expect(store.status()).to.include({ source: 'published', keptAt: null });
    expect(store.status().release).to.deep.equal({
      number: 1,
      revision: 'against-eve',
      at: 1_760_000_000_000,
      by: 'alice',
      note: 'spam wave',
    });
  });

  it('are followed, forth and back', async () => {
    await publish('eve');
    const { store, untilIds } = start();
    await store.load();
    await store.watch();
    await publish('mallory');
    await untilIds('no-mallory');
    await publishAgain(createReleases(publisher), undefined, imprint({ privateKey }));
    await untilIds('no-eve');
    expect(store.status().release?.number).to.equal(3);
  });

  it('are found without the news of them', async () => {
    await publish('eve');
    const { store, untilIds } = start();
    await store.load();
    await store.watch();
    // As if the message had been lost on its way.
    const deaf = { ...publisher, send: sendingToNobody(publisher) };
    await publishRules(createReleases(deaf), await rulesAgainst('mallory'), 'x', imprint({ privateKey }));
    await untilIds('no-mallory');
  });

  it('that nobody has published yet put nothing in force, and do once somebody has', async () => {
    const { store, reloads, untilIds } = start();
    await store.load();
    expect(errorsOf(reloads[0])).to.contain('Nothing has been published.');
    await store.watch();
    await publish('eve');
    await untilIds('no-eve');
  });

  describe('that cannot be trusted', () => {
    const REFUSED: Readonly<Record<string, (current: { body: string; signature: string }) => string>> = {
      'without a signature': ({ body }) => JSON.stringify({ body, signature: null }),
      'with another number': ({ body, signature }) =>
        JSON.stringify({ body: body.replace('"number":2', '"number":9'), signature }),
      'with a truncated record': (current) => JSON.stringify(current).slice(0, -20),
      'that are no record': () => 'rules',
    };
    for (const [name, forge] of Object.entries(REFUSED)) {
      it(`${name} are refused, and the rules in force stay`, async () => {
        await publish('eve');
        const { store, reloads, ids } = start();
        await store.load();
        await publish('mallory');
        const current = JSON.parse(await ask(server, ['GET', names.current])) as {
          body: string;
          signature: string;
        };
        await ask(server, ['SET', names.current, forge(current)]);
        await store.load();
        expect(reloads.at(-1)).to.include({ outcome: 'refused' });
        expect(errorsOf(reloads.at(-1))).to.match(/^Refused: /);
        expect(ids()).to.deep.equal(['no-eve']);
        expect(store.status().release?.number).to.equal(1);
      });
    }

    const DAMAGED: Readonly<Record<string, (content: string) => readonly string[]>> = {
      truncated: (content) => ['HSET', names.contents, content, 'H4sI'],
      missing: (content) => ['HDEL', names.contents, content],
    };
    for (const [name, command] of Object.entries(DAMAGED)) {
      it(`with files that are ${name} are refused, and the rules in force stay`, async () => {
        await publish('eve');
        const { store, reloads, ids } = start();
        await store.load();
        const { content } = await publish('mallory');
        await ask(server, command(content));
        await store.load();
        expect(reloads.at(-1)).to.include({ outcome: 'refused' });
        expect(errorsOf(reloads.at(-1))).to.match(/^Refused: the files of release 2 are /);
        expect(ids()).to.deep.equal(['no-eve']);
      });
    }

    it('because they are older than what is known are refused, also after a restart', async () => {
      await publish('eve');
      const old = await ask(server, ['GET', names.current]);
      await publish('mallory');
      const first = start();
      await first.store.load();
      await until(() => existsSync(folder.at('state/release.json')));
      await ask(server, ['SET', names.current, old]);
      for (const { store, reloads, ids } of [first, start()]) {
        await store.load();
        expect(errorsOf(reloads.at(-1))).to.contain('release 1 is older than release 2');
        expect(ids()).to.deep.equal(['no-mallory']);
      }
    });

    it('are refused once and not again and again, and good ones are taken after them', async () => {
      await publish('eve');
      const { store, reloads, untilIds } = start();
      await store.load();
      await store.watch();
      await publish('mallory', { privateKey: undefined });
      await until(() => reloads.length === 2);
      await publish('trent');
      await untilIds('no-trent');
      expect(reloads.map(({ outcome }) => outcome)).to.deep.equal(['loaded', 'refused', 'loaded']);
    });
  });

  it('are taken from anybody where no key is configured', async () => {
    await publish('eve', { privateKey: undefined });
    const { store, ids } = start({ signed: false });
    await store.load();
    expect(ids()).to.deep.equal(['no-eve']);
  });

  it('stay in force while Redis is gone, and are followed again when it is back', async () => {
    await publish('eve');
    const { store, redis, reloads, ids, untilIds } = start();
    await store.load();
    await store.watch();
    await server.kill();
    await until(() => !redis.status().connected);
    expect(ids()).to.deep.equal(['no-eve']);
    await server.restart();
    await whenConnected(publisher);
    // Redis has forgotten everything, also which numbers there were.
    await publish('mallory', { running: [store.status().release?.number ?? 0] });
    await untilIds('no-mallory');
    expect(reloads.at(-1)).to.include({ outcome: 'loaded' });
  });

  it('that were kept are used when Redis is gone at the start, and given up for published ones', async () => {
    await publish('eve');
    const first = start();
    await first.store.load();
    await until(() => existsSync(folder.at('state/last-good.json')));
    await server.kill();
    const { store, reloads, ids, untilIds } = start({ patience: 0 });
    await store.load();
    expect(ids()).to.deep.equal(['no-eve']);
    expect(store.status()).to.include({ source: 'last-good', release: null });
    expect(errorsOf(reloads[0])).to.contain('Redis cannot be asked for the published rules');
    await store.watch();
    await server.restart();
    await whenConnected(publisher);
    await publish('mallory', { running: [1] });
    await untilIds('no-mallory');
    expect(store.status()).to.include({ source: 'published', keptAt: null });
  });
});

function sendingToNobody({ send }: Redis): Redis['send'] {
  const { channel } = fleetNames('test');
  return (key, command) =>
    send(
      key,
      command.map((part) => (part === channel ? 'nobody' : part)),
    );
}
