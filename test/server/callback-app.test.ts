import { Agent } from 'node:http';
import { gzipSync, deflateSync, brotliCompressSync } from 'node:zlib';
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { App, WireRequest } from '../../adapters/index.js';
import { createCallbackApp, type Gate } from '../../server/callback-app.js';
import { EXPIRED, type Deadline } from '../../server/deadline.js';
import { openListener, type Listener } from '../../server/listener.js';
import { createOverloadGuard } from '../../server/overload.js';
import { send, sendRaw, type Received, type Sent } from '../support/http.js';
import { createTestLog } from '../support/log.js';

const COMMON = { default: 'allow', onFailure: 'allow', deadline: 60_000 } as const;
const APPS: readonly App[] = [
  { ...COMMON, platform: 'openim', id: 'im', path: '/openim', dialect: 'server' },
  { ...COMMON, platform: 'openim', id: 'other', path: '/chat/v2/open.im', dialect: 'server' },
  { ...COMMON, platform: 'tencent', id: 'first', path: '/tencent', sdkAppId: '1400000000' },
  { ...COMMON, platform: 'tencent', id: 'second', path: '/tencent-2', sdkAppId: '1400000001' },
];

const LIMIT = 10_000;

/** A gate that shows what reached it. */
function mirror(app: App): Gate {
  return {
    app,
    answer: ({ method, subpath, query, body, bodyFailure }) =>
      Promise.resolve(
        JSON.stringify({
          app: app.id,
          method,
          subpath,
          query: query.toString(),
          body,
          cause: bodyFailure?.cause,
        }),
      ),
  };
}

/** Its checksum does not fit: what it holds comes out before that is noticed. */
function brokenAtTheEnd(compressed: Buffer): Buffer {
  const broken = Buffer.from(compressed);
  broken.writeUInt8(broken.readUInt8(broken.length - 6) ^ 0xff, broken.length - 6);
  return broken;
}

describe('the callback listener', () => {
  const log = createTestLog();
  const overload = createOverloadGuard({ maxInFlight: 1000 });
  let isDraining = false;
  let listener: Listener;
  let root: string;

  const open = async (gates: readonly Gate[]): Promise<Listener> =>
    openListener(
      createCallbackApp({
        gates,
        bodyLimit: LIMIT,
        isDraining: () => isDraining,
        overload,
        logger: log.logger,
      }).callback(),
      { host: '127.0.0.1', port: 0 },
    );

  before(async () => {
    listener = await open(APPS.map(mirror));
    root = `http://127.0.0.1:${listener.address.port}`;
  });
  after(async () => {
    await listener.drain(0);
    overload.close();
  });

  async function seen(path: string, sent: Sent = { body: '{"a":1}' }): Promise<Record<string, unknown>> {
    const received = await send(`${root}${path}`, sent);
    expect(received.status).to.equal(200);
    expect(received.headers['content-type']).to.equal('application/json; charset=utf-8');
    expect(received.headers['content-length']).to.equal(String(Buffer.byteLength(received.text)));
    return JSON.parse(received.text) as Record<string, unknown>;
  }

  describe('serves the app', () => {
    const urls: readonly (readonly [path: string, app: string, subpath: string, query: string])[] = [
      ['/openim', 'im', '', ''],
      ['/openim/', 'im', '', ''],
      ['/openim/callbackX', 'im', 'callbackX', ''],
      ['/openim/callbackX/', 'im', 'callbackX', ''],
      ['/openim//callbackX', 'im', 'callbackX', ''],
      ['//openim///callbackX//', 'im', 'callbackX', ''],
      ['/OpenIM/callbackX', 'im', 'callbackX', ''],
      ['/openim?command=callbackX', 'im', '', 'command=callbackX'],
      ['/openim/?command=callbackX&contenttype=json', 'im', '', 'command=callbackX&contenttype=json'],
      ['/openim/callbackX?command=callbackX', 'im', 'callbackX', 'command=callbackX'],
      ['/openim/a/b', 'im', 'a/b', ''],
      ['/chat/v2/open.im/callbackX', 'other', 'callbackX', ''],
      ['/chat//v2/open.im', 'other', '', ''],
      [
        '/tencent?SdkAppid=1400000001&CallbackCommand=A.B',
        'first',
        '',
        'SdkAppid=1400000001&CallbackCommand=A.B',
      ],
      ['/tencent-2', 'second', '', ''],
      ['/callback', 'im', '', ''],
      ['/callback/', 'im', '', ''],
      ['//callback//callbackX', 'im', 'callbackX', ''],
      ['/callback?command=callbackX', 'im', '', 'command=callbackX'],
      ['/callback?SdkAppid=1400000000', 'first', '', 'SdkAppid=1400000000'],
      ['/callback?SdkAppid=1400000001', 'second', '', 'SdkAppid=1400000001'],
      ['/callback/?sdkappid=1400000001&x=1', 'second', '', 'sdkappid=1400000001&x=1'],
      ['/callback?SDKAPPID=1400000001', 'second', '', 'SDKAPPID=1400000001'],
      ['/callback?SdkAppid=7&CallbackCommand=A.B', 'first', '', 'SdkAppid=7&CallbackCommand=A.B'],
      ['/callback?CallbackCommand=A.B', 'first', '', 'CallbackCommand=A.B'],
    ];
    for (const [path, app, subpath, query] of urls) {
      it(`"${app}" at ${path}`, async () => {
        expect(await seen(path)).to.deep.equal({ app, method: 'POST', subpath, query, body: { a: 1 } });
      });
    }
  });

  describe('answers 404 in plain text', () => {
    for (const path of [
      '/',
      '/favicon.ico',
      '/openimx',
      '/open',
      '/tencent-3',
      '/chat/v2/openXim',
      '/callbacks',
      '/%2e%2e',
    ]) {
      it(`at ${path}`, async () => {
        const received = await send(`${root}${path}`, { body: '{}' });
        expect(received.status).to.equal(404);
        expect(received.headers['content-type']).to.equal('text/plain; charset=utf-8');
        expect(received.text).to.equal('Not Found');
      });
    }

    it('at the shared path when no app of the platform is configured', async () => {
      const only = await open(APPS.filter(({ platform }) => platform === 'tencent').map(mirror));
      const url = `http://127.0.0.1:${only.address.port}/callback`;
      expect((await send(url, { body: '{}' })).status).to.equal(404);
      expect((await send(`${url}?SdkAppid=1400000000`, { body: '{}' })).status).to.equal(200);
      await only.drain(0);
    });
  });

  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    it(`passes ${method} on to the app, with status 200`, async () => {
      expect(await seen('/openim/callbackX', { method, body: '{}' })).to.include({ app: 'im', method });
    });
  }

  it('answers HEAD with the headers of the reply', async () => {
    const received = await send(`${root}/openim`, { method: 'HEAD' });
    expect(received.status).to.equal(200);
    expect(received.headers['content-type']).to.equal('application/json; charset=utf-8');
    expect(Number(received.headers['content-length'])).to.be.above(0);
  });

  describe('reads JSON bodies', () => {
    const body = { text: 'Grüße, 世界' };
    const json = JSON.stringify(body);
    const bodies: Readonly<Record<string, Sent>> = {
      'without a content type': { body: json },
      'of content type application/json': { body: json, headers: { 'content-type': 'application/json' } },
      'of any other content type': { body: json, headers: { 'content-type': 'text/xml; charset=gbk' } },
      'of an unreadable content type': { body: json, headers: { 'content-type': ';;;' } },
      'in pieces': { body: json, headers: { 'transfer-encoding': 'chunked' } },
      'with a byte order mark': { body: `\uFEFF${json}` },
      'compressed with gzip': { body: gzipSync(json), headers: { 'content-encoding': 'gzip' } },
      'compressed with deflate': { body: deflateSync(json), headers: { 'content-encoding': 'deflate' } },
      'compressed with brotli': { body: brotliCompressSync(json), headers: { 'content-encoding': 'br' } },
    };
    for (const [how, sent] of Object.entries(bodies)) {
      it(how, async () => {
        expect(await seen('/openim', sent)).to.deep.include({ body });
      });
    }

    it('with bytes that are no UTF-8, which become U+FFFD', async () => {
      const bytes = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
      expect(await seen('/openim', { body: bytes })).to.deep.include({ body: { text: '\uFFFD\uFFFD' } });
    });
  });

  describe('hands bad bodies on as failures', () => {
    const large = JSON.stringify({ text: 'x'.repeat(LIMIT) });
    const bodies: Readonly<Record<string, readonly [Sent, cause: string]>> = {
      'no JSON': [{ body: 'hello' }, 'unreadable-body'],
      'half a JSON object': [{ body: '{"a":' }, 'unreadable-body'],
      'a JSON number': [{ body: '1' }, 'unreadable-body'],
      'a JSON text': [{ body: '"x"' }, 'unreadable-body'],
      null: [{ body: 'null' }, 'unreadable-body'],
      nothing: [{ body: '' }, 'unreadable-body'],
      'a form': [
        { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
        'unreadable-body',
      ],
      'a __proto__ key': [{ body: '{"a":{"__proto__":{"b":1}}}' }, 'unreadable-body'],
      'an escaped __proto__ key': [{ body: '{"\\u005f_proto__":1}' }, 'unreadable-body'],
      'too many bytes': [{ body: large }, 'body-too-large'],
      'too many bytes in pieces': [
        { body: large, headers: { 'transfer-encoding': 'chunked' } },
        'body-too-large',
      ],
      'a small gzip of too many bytes': [
        { body: gzipSync(Buffer.alloc(5_000_000, 'x')), headers: { 'content-encoding': 'gzip' } },
        'body-too-large',
      ],
      'a gzip that is too large and turns out to be broken afterwards': [
        { body: brokenAtTheEnd(gzipSync('x'.repeat(2 * LIMIT))), headers: { 'content-encoding': 'gzip' } },
        'body-too-large',
      ],
      'a gzip whose rest arrives too late': [
        {
          body: gzipSync(randomBytes(LIMIT * 20).toString('base64')),
          headers: { 'content-encoding': 'gzip' },
        },
        'body-too-large',
      ],
      'a broken gzip': [{ body: '{"a":1}', headers: { 'content-encoding': 'gzip' } }, 'unreadable-body'],
      'a gzip cut short': [
        { body: gzipSync('{"a":1}').subarray(0, 15), headers: { 'content-encoding': 'gzip' } },
        'unreadable-body',
      ],
      'an unknown encoding': [
        { body: '{"a":1}', headers: { 'content-encoding': 'zstd' } },
        'unreadable-body',
      ],
    };
    for (const [what, [sent, cause]] of Object.entries(bodies)) {
      it(`${what}: ${cause}, and the connection serves on`, async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const failed = await seen('/openim', { ...sent, agent });
        expect(failed).to.include({ cause });
        expect(failed).to.not.have.property('body');
        expect(await seen('/openim', { body: '{"good":true}', agent })).to.deep.include({
          body: { good: true },
        });
        agent.destroy();
      });
    }
  });

  it('never quotes a body in its reason', async () => {
    const reasons: string[] = [];
    const curious = await open([
      {
        app: APPS[0]!,
        answer: ({ bodyFailure }: WireRequest) => {
          reasons.push(bodyFailure!.message);
          return Promise.resolve('{}');
        },
      },
    ]);
    const url = `http://127.0.0.1:${curious.address.port}/openim`;
    await send(url, { body: '{"password":"hunter2"' });
    await send(url, { body: 'hunter2' });
    await send(url, { body: '{"__proto__":"hunter2"}' });
    await curious.drain(0);
    expect(reasons).to.deep.equal([
      'the body is not a JSON object or array',
      'the body is not a JSON object or array',
      'the body has a __proto__ key',
    ]);
  });

  it('answers within the deadline when the body does not arrive', async () => {
    const app: App = { ...APPS[0]!, deadline: 20 };
    const impatient = await open([mirror(app)]);
    const head = 'POST /openim HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half":';
    const socket = connect(impatient.address.port, '127.0.0.1', () => socket.write(head));
    const reply = await new Promise<string>((resolve) => {
      socket.once('data', (bytes) => resolve(bytes.toString()));
    });
    expect(reply).to.include('HTTP/1.1 200').and.include('"cause":"deadline"');
    socket.destroy();
    await impatient.drain(0);
  });

  it('starts the deadline with the request and clears it with the reply', async () => {
    const deadlines: Deadline[] = [];
    const app: App = { ...APPS[0]!, deadline: 10 };
    const slow = await open([
      {
        app,
        answer: async (_, deadline) => {
          deadlines.push(deadline);
          return JSON.stringify({ isExpired: (await deadline.expired) === EXPIRED });
        },
      },
    ]);
    const received = await send(`http://127.0.0.1:${slow.address.port}/openim`, { body: '{}' });
    expect(JSON.parse(received.text)).to.deep.equal({ isExpired: true });
    expect(deadlines).to.have.lengthOf(1);
    await slow.drain(0);
  });

  describe('survives', () => {
    const GOOD: Sent = { body: '{"good":true}' };

    for (const encoding of ['identity', 'gzip']) {
      it(`clients that go away in the middle of a body (${encoding})`, async () => {
        log.clear();
        let onAnswer: (request: WireRequest) => void = () => undefined;
        const answered = new Promise<WireRequest>((resolve) => (onAnswer = resolve));
        const broken = await open([
          {
            app: APPS[0]!,
            answer: (request) => {
              onAnswer(request);
              return Promise.resolve('{}');
            },
          },
        ]);
        const head =
          'POST /openim HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n' +
          `Content-Encoding: ${encoding}\r\n\r\n`;
        const socket = connect(broken.address.port, '127.0.0.1', () => socket.write(head));
        socket.once('data', () => {
          socket.write(gzipSync('{"half":1}').subarray(0, 20), () => socket.destroy());
        });
        expect((await answered).bodyFailure).to.include({ cause: 'unreadable-body' });
        expect(await seen('/openim', GOOD)).to.include({ app: 'im' });
        await broken.drain(1_000);
        expect(log.lines()).to.deep.equal([]);
      });
    }

    it('clients that go away before their reply', async () => {
      log.clear();
      let release = (): void => undefined;
      let arrived = (): void => undefined;
      const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
      const waiting = new Promise<void>((resolve) => (release = resolve));
      const late = await open([
        {
          app: APPS[0]!,
          answer: async () => {
            arrived();
            await waiting;
            return '{}';
          },
        },
      ]);
      const socket = connect(late.address.port, '127.0.0.1', () =>
        socket.write('POST /openim HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}'),
      );
      await hasArrived;
      socket.destroy();
      release();
      await late.drain(1_000);
      expect(log.lines()).to.deep.equal([]);
    });

    it('bytes that are no HTTP, which get status 400', async () => {
      expect(await sendRaw(listener.address.port, 'hello\r\n\r\n')).to.match(
        /^HTTP\/1\.1 400 .*Connection: close/s,
      );
      expect(await seen('/openim', GOOD)).to.include({ app: 'im' });
    });

    it('headers without end, which get status 431', async () => {
      const text = `GET /openim HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(1_300_000)}\r\n\r\n`;
      expect(await sendRaw(listener.address.port, text)).to.match(/^HTTP\/1\.1 431 /);
    });

    it('paths made to slow a router down', async () => {
      const path = `/${'/'.repeat(8_000)}x`;
      expect((await send(`${root}${path}`, GOOD)).status).to.equal(404);
      expect(await seen(`/openim${'/'.repeat(8_000)}x`, GOOD)).to.include({ subpath: 'x' });
    });
  });

  it('tells connections to close while draining', async () => {
    const agent = new Agent({ keepAlive: true });
    const connection = async (): Promise<Received> => send(`${root}/openim`, { body: '{}', agent });
    expect((await connection()).headers.connection).to.equal('keep-alive');
    isDraining = true;
    expect((await connection()).headers.connection).to.equal('close');
    expect((await send(`${root}/nowhere`, { agent })).headers.connection).to.equal('close');
    isDraining = false;
    agent.destroy();
  });
});
