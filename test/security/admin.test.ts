import { expect } from 'chai';
import { sendRaw } from '../support/http.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { ADMIN_TOKEN, call, type Answer } from './support.js';

const PAGES = ['/status', '/metrics', '/nowhere'];
const OPEN_PAGES = ['/healthz', '/readyz'];

describe('the admin listener', () => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  async function start(admin = "listen: '127.0.0.1:0'"): Promise<TestServer> {
    server = await startTestServer({ rules: { 'rules.yaml': 'rules: []\n' }, settings: { admin } });
    return server;
  }

  const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    call(`${server?.adminOrigin ?? ''}${path}`, { headers });

  describe('with a token', () => {
    beforeEach(() => start(`listen: '127.0.0.1:0', token: ${ADMIN_TOKEN}`));

    it('shows nothing without it, on loopback either, and what is there is not told', async () => {
      const wrong = [
        {},
        { authorization: 'Bearer' },
        { authorization: `Bearer ${ADMIN_TOKEN}x` },
        { authorization: `Bearer ${ADMIN_TOKEN.slice(1)}` },
        { authorization: `Bearer ${ADMIN_TOKEN.toUpperCase()}` },
        { authorization: ADMIN_TOKEN },
        { authorization: `Basic ${Buffer.from(`admin:${ADMIN_TOKEN}`).toString('base64')}` },
      ];
      for (const headers of wrong) {
        for (const page of PAGES) {
          const { status, headers: sent, text } = await get(page, headers);
          expect(status, page).to.equal(401);
          expect(sent['www-authenticate']).to.equal('Bearer');
          expect(text).to.equal('The admin token is missing or wrong.\n');
        }
      }
      expect((await get(`/status?token=${ADMIN_TOKEN}`)).status).to.equal(401);
    });

    it('shows everything with it', async () => {
      for (const scheme of ['Bearer', 'bearer']) {
        const { status, json, text } = await get('/status', { authorization: `${scheme} ${ADMIN_TOKEN}` });
        expect(status).to.equal(200);
        expect(json).to.include({ state: 'serving' });
        expect(text).to.not.include(ADMIN_TOKEN);
      }
    });

    it('tells anybody whether it lives and is ready: orchestrators have no token', async () => {
      for (const page of OPEN_PAGES) expect((await get(page)).status, page).to.equal(200);
    });
  });

  describe('against pages of other sites', () => {
    const FOREIGN = ['evil.example', 'evil.example:8081', 'localhost.evil.example', '127.0.0.1.evil.example'];
    const OWN = ['localhost', 'LOCALHOST:8081', '127.0.0.1', '127.0.0.1:8081', '[::1]:8081', '10.1.2.3:8081'];

    it('answers no request whose Host another site could have', async () => {
      await start();
      for (const host of FOREIGN) {
        for (const page of PAGES) expect((await get(page, { host })).status, host).to.equal(403);
      }
      for (const host of OWN) expect((await get('/status', { host })).status, host).to.equal(200);
    });

    it('answers those of its own names', async () => {
      await start("listen: '127.0.0.1:0', hosts: [gate.example, OPS.example]");
      for (const host of ['gate.example', 'Gate.Example:443', 'ops.example'])
        expect((await get('/status', { host })).status, host).to.equal(200);
      expect((await get('/status', { host: 'other.example' })).status).to.equal(403);
      for (const page of OPEN_PAGES)
        expect((await get(page, { host: 'load-balancer.example' })).status).to.equal(200);
    });

    it('sends no CORS headers, whatever is asked', async () => {
      const { adminOrigin } = await start();
      const origin = { origin: 'https://evil.example', 'access-control-request-method': 'GET' };
      for (const method of ['GET', 'OPTIONS', 'POST']) {
        for (const page of [...PAGES, ...OPEN_PAGES]) {
          const { headers } = await call(adminOrigin + page, { method, headers: origin });
          expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).to.deep.equal([]);
          expect(headers).to.include({
            'x-content-type-options': 'nosniff',
            'cross-origin-resource-policy': 'same-origin',
          });
        }
      }
    });

    it('refuses a request without Host', async () => {
      const port = Number(new URL((await start()).adminOrigin).port);
      for (const head of ['HTTP/1.0\r\n', 'HTTP/1.0\r\nHost:\r\n', 'HTTP/1.0\r\nHost: :80\r\n'])
        expect(await sendRaw(port, `GET /status ${head}\r\n`), head).to.match(/^HTTP\/1\.1 403 /);
    });
  });
});
