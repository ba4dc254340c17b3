import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { openListener, type Listener, type ListenerOptions } from '../../server/listener.js';
import { send } from '../support/http.js';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const SHORT = { headers: 100, request: 200, look: 20 };

describe('connections to the listener', () => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  /** A listener that answers each request when it is complete. */
  async function listen(options: ListenerOptions): Promise<Listener> {
    const listener = await openListener(
      async (request, response) => {
        for await (const chunk of request) void chunk;
        response.end('done');
      },
      LOOPBACK,
      options,
    );
    open.push(() => listener.drain(1000, 0));
    return listener;
  }

  /** Sends a text and nothing more. @returns what came until the other side closed */
  function sendPart(port: number, text: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      let received = '';
      socket.on('data', (chunk) => (received += String(chunk)));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(received));
    });
  }

  const PARTS: Readonly<Record<string, string>> = {
    'that never say anything': '',
    'whose headers never end': 'POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ',
    'whose bodies never end': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123',
  };

  for (const [what, text] of Object.entries(PARTS)) {
    it(`are closed ${what}`, async () => {
      const { address } = await listen({ patience: SHORT });
      const received = await sendPart(address.port, text);
      if (text !== '') expect(received).to.match(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    });

    it(`are closed ${what}, also when another process has accepted them`, async () => {
      const { connections, port } = await acceptElsewhere();
      await listen({ patience: SHORT, connections });
      const received = await sendPart(port, text);
      if (text !== '') expect(received).to.match(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    });
  }

  /** Accepts connections and hands them over, as a primary does. */
  async function acceptElsewhere(): Promise<{
    readonly connections: NonNullable<ListenerOptions['connections']>;
    readonly port: number;
  }> {
    let take: (socket: Socket) => void = () => undefined;
    const server = createServer({ allowHalfOpen: true }, (socket) => take(socket));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    open.push(() => new Promise((resolve) => server.close(resolve)));
    const address = { host: '127.0.0.1', port };
    return { connections: { address, onConnection: (taker) => (take = taker) }, port };
  }

  it('that another process has accepted are answered, and drained', async () => {
    const { connections, port } = await acceptElsewhere();
    const listener = await listen({ connections });
    expect(listener.address.port).to.equal(port);
    expect((await send(`http://127.0.0.1:${port}/`, { body: 'x' })).text).to.equal('done');
    const socket = connect(port, '127.0.0.1');
    const reply = new Promise<string>((resolve) => {
      let received = '';
      socket.on('data', (chunk) => (received += String(chunk)));
      socket.on('close', () => resolve(received));
    });
    await new Promise<void>((resolve) => {
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
      socket.once('data', () => resolve());
    });
    const drained = listener.drain(10_000, 0);
    socket.write('body');
    expect(await drained).to.equal(0);
    expect(await reply).to.match(/done$/);
  });

  it('are closed when there are too many, and taken again when there are fewer', async () => {
    const listener = await listen({ maxConnections: 2 });
    const { port } = listener.address;
    const kept = await Promise.all([1, 2].map(() => connected(port)));
    for (const socket of kept) expect(await ask(socket)).to.match(/^HTTP\/1\.1 200 /);
    expect(await sendPart(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n')).to.equal('');
    expect(listener.refusedConnections()).to.equal(1);
    await closed(kept[0]!);
    const next = await connected(port);
    expect(await ask(next)).to.match(/^HTTP\/1\.1 200 /);
    for (const socket of [kept[1]!, next]) await closed(socket);
    expect(listener.refusedConnections()).to.equal(1);
  });

  it('are kept longer than callers keep them', async () => {
    const { address } = await listen({});
    const socket = await connected(address.port);
    const [, seconds] = /\r\nKeep-Alive: timeout=(\d+)\r\n/.exec(await ask(socket)) ?? [];
    // Go's http.Transport keeps idle connections for 90 s.
    expect(Number(seconds)).to.be.above(90);
    await closed(socket);
  });
});

function connected(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
  });
}

function ask(socket: Socket): Promise<string> {
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  return new Promise((resolve) => socket.once('data', (chunk) => resolve(String(chunk))));
}

/** Closes a connection and waits until the other side has done so too. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on('close', () => resolve());
    socket.end();
  });
}
