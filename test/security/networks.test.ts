import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseNetwork } from '../../engine/networks.js';
import { clientAddressOf, type TrustedProxies } from '../../server/access/client-address.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { ALLOWED, BLOCK, blockBody, call, REFUSED, SEND, sendBody, TENCENT_ALLOWED } from './support.js';

const NO_RULES = { 'rules.yaml': 'rules: []\n' };
const EVERY_LINE = 'log: { interval: 0 }';
const TENCENT_URL = `/tencent?SdkAppid=1400000000&CallbackCommand=${SEND}`;

describe('networks', () => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  async function start(networks: string, settings = ''): Promise<TestServer> {
    const apps = `
${EVERY_LINE}
apps:
  - { id: im, platform: openim, path: /openim, networks: ${networks} }
  - { id: tc, platform: tencent, path: /tencent, sdkAppId: 1400000000, networks: ${networks} }
`;
    server = await startTestServer({
      apps,
      rules: NO_RULES,
      settings: { server: `listen: '127.0.0.1:0'${settings}` },
    });
    return server;
  }

  const replies = async ({ callbackOrigin }: TestServer, forwardedFor?: string): Promise<unknown[]> => {
    const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
    return [
      (await call(`${callbackOrigin}/openim/${BLOCK}`, { body: blockBody, headers })).json,
      (await call(`${callbackOrigin}${TENCENT_URL}`, { body: sendBody, headers })).json,
    ];
  };
  const ADMITTED = [ALLOWED, TENCENT_ALLOWED];
  const TURNED_AWAY = [REFUSED, { ActionStatus: 'OK', ErrorCode: 120001, ErrorInfo: 'This is not allowed.' }];

  it('admit callers from inside, on both platforms', async () => {
    for (const networks of ['[127.0.0.1]', '[10.0.0.0/8, 127.0.0.0/8]']) {
      expect(await replies(await start(networks)), networks).to.deep.equal(ADMITTED);
      await server?.stop();
    }
  });

  it('turn away callers from outside, each in one log line that says where from', async () => {
    const { log } = await start('[10.0.0.0/8, "::1"]');
    expect(await replies(server!)).to.deep.equal(TURNED_AWAY);
    expect(log.lines().map(({ app, cause, msg }) => [app, cause, msg])).to.deep.equal(
      ['im', 'tc'].map((app) => [
        app,
        'unauthenticated',
        'callback not judged: called from 127.0.0.1, which is not in `networks`',
      ]),
    );
  });

  it('turn them away on the shared path too', async () => {
    const { callbackOrigin } = await start('[10.0.0.0/8]');
    expect((await call(`${callbackOrigin}/callback/${BLOCK}`, { body: blockBody })).json).to.deep.equal(
      REFUSED,
    );
  });

  it('turn them away before anything else is looked at', async () => {
    const { callbackOrigin, log } = await start('[10.0.0.0/8]');
    for (const sent of [{ method: 'GET' }, { body: 7 }, { body: { callbackCommand: 'no such' } }])
      expect((await call(`${callbackOrigin}/openim`, sent)).json).to.deep.equal(REFUSED);
    expect(new Set(log.lines().map(({ cause }) => cause))).to.deep.equal(new Set(['unauthenticated']));
  });

  it('answer a stranger without waiting for a body', async () => {
    const { callbackOrigin } = await start('[10.0.0.0/8]');
    const headers = { 'content-length': '60000' };
    const { json } = await call(`${callbackOrigin}/openim/${BLOCK}`, { method: 'POST', headers });
    expect(json).to.deep.equal(REFUSED);
  });

  it('acknowledge what has happened to strangers as well', async () => {
    const { callbackOrigin } = await start('[10.0.0.0/8]');
    const command = 'Sns.CallbackBlackListAdd';
    const url = `${callbackOrigin}/tencent?SdkAppid=1400000000&CallbackCommand=${command}`;
    expect((await call(url, { body: { CallbackCommand: command, PairList: [] } })).json).to.deep.equal(
      TENCENT_ALLOWED,
    );
  });

  describe('behind a proxy', () => {
    it('do not believe X-Forwarded-For by default', async () => {
      expect(await replies(await start('[10.0.0.0/8]'), '10.1.2.3')).to.deep.equal(TURNED_AWAY);
    });

    it('believe as many proxies as there are', async () => {
      const gate = await start('[10.0.0.0/8]', ', trustProxy: 1');
      expect(await replies(gate, '10.1.2.3')).to.deep.equal(ADMITTED);
      expect(await replies(gate, '10.1.2.3, 203.0.113.7')).to.deep.equal(TURNED_AWAY);
      expect(await replies(gate)).to.deep.equal(TURNED_AWAY);
    });

    it('believe the proxies of a list', async () => {
      const gate = await start('[10.0.0.0/8]', ', trustProxy: [127.0.0.0/8, 192.0.2.1]');
      expect(await replies(gate, '10.1.2.3')).to.deep.equal(ADMITTED);
      expect(await replies(gate, '10.1.2.3, 192.0.2.1')).to.deep.equal(ADMITTED);
      expect(await replies(gate, '10.1.2.3, 203.0.113.7')).to.deep.equal(TURNED_AWAY);
    });

    it('believe nobody when the caller is not one of the list', async () => {
      expect(
        await replies(await start('[10.0.0.0/8]', ', trustProxy: [192.0.2.1]'), '10.1.2.3'),
      ).to.deep.equal(TURNED_AWAY);
    });

    it('name the address that was believed', async () => {
      const { log } = await start('[10.0.0.0/8]', ', trustProxy: 1');
      await replies(server!, '203.0.113.9');
      expect(log.lines()[0]?.['msg']).to.include('called from 203.0.113.9,');
    });
  });
});

describe('the address of a caller', () => {
  const networks = (...texts: string[]): TrustedProxies => texts.map((text) => parseNetwork(text)!);

  function addressOf(peer: string | undefined, forwardedFor: string | undefined, proxies: TrustedProxies) {
    const socket = new Socket();
    Object.defineProperty(socket, 'remoteAddress', { value: peer });
    const request = new IncomingMessage(socket);
    if (forwardedFor !== undefined) request.headers['x-forwarded-for'] = forwardedFor;
    return clientAddressOf(request, proxies);
  }

  const cases: readonly (readonly [
    what: string,
    peer: string,
    forwardedFor: string | undefined,
    proxies: TrustedProxies,
    expected: string | undefined,
  ])[] = [
    ['is the peer', '203.0.113.7', undefined, 0, '203.0.113.7'],
    ['is the peer when no proxy is trusted', '203.0.113.7', '10.0.0.1', 0, '203.0.113.7'],
    ['is what the only proxy wrote', '192.0.2.1', '1.1.1.1, 203.0.113.7', 1, '203.0.113.7'],
    [
      'is what the outer of two proxies wrote',
      '192.0.2.1',
      '1.1.1.1, 203.0.113.7, 192.0.2.2',
      2,
      '203.0.113.7',
    ],
    ['is unknown when a proxy is missing', '192.0.2.1', '203.0.113.7', 2, undefined],
    ['is unknown when no proxy wrote anything', '192.0.2.1', undefined, 1, undefined],
    ['is the peer that is not a proxy', '203.0.113.7', '10.0.0.1', networks('192.0.2.0/24'), '203.0.113.7'],
    [
      'is the last that is not a proxy',
      '192.0.2.1',
      '10.0.0.1, 203.0.113.7, 192.0.2.2',
      networks('192.0.2.0/24'),
      '203.0.113.7',
    ],
    [
      'is the first where all are proxies',
      '192.0.2.1',
      '192.0.2.3, 192.0.2.2',
      networks('192.0.2.0/24'),
      '192.0.2.3',
    ],
    ['is a proxy that calls by itself', '192.0.2.1', undefined, networks('192.0.2.0/24'), '192.0.2.1'],
    [
      'is unknown behind something that is none',
      '192.0.2.1',
      '203.0.113.7, unknown',
      networks('192.0.2.0/24'),
      undefined,
    ],
    ['has no port', '192.0.2.1', '203.0.113.7:4711', 1, '203.0.113.7'],
    ['has no brackets', '192.0.2.1', '[2001:db8::7]:4711', 1, '2001:db8::7'],
    [
      'is told by a proxy over IPv6',
      '::ffff:192.0.2.1',
      '203.0.113.7',
      networks('192.0.2.0/24'),
      '203.0.113.7',
    ],
  ];
  for (const [what, peer, forwardedFor, proxies, expected] of cases) {
    it(what, () => expect(addressOf(peer, forwardedFor, proxies)).to.equal(expected));
  }

  it('is unknown without a peer', () => expect(addressOf(undefined, undefined, 0)).to.equal(undefined));

  it('never depends on what stands before the last address that is not a proxy', () => {
    const made = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 20 })), { maxLength: 5 });
    fc.assert(
      fc.property(made, (forged) => {
        const header = [...forged, '203.0.113.7', '192.0.2.2'].join(', ');
        expect(addressOf('192.0.2.1', header, networks('192.0.2.0/24'))).to.equal('203.0.113.7');
        expect(addressOf('192.0.2.1', header, 2)).to.equal('203.0.113.7');
      }),
    );
  });
});
