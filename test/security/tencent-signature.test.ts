import { expect } from 'chai';
import { startTestServer, type TestServer } from '../support/server.js';
import { call, SEND, sendBody, signedQuery, TENCENT_ALLOWED, TOKEN } from './support.js';

const REFUSED_SEND = { ActionStatus: 'OK', ErrorCode: 120001, ErrorInfo: 'This is not allowed.' };

describe('a Tencent app with a token', () => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  async function start(settings = ''): Promise<TestServer> {
    const apps = `
log: { interval: 0 }
apps: [{ id: tc, platform: tencent, path: /tencent, sdkAppId: 1400000000, token: ${TOKEN}${settings} }]
`;
    server = await startTestServer({ apps, rules: { 'rules.yaml': 'rules: []\n' } });
    return server;
  }

  const now = (): number => Math.floor(Date.now() / 1000);
  const reply = async ({ callbackOrigin }: TestServer, query: string, path = '/tencent'): Promise<unknown> =>
    (await call(`${callbackOrigin}${path}?${query}`, { body: sendBody })).json;

  it('takes a call with a fresh signature', async () => {
    const gate = await start();
    for (const time of [now(), now() - 290, now() + 290])
      expect(await reply(gate, signedQuery(SEND, TOKEN, time))).to.deep.equal(TENCENT_ALLOWED);
    expect(await reply(gate, signedQuery(SEND, TOKEN, now()), '/callback')).to.deep.equal(TENCENT_ALLOWED);
    expect(gate.log.lines()).to.deep.equal([]);
  });

  it('refuses a signature that is missing, wrong, of another token or stale, each in one log line', async () => {
    const gate = await start();
    const fresh = signedQuery(SEND, TOKEN, now());
    const queries = [
      `SdkAppid=1400000000&CallbackCommand=${SEND}`,
      fresh.replace(/Sign=\w{4}/, 'Sign=0000'),
      signedQuery(SEND, 'another-token', now()),
      fresh.replace(/RequestTime=\d+/, `RequestTime=${now() + 1}`),
      signedQuery(SEND, TOKEN, now() - 310),
      signedQuery(SEND, TOKEN, now() + 310),
    ];
    for (const query of queries) expect(await reply(gate, query), query).to.deep.equal(REFUSED_SEND);
    expect(gate.log.lines().map(({ cause }) => cause)).to.deep.equal(queries.map(() => 'unauthenticated'));
    expect(gate.log.text()).to.not.include(TOKEN);
  });

  it('takes a longer or shorter window', async () => {
    const short = await start(', signatureWindow: 10');
    expect(await reply(short, signedQuery(SEND, TOKEN, now() - 30))).to.deep.equal(REFUSED_SEND);
    expect(await reply(short, signedQuery(SEND, TOKEN, now()))).to.deep.equal(TENCENT_ALLOWED);
    await short.stop();
    const long = await start(', signatureWindow: 3600');
    expect(await reply(long, signedQuery(SEND, TOKEN, now() - 3000))).to.deep.equal(TENCENT_ALLOWED);
    expect(await reply(long, signedQuery(SEND, TOKEN, now() - 3700))).to.deep.equal(REFUSED_SEND);
  });

  it('says in its status that it is called with a signature', async () => {
    const { adminOrigin } = await start();
    const { json } = await call(`${adminOrigin}/status`);
    expect((json as { apps: unknown[] }).apps[0]).to.deep.include({ needs: ['signature'] });
  });
});
