import { expect } from 'chai';
import { startTestServer, type TestServer } from '../support/server.js';
import {
  ALLOWED,
  BLOCK,
  blockBody,
  call,
  REFUSED,
  SECRET,
  SEND,
  sendBody,
  TENCENT_ALLOWED,
} from './support.js';

const OTHER_SECRET = 'another-secret-of-another-app';
const WRONG = `${SECRET.slice(0, -1)}X`;
const APPS = `
log: { interval: 0 }
apps:
  - { id: im, platform: openim, path: /openim, secret: ${SECRET} }
  - { id: other, platform: openim, path: /other, secret: ${OTHER_SECRET}, default: refuse }
  - { id: tc, platform: tencent, path: /tencent, sdkAppId: 1400000000 }
`;
const NO_RULES = { 'rules.yaml': 'rules: []\n' };

describe('an OpenIM app with a secret', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ apps: APPS, rules: NO_RULES });
  });
  after(() => server.stop());
  beforeEach(() => server.log.clear());

  const post = async (path: string, body: unknown = blockBody): Promise<unknown> => {
    const { status, json } = await call(`${server.callbackOrigin}${path}`, { body });
    expect(status).to.equal(200);
    return json;
  };

  describe('answers', () => {
    const urls: Readonly<Record<string, string>> = {
      'the secret before the command': `/openim/${SECRET}/${BLOCK}`,
      'the secret alone, with the command in the body': `/openim/${SECRET}`,
      'several slashes': `//openim//${SECRET}//${BLOCK}/`,
      'the command as a parameter': `/openim/${SECRET}?command=${BLOCK}&contenttype=json`,
      'the key of the main branch': `/openim/${SECRET}/${BLOCK}?key=eyJ9`,
      'the secret as a parameter': `/openim?secret=${SECRET}`,
      'the secret as a parameter beside others': `/openim/${BLOCK}?contenttype=json&secret=${SECRET}`,
      'the command glued onto the secret': `/openim?secret=${SECRET}/${BLOCK}`,
      'the command and a key glued onto the secret': `/openim?secret=${SECRET}/${BLOCK}?key=eyJ9`,
      'a parameter glued onto the secret': `/openim?secret=${SECRET}?command=${BLOCK}`,
      'the shared path': `/callback/${SECRET}/${BLOCK}`,
      'the shared path with the secret as a parameter': `/callback/${BLOCK}?secret=${SECRET}`,
    };
    for (const [what, url] of Object.entries(urls)) {
      it(`a URL with ${what}`, async () => {
        expect(await post(url)).to.deep.equal(ALLOWED);
        expect(server.log.lines()).to.deep.equal([]);
      });
    }

    it('on the shared path for the app whose secret it is', async () => {
      expect(await post(`/callback/${OTHER_SECRET}/${BLOCK}`)).to.include({ nextCode: 1 });
      expect(server.log.lines()).to.deep.equal([]);
    });
  });

  describe('refuses', () => {
    const urls: Readonly<Record<string, string>> = {
      'without a secret': `/openim/${BLOCK}`,
      'with nothing but the path': '/openim',
      'with a wrong secret': `/openim/${WRONG}/${BLOCK}`,
      'with a wrong secret alone': `/openim/${WRONG}`,
      'with a part of the secret': `/openim/${SECRET.slice(0, 20)}/${BLOCK}`,
      'with more than the secret': `/openim/${SECRET}x/${BLOCK}`,
      'with the secret in other letters': `/openim/${SECRET.toUpperCase()}/${BLOCK}`,
      'with the secret behind the command': `/openim/${BLOCK}/${SECRET}`,
      'with the secret of another app': `/openim/${OTHER_SECRET}/${BLOCK}`,
      'with a wrong parameter': `/openim/${BLOCK}?secret=${WRONG}`,
      'with an empty parameter': `/openim/${BLOCK}?secret=`,
      'with a parameter of another name': `/openim/${BLOCK}?Secret=${SECRET}`,
      'with a wrong parameter before the right one': `/openim/${BLOCK}?secret=${WRONG}&secret=${SECRET}`,
      'on the shared path without a secret': `/callback/${BLOCK}`,
      'on the shared path with a wrong secret': `/callback/${WRONG}/${BLOCK}`,
    };
    for (const [how, url] of Object.entries(urls)) {
      it(`a call ${how}, in one log line without the secret`, async () => {
        expect(await post(url)).to.deep.equal(REFUSED);
        const [line, ...others] = server.log.lines();
        expect(others).to.deep.equal([]);
        expect(line).to.include({ app: 'im', cause: 'unauthenticated', verdict: 'refuse' });
        for (const secret of [SECRET, OTHER_SECRET, WRONG, SECRET.slice(0, 20), SECRET.toUpperCase()])
          expect(server.log.text()).to.not.include(secret);
      });
    }

    it('any method, body and command alike, so that nothing can be learnt', async () => {
      const url = `${server.callbackOrigin}/openim/${WRONG}`;
      const calls = [
        { method: 'GET' },
        { method: 'PUT', body: {} },
        { body: [] },
        { body: { callbackCommand: 'callbackNoSuch' } },
        { body: { callbackCommand: 7 } },
        { body: blockBody },
      ];
      for (const sent of calls) {
        const { status, json } = await call(url, sent);
        expect({ status, json }).to.deep.equal({ status: 200, json: REFUSED });
      }
    });

    it('but acknowledges what has happened, and judges none of it', async () => {
      const command = 'callbackAfterRemoveBlackCommand';
      const body = { ...blockBody, callbackCommand: command };
      expect(await post(`/openim/${WRONG}/${command}`, body)).to.deep.equal(ALLOWED);
      const [line, ...others] = server.log.lines();
      expect(line).to.include({ cause: 'unauthenticated', command });
      expect(others).to.deep.equal([]);
    });
  });

  it('keeps a secret that was sent to the wrong place out of the log', async () => {
    await call(`${server.callbackOrigin}/tencent/${SECRET}`, { body: {} });
    await call(`${server.callbackOrigin}/tencent/${SECRET}/x?SdkAppid=1400000000`, { body: {} });
    expect(server.log.lines()).to.have.lengthOf(2);
    expect(server.log.text()).to.not.include(SECRET);
  });

  it("leaves the other platform's calls on the shared path alone", async () => {
    const url = `/callback?SdkAppid=1400000000&CallbackCommand=${SEND}`;
    expect(await post(url, sendBody)).to.deep.equal(TENCENT_ALLOWED);
  });

  it('is named in the banner and in the status, without its secret', async () => {
    const { text, json } = await call(`${server.adminOrigin}/status`);
    expect(server.printed())
      .to.include(`${server.callbackOrigin}/openim/<secret> `)
      .and.include('needs secret');
    expect((json as { apps: unknown[] }).apps[0]).to.deep.include({ id: 'im', needs: ['secret'] });
    expect(server.printed() + text)
      .to.not.include(SECRET)
      .and.not.include(OTHER_SECRET);
  });
});

describe('an OpenIM app without a secret', () => {
  it('takes calls on the shared path that have none, whatever other apps want', async () => {
    const apps = `
apps:
  - { id: im, platform: openim, path: /openim, secret: ${SECRET}, default: refuse }
  - { id: plain, platform: openim, path: /plain }
`;
    const server = await startTestServer({ apps, rules: NO_RULES });
    const reply = async (url: string) =>
      (await call(`${server.callbackOrigin}${url}`, { body: blockBody })).json;
    expect(await reply(`/callback/${BLOCK}`)).to.deep.equal(ALLOWED);
    expect(await reply(`/callback/${SECRET}/${BLOCK}`)).to.include({ nextCode: 1 });
    await server.stop();
  });
});
