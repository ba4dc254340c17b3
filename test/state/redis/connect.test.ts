import { expect } from 'chai';
import { NoConnectionError } from '../../../state/redis/link.js';
import { OverdueError } from '../../../state/redis/within.js';
import { ask, describeWithRedis, startRedis, type RedisServer } from '../../support/redis-server.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';
import { connected, connecting, eventually, settingsOf, until } from './rig.js';

/** What a promise is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('it was not rejected'),
    (error: unknown) => error,
  );
}

describeWithRedis('a connection to Redis', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function serve(args: readonly string[] = []): Promise<RedisServer> {
    const server = await startRedis({ args });
    ends.push(server.stop);
    return server;
  }

  function connect(url: string, timeout?: number) {
    const connection = connecting(settingsOf([url], timeout === undefined ? {} : { timeout }));
    ends.push(connection.redis.close);
    return connection;
  }

  it('sends commands and gives their answers', async () => {
    const { redis } = connect((await serve()).url);
    await until(redis, ({ connected: isUp }) => isUp);
    expect(await redis.send('a', ['SET', 'a', Buffer.from('1')])).to.equal('OK');
    expect(await redis.send('a', ['INCR', 'a'])).to.equal(2);
    expect(await redis.send('a', ['MGET', 'a', 'b'])).to.deep.equal(['2', null]);
    expect(await rejection(redis.send('a', ['LPUSH', 'a', 'b'])))
      .to.have.property('message')
      .that.includes('WRONGTYPE');
  });

  it('refuses commands at once while it is not there', async () => {
    const server = await serve();
    const { redis, errors } = connect(server.url);
    expect(await rejection(redis.send('a', ['GET', 'a']))).to.be.instanceOf(NoConnectionError);
    await until(redis, ({ connected: isUp }) => isUp);
    await server.kill();
    await until(redis, ({ connected: isUp }) => !isUp);
    expect(await rejection(redis.send('a', ['GET', 'a']))).to.be.instanceOf(NoConnectionError);
    expect(redis.status().lastError).to.include(`127.0.0.1:${server.port}`);
    expect(errors).to.not.be.empty;
  });

  it('comes back by itself when the server does', async () => {
    const server = await serve();
    const { redis } = connect(server.url);
    for (let round = 0; round < 3; round++) {
      await until(redis, ({ connected: isUp }) => isUp);
      expect(await redis.send(null, ['PING'])).to.equal('PONG');
      await server.kill();
      await until(redis, ({ connected: isUp }) => !isUp);
      await server.restart();
    }
    await until(redis, ({ connected: isUp }) => isUp);
  });

  it('rejects what takes too long, and is given up and made anew when nothing is heard', async () => {
    const server = await serve();
    const { redis } = connect(server.url, 50);
    await until(redis, ({ connected: isUp }) => isUp);
    server.freeze();
    expect(await rejection(redis.send('a', ['GET', 'a']))).to.be.instanceOf(OverdueError);
    await until(redis, ({ connected: isUp }) => !isUp);
    expect(redis.status().lastError).to.include('nothing was heard');
    server.thaw();
    await until(redis, ({ connected: isUp }) => isUp);
    expect(await redis.send('a', ['GET', 'a'])).to.equal(null);
  });

  it('notices a silent cut without being used', async () => {
    const server = await serve();
    const proxy = await startTcpProxy(server.port);
    ends.push(proxy.stop);
    const { redis } = connect(`redis://127.0.0.1:${proxy.port}`, 50);
    await until(redis, ({ connected: isUp }) => isUp);
    proxy.cut();
    await until(redis, ({ connected: isUp }) => !isUp);
    proxy.mend();
    await until(redis, ({ connected: isUp }) => isUp);
  });

  it('enters with a password, into the database that is named', async () => {
    const server = await serve(['--requirepass', 'let me in']);
    const { redis } = connect(`redis://:let%20me%20in@127.0.0.1:${server.port}/3`);
    await until(redis, ({ connected: isUp }) => isUp);
    expect(await redis.send(null, ['CLIENT', 'INFO'])).to.include(' db=3 ');
  });

  it('tells that a password is wrong without telling the password, and goes on trying', async () => {
    const server = await serve(['--requirepass', 'right']);
    const { redis, errors } = connect(`redis://:wrong-one@127.0.0.1:${server.port}`);
    await eventually(() => errors.length > 1);
    expect(errors.map(({ message }) => message).join())
      .to.include('WRONGPASS')
      .and.not.include('wrong-one');
    await ask({ url: `redis://:right@127.0.0.1:${server.port}` }, [
      'CONFIG',
      'SET',
      'requirepass',
      'wrong-one',
    ]);
    await until(redis, ({ connected: isUp }) => isUp);
  });

  it('hides the password where the server repeats it', async () => {
    const server = await serve(['--rename-command', 'AUTH', '']);
    const { errors } = connect(`redis://:my-secret@127.0.0.1:${server.port}`);
    await eventually(() => errors.length > 0);
    expect(errors[0]?.message).to.include('***').and.not.include('my-secret');
  });

  it('hears what is published, and tells when it is back after a cut', async () => {
    const server = await serve();
    const { redis } = await connected(settingsOf([server.url]));
    ends.push(redis.close);
    const heard: string[] = [];
    let timesBack = 0;
    await redis.subscribe(
      'news',
      (message) => heard.push(message),
      () => (timesBack += 1),
    );
    await redis.subscribe(
      'more',
      (message) => heard.push(message),
      () => undefined,
    );
    await redis.send(null, ['PUBLISH', 'news', 'one']);
    await redis.send(null, ['PUBLISH', 'more', 'two']);
    await eventually(() => heard.length === 2);
    expect(timesBack).to.equal(0);
    await server.kill();
    await server.restart();
    await eventually(() => timesBack === 1);
    await until(redis, ({ connected: isUp }) => isUp);
    await redis.send(null, ['PUBLISH', 'news', 'three']);
    await eventually(() => heard.length === 3);
    expect(heard).to.deep.equal(['one', 'two', 'three']);
  });

  it('lets a process that begins before the server listen all the same', async () => {
    const server = await serve();
    await server.kill();
    const { redis } = connect(server.url);
    const heard: string[] = [];
    let isBack = false;
    await redis.subscribe(
      'news',
      (message) => heard.push(message),
      () => (isBack = true),
    );
    await server.restart();
    await eventually(() => isBack);
    await ask(server, ['PUBLISH', 'news', 'one']);
    await eventually(() => heard.length === 1);
  });

  it('waits for what was sent when it is closed, and then sends nothing more', async () => {
    const { redis } = connect((await serve()).url);
    await until(redis, ({ connected: isUp }) => isUp);
    const sent = Array.from({ length: 100 }, () => redis.send('a', ['INCR', 'a']));
    await redis.close();
    expect(await Promise.all(sent)).to.have.length(100);
    expect(await rejection(redis.send('a', ['GET', 'a']))).to.be.instanceOf(NoConnectionError);
  });
});
