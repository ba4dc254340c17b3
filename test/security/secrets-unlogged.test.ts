import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fixturePath, readJsonFixture } from '../support/paths.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { call, signedQuery } from './support.js';

const SECRETS = {
  openim: 'MARKER-secret-of-the-openim-app',
  token: 'MARKER-token-of-the-tencent-app',
  admin: 'MARKER-token-of-the-operators',
  hashKey: 'MARKER-key-of-the-text-hashes',
};
/** What every release before v3.8.1 sends in its register callbacks (pkg/callbackstruct/user.go v3.7.0). */
const INSTALLATION_SECRET = 'MARKER-secret-of-the-installation';
const MARKER = /MARKER/i;

const RULES = {
  'rules.yaml': `
rules:
  - id: noted
    on: "*"
    stage: any
    when: { fact: event.kind, operator: exists, value: true }
    then: { tag: noted, notify: everybody }
`,
};

/** Names and bodies of all example callbacks of a platform. */
function examplesOf(platform: string): readonly (readonly [name: string, body: object])[] {
  return readdirSync(fixturePath('callbacks', platform))
    .filter((file) => file.endsWith('.json'))
    .map((file) => [file.replace(/\.json$/, ''), readJsonFixture('callbacks', platform, file) as object]);
}

describe('secrets', () => {
  let server: TestServer;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-secrets-'));
    server = await startTestServer({
      rules: RULES,
      settings: { admin: `listen: '127.0.0.1:0', token: ${SECRETS.admin}` },
      apps: `
log: { interval: 0 }
decisionLog: { to: file, file: ${folder}/decisions.jsonl, facts: ["*"], text: hash, hashKey: ${SECRETS.hashKey} }
apps:
  - { id: im, platform: openim, path: /openim, secret: ${SECRETS.openim}, deadline: 5000 }
  - { id: documented, platform: openim, path: /documented, dialect: documented, secret: ${SECRETS.openim}-2, deadline: 5000 }
  - { id: tc, platform: tencent, path: /tencent, sdkAppId: 1400000000, token: ${SECRETS.token}, deadline: 1900 }
`,
    });
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are in no log line, page, banner or decision, whatever is called in whatever way', async () => {
    const { callbackOrigin, adminOrigin } = server;
    let sent = 0;
    const post = async (path: string, body: unknown): Promise<void> => {
      const { status, text } = await call(callbackOrigin + path, { body });
      expect(status, path).to.equal(200);
      expect(text, path).to.not.match(MARKER);
      sent += 1;
    };
    for (const [name, example] of examplesOf('openim')) {
      const command = name.split('.', 1)[0] ?? '';
      const body = { ...example, secret: INSTALLATION_SECRET };
      await post(`/openim/${SECRETS.openim}/${command}`, body);
      await post(`/documented?secret=${SECRETS.openim}-2/${command}`, body);
      await post(`/callback/${SECRETS.openim}/${command}`, body);
      await post(`/openim/${SECRETS.openim}x/${command}`, body);
      await post(`/openim/${command}?secret=x${SECRETS.openim}`, body);
      await post(`/openim/${SECRETS.openim}/${SECRETS.openim}/${command}`, body);
      await post(`/openim/${SECRETS.openim}/callbackNoSuch`, body);
    }
    const now = Math.floor(Date.now() / 1000);
    for (const [name, example] of examplesOf('tencent')) {
      const command = name.split('.').slice(0, 2).join('.');
      const body = { ...example, Token: SECRETS.token };
      const query = signedQuery(command, SECRETS.token, now);
      await post(`/tencent?${query}`, body);
      await post(`/callback?${query}`, body);
      await post(`/tencent/${SECRETS.openim}?${query}`, body);
      await post(`/tencent?${query}&Sign=${SECRETS.token}&secret=${SECRETS.openim}`, body);
      await post(`/tencent?${signedQuery(command, `${SECRETS.token}x`, now)}`, body);
    }
    await post(`/openim/${SECRETS.openim}`, `{"secret":"${INSTALLATION_SECRET}"`);
    await post(`/openim/${SECRETS.openim}`, []);
    for (const path of [`${SECRETS.openim}x`, `${SECRETS.openim}x/callbackNoSuch`, `a/${SECRETS.openim}`]) {
      for (const body of [{}, { callbackCommand: 'callbackNoSuch' }, 7]) {
        await post(`/openim/${path}`, body);
        await post(`/callback/${path}`, body);
        await post(`/tencent/${path}?SdkAppid=1400000000`, body);
      }
    }
    expect((await call(`${callbackOrigin}/${SECRETS.openim}`, { body: {} })).status).to.equal(404);

    const authorization = { authorization: `Bearer ${SECRETS.admin}` };
    const pages = await Promise.all([
      ...['/status', '/metrics', '/healthz', '/readyz'].map((page) =>
        call(adminOrigin + page, { headers: authorization }),
      ),
      call(`${adminOrigin}/status`, { headers: { authorization: `Bearer ${SECRETS.admin}x` } }),
      call(`${adminOrigin}/${SECRETS.admin}`, { headers: authorization }),
    ]);
    expect(pages.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 401, 404]);
    await server.close();

    const logged = readFileSync(join(folder, 'decisions.jsonl'), 'utf8');
    expect(logged.split('\n').length).to.be.above(sent / 2);
    expect(server.log.lines().length).to.be.above(sent / 2);
    const everything = {
      'log lines': server.log.text(),
      pages: pages.map(({ text }) => text).join('\n'),
      banner: server.printed(),
      decisions: logged,
    };
    for (const [where, text] of Object.entries(everything)) {
      expect(text.length, where).to.be.above(100);
      expect(
        text.split('\n').find((line) => MARKER.test(line)),
        where,
      ).to.equal(undefined);
    }
  });
});
