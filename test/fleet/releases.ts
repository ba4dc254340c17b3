/** What releases in Redis do, on a single server and on a Cluster. */
import { expect } from 'chai';
import { MOST_RELEASES, NoSuchRelease, readHistory } from '../../fleet/history.js';
import { fleetNames } from '../../fleet/names.js';
import { Contended, publishAgain, publishRules, type Imprint } from '../../fleet/publish.js';
import { contentHash, readRecord } from '../../fleet/record.js';
import { createReleases, type Releases } from '../../fleet/releases.js';
import { whenConnected } from '../../fleet/when-connected.js';
import type { Redis } from '../../state/redis/redis.js';
import { createKeys } from './keys.js';

const PACKED = Buffer.from([0, 255, 10, 13, 128, 1]);

export function imprint(more: Partial<Imprint> = {}): Imprint {
  return { by: 'alice', note: '', at: 1_760_000_000_000, privateKey: undefined, running: [], ...more };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return undefined;
}

export function itKeepsReleases(connect: () => Redis, clear: () => Promise<void>): void {
  let redis: Redis;
  let releases: Releases;
  const numbers = async (): Promise<readonly number[]> =>
    readHistory(await releases.history()).map(({ record }) => record.number);
  const publish = (byte: number, more: Partial<Imprint> = {}) =>
    publishRules(releases, Buffer.from([byte]), `revision-${byte}`, imprint(more));

  before(async () => {
    redis = connect();
    releases = createReleases(redis);
    await whenConnected(redis);
  });
  beforeEach(clear);
  after(() => redis.close());

  it('has nothing at first', async () => {
    expect(await releases.current()).to.equal(null);
    expect(await releases.history()).to.deep.equal([]);
    expect(await releases.content('none')).to.equal(null);
  });

  it('gives back what was published, every byte of it', async () => {
    const record = await publishRules(releases, PACKED, 'abc', imprint({ note: 'first' }));
    expect(record).to.deep.equal({
      number: 1,
      revision: 'abc',
      at: 1_760_000_000_000,
      by: 'alice',
      note: 'first',
      content: contentHash(PACKED),
      size: PACKED.length,
      rollbackTo: null,
    });
    expect(readRecord((await releases.current()) ?? '').record).to.deep.equal(record);
    expect(await releases.content(record.content)).to.deep.equal(PACKED);
  });

  it('tells those who listen', async () => {
    const listener = connect();
    let hear: (message: string) => void = () => undefined;
    const heard = new Promise<string>((resolve) => (hear = resolve));
    await listener.subscribe(fleetNames('test').channel, hear, () => undefined);
    await publish(1);
    expect(await heard).to.equal('1');
    await listener.close();
  });

  it('numbers the releases of several publishers without a gap or a double', async () => {
    await Promise.all([1, 2, 3, 4, 5].map((byte) => publish(byte)));
    expect(await numbers()).to.deep.equal([5, 4, 3, 2, 1]);
  });

  it('gives up when others are always faster', async () => {
    const never: Releases = { ...releases, commit: () => Promise.resolve(false) };
    expect(await failureOf(publishRules(never, PACKED, 'abc', imprint()))).to.be.instanceOf(Contended);
  });

  it('keeps the last fifty, and no contents of others', async () => {
    for (let byte = 0; byte < MOST_RELEASES + 3; byte += 1) await publish(byte);
    expect(await numbers()).to.have.length(MOST_RELEASES);
    const names = fleetNames('test');
    expect(await redis.send(names.contents, ['HLEN', names.contents])).to.equal(MOST_RELEASES);
    expect(await releases.content(contentHash(Buffer.from([2])))).to.equal(null);
    expect(await releases.content(contentHash(Buffer.from([3])))).to.deep.equal(Buffer.from([3]));
  });

  it('goes back to earlier rules with a new number, and they outlive the release that brought them', async () => {
    await publish(1);
    await publish(2);
    const back = await publishAgain(releases, undefined, imprint({ by: 'bob' }));
    expect(back).to.include({ number: 3, revision: 'revision-1', rollbackTo: 1, by: 'bob' });
    expect(await releases.content(back.content)).to.deep.equal(Buffer.from([1]));
  });

  it('does not go back to what is missing, damaged, or was never there', async () => {
    expect(await failureOf(publishAgain(releases, undefined, imprint()))).to.be.instanceOf(NoSuchRelease);
    const first = await publish(1);
    await publish(2);
    const { contents } = fleetNames('test');
    await redis.send(contents, ['HSET', contents, first.content, 'AAAA']);
    expect(String(await failureOf(publishAgain(releases, '1', imprint())))).to.contain('missing or damaged');
    await redis.send(contents, ['HDEL', contents, first.content]);
    expect(String(await failureOf(publishAgain(releases, '1', imprint())))).to.contain('missing or damaged');
    expect(await numbers()).to.deep.equal([2, 1]);
  });

  it('signs nothing again that the same key has not signed before', async () => {
    const { privateKey } = createKeys();
    await publish(1);
    await publish(2, { privateKey });
    const failure = await failureOf(publishAgain(releases, '1', imprint({ privateKey })));
    expect(String(failure)).to.contain('was not signed with this key');
    await publish(3, { privateKey });
    expect((await publishAgain(releases, '2', imprint({ privateKey }))).number).to.equal(4);
  });
}
