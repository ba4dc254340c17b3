import { createServer } from 'node:net';
import { expect } from 'chai';
import { plainRuling, type Decision } from '../../engine/decision.js';
import { ListenError } from '../../server/listener.js';
import { openRuleStore } from '../../server/rules.js';
import { startServer } from '../../server/start.js';
import type { Reload } from '../../store/rule-store.js';
import { send, sendJson } from '../support/http.js';
import { createTestLog } from '../support/log.js';
import { decisionOf, ruleSetOf, undecided } from '../support/rule-sets.js';
import {
  configOf,
  createRulesFolder,
  NO_MALLORY,
  startTestServer,
  STRICT_APPS,
  type TestServer,
} from '../support/server.js';

const BLOCK = '/openim/callbackBeforeAddBlackCommand';
const blockBy = (ownerUserID: string) => ({
  callbackCommand: 'callbackBeforeAddBlackCommand',
  ownerUserID,
  blackUserID: 'bob',
});
const BLOCKED = '/tencent?SdkAppid=1400000000&CallbackCommand=Sns.CallbackBlackListAdd';
const blockedBy = (From_Account: string) => ({
  CallbackCommand: 'Sns.CallbackBlackListAdd',
  PairList: [
    { From_Account, To_Account: 'bob', BlacklistSequence: 1 },
    { From_Account: 'alice', To_Account: 'bob', BlacklistSequence: 2 },
  ],
});
const ALLOWED = { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: 0 };
const OK = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };

const getJson = async (url: string): Promise<{ status: number; body: Record<string, unknown> }> => {
  const { status, text } = await send(url, { method: 'GET' });
  return { status, body: JSON.parse(text) as Record<string, unknown> };
};

describe('the server', () => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  it('judges callbacks of both platforms by the rules of its folder', async () => {
    server = await startTestServer();
    const origin = server.callbackOrigin;
    expect(JSON.parse((await sendJson(origin + BLOCK, blockBy('alice'))).text)).to.deep.equal(ALLOWED);
    expect(JSON.parse((await sendJson(origin + BLOCK, blockBy('mallory'))).text)).to.deep.equal({
      actionCode: 0,
      errCode: 5007,
      errMsg: 'No.',
      errDlt: '',
      nextCode: 1,
    });
    const url = `${origin}/callback?SdkAppid=1400000000&CallbackCommand=C2C.CallbackBeforeSendMsg`;
    const message = {
      CallbackCommand: 'C2C.CallbackBeforeSendMsg',
      From_Account: 'mallory',
      To_Account: 'bob',
      MsgBody: [],
    };
    expect(JSON.parse((await sendJson(url, message)).text)).to.deep.equal({
      ActionStatus: 'OK',
      ErrorCode: 120007,
      ErrorInfo: 'No.',
    });
  });

  it('prints where it listens and what is in force', async () => {
    server = await startTestServer();
    const lines = server.printed().split('\n');
    expect(lines[0]).to.match(/^Callgate \d+\.\d+\.\d+$/);
    const all = server.printed();
    for (const path of ['/openim', '/tencent', '/callback'])
      expect(all).to.include(`${server.callbackOrigin}${path} `);
    expect(all).to.include(`${server.adminOrigin}/status`);
    expect(all).to.include(`3 rules in 1 file, 0 lists, revision ${server.ruleStore.current()!.revision}`);
    expect(all).to.match(/watching +\S*callgate-rules-/);
    expect(server.callbackOrigin).to.match(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  });

  it('acknowledges after-callbacks before the rules run', async () => {
    server = await startTestServer({ ruleSet: undecided, drainLimit: 1 });
    const { text } = await sendJson(server.callbackOrigin + BLOCKED, blockedBy('mallory'));
    expect(JSON.parse(text)).to.deep.equal(OK);
    expect(server.log.lines()).to.deep.equal([]);
  });

  it('judges after-callbacks afterwards, each target by itself', async () => {
    server = await startTestServer();
    const { text } = await sendJson(server.callbackOrigin + BLOCKED, blockedBy('mallory'));
    expect(JSON.parse(text)).to.deep.equal(OK);
    await server.close();
    const said = server.log.lines().filter(({ app }) => app === 'tc');
    expect(said.map(({ msg }) => msg)).to.deep.equal(['tagged', 'notification']);
    expect(said[0]).to.deep.include({ tags: ['noted'], rules: ['note-mallory'] });
    expect(said[1]).to.include({ notify: 'moderators', command: 'Sns.CallbackBlackListAdd' });
  });

  it('answers by the failure policy when the rules are late, and serves on', async () => {
    const deaf = ruleSetOf((event) =>
      event.facts.get('actor.id') === 'slow'
        ? new Promise<Decision>(() => undefined)
        : Promise.resolve(decisionOf(event, plainRuling('allow'))),
    );
    server = await startTestServer({ ruleSet: deaf, apps: STRICT_APPS.replace('5000', '50') });
    const { text } = await sendJson(server.callbackOrigin + BLOCK, blockBy('slow'));
    expect(JSON.parse(text)).to.deep.include({ errCode: 5099, nextCode: 1 });
    expect(server.log.lines()).to.have.lengthOf(1);
    expect(server.log.lines()[0]).to.include({ cause: 'deadline', app: 'im' });
    expect(JSON.parse((await sendJson(server.callbackOrigin + BLOCK, blockBy('alice'))).text)).to.deep.equal(
      ALLOWED,
    );
  });

  it('never logs a body or a secret', async () => {
    const apps = STRICT_APPS.replace('sdkAppId: 1400000000', 'sdkAppId: 1400000000, token: top-secret-token');
    server = await startTestServer({ apps });
    const body = {
      callbackCommand: 'callbackBeforeUserRegisterCommand',
      secret: 'hunter2',
      users: 'hunter2',
    };
    await sendJson(`${server.callbackOrigin}/openim/callbackBeforeUserRegisterCommand`, body);
    await send(`${server.callbackOrigin}/openim`, { body: '{"secret":"hunter2"' });
    await sendJson(`${server.callbackOrigin}${BLOCKED}&Sign=hunter2&RequestTime=1`, blockedBy('hunter2'));
    const status = await send(`${server.adminOrigin}/status`, { method: 'GET' });
    expect(server.log.lines()).to.have.lengthOf(3);
    expect(server.log.text() + server.printed() + status.text)
      .to.not.include('hunter2')
      .and.not.include('top-secret-token');
  });

  describe('on its admin listener', () => {
    it('is alive and ready', async () => {
      server = await startTestServer();
      expect(await getJson(`${server.adminOrigin}/healthz`)).to.deep.equal({
        status: 200,
        body: { status: 'alive' },
      });
      expect(await getJson(`${server.adminOrigin}/readyz`)).to.deep.equal({
        status: 200,
        body: { status: 'ready', reason: 'rules are in force' },
      });
    });

    it('tells its status', async () => {
      server = await startTestServer();
      await sendJson(server.callbackOrigin + BLOCK, blockBy('mallory'));
      await sendJson(server.callbackOrigin + BLOCKED, blockedBy('alice'));
      await sendJson(`${server.callbackOrigin}/openim/callbackNoSuch`, {});
      await send(`${server.callbackOrigin}/openim`, { method: 'GET' });
      const { status, body } = await getJson(`${server.adminOrigin}/status`);
      expect(status).to.equal(200);
      expect(body['version']).to.match(/^\d+\.\d+\.\d+$/);
      expect(new Date(String(body['startedAt'])).getTime()).to.be.above(0);
      expect(body).to.deep.include({
        state: 'serving',
        revision: server.ruleStore.current()!.revision,
        files: 1,
        lists: 0,
        rules: { enforce: 3, shadow: 0, off: 0 },
        watching: server.folder.path,
      });
      expect(body['lastReload']).to.deep.include({ problems: [], revision: body['revision'] });
      expect(body['apps']).to.deep.equal([
        {
          id: 'im',
          platform: 'openim',
          path: '/openim',
          default: 'allow',
          onFailure: 'refuse',
          deadline: 5000,
          enforce: true,
          needs: [],
          dialect: 'server',
        },
        {
          id: 'tc',
          platform: 'tencent',
          path: '/tencent',
          default: 'allow',
          onFailure: 'refuse',
          deadline: 1900,
          enforce: true,
          needs: [],
          sdkAppId: '1400000000',
        },
      ]);
      const none = { shortfalls: 0, ruleErrors: 0, late: 0, lateFailed: 0 };
      expect(body['counters']).to.deep.include({
        apps: {
          im: {
            ...none,
            callbacks: 3,
            outcomes: { refuse: 1, 'unknown-command': 1, failure: 1 },
            failures: { 'wrong-method': 1 },
          },
          tc: { ...none, callbacks: 1, outcomes: { acknowledged: 1 }, failures: {} },
        },
      });
    });

    it('answers 404 elsewhere and 405 to other methods', async () => {
      server = await startTestServer();
      expect((await send(`${server.adminOrigin}/`, { method: 'GET' })).status).to.equal(404);
      expect((await send(`${server.adminOrigin}${BLOCK}`, { body: '{}' })).status).to.equal(404);
      for (const page of ['/healthz', '/readyz', '/status']) {
        const refused = await send(server.adminOrigin + page);
        expect(refused.status, page).to.equal(405);
        expect(refused.headers.allow).to.equal('GET, HEAD');
        expect((await send(server.adminOrigin + page, { method: 'HEAD' })).status, page).to.equal(200);
      }
    });

    it('is not reachable through the callback listener', async () => {
      server = await startTestServer();
      for (const page of ['/healthz', '/readyz', '/status'])
        expect((await send(server.callbackOrigin + page, { method: 'GET' })).status).to.equal(404);
    });
  });

  describe('when its rules change', () => {
    const reloaded = (of: TestServer): Promise<Reload> =>
      new Promise((resolve) => {
        const end = of.ruleStore.onReload((reload) => {
          if (reload.outcome === 'unchanged') return;
          end();
          resolve(reload);
        });
      });

    it('judges by the new ones, and says so in one line', async () => {
      server = await startTestServer();
      const reload = reloaded(server);
      server.folder.write('rules.yaml', NO_MALLORY.replaceAll('mallory', 'trudy'));
      const { revision } = await reload;
      expect(
        JSON.parse((await sendJson(server.callbackOrigin + BLOCK, blockBy('mallory'))).text),
      ).to.deep.equal(ALLOWED);
      expect(JSON.parse((await sendJson(server.callbackOrigin + BLOCK, blockBy('trudy'))).text)).to.include({
        errCode: 5007,
      });
      expect(server.log.lines()).to.have.lengthOf(1);
      expect(server.log.lines()[0]).to.deep.include({
        msg: 'rules reloaded',
        revision,
        files: 1,
        rules: { enforce: 3, shadow: 0, off: 0 },
      });
      expect(server.log.lines()[0]?.['ms']).to.be.a('number');
    });

    it('keeps the last good ones when the new ones are broken, and reports every mistake where it stands', async () => {
      server = await startTestServer();
      const { revision } = server.ruleStore.current()!;
      const reload = reloaded(server);
      server.folder.write(
        'rules.yaml',
        NO_MALLORY.replace('actor.id', 'actor.idd').replace('mode: enforce', 'mod: enforce'),
      );
      await reload;
      expect(JSON.parse((await sendJson(server.callbackOrigin + BLOCK, blockBy('mallory'))).text)).to.include(
        { errCode: 5007 },
      );
      expect(server.printed()).to.match(/rules\.yaml:5:\d+ error unknown-fact/);
      expect(server.printed()).to.match(/rules\.yaml:7:\d+ error unknown-key/);
      expect(server.printed()).to.include(`Revision ${revision} stays in force.`);
      expect(server.log.lines()).to.have.lengthOf(1);
      expect(server.log.lines()[0]).to.include({ msg: 'rules refused', revision });
      const { body } = await getJson(`${server.adminOrigin}/status`);
      expect(body).to.include({ revision });
      const last = body['lastReload'] as Reload;
      expect(last.outcome).to.equal('refused');
      expect(last.problems.map(({ code, line }) => ({ code, line }))).to.deep.equal([
        { code: 'unknown-fact', line: 5 },
        { code: 'unknown-key', line: 7 },
      ]);
      expect((await getJson(`${server.adminOrigin}/readyz`)).status).to.equal(200);
    });
  });

  describe('while it drains', () => {
    it('is not ready, finishes what is in flight, and then is gone', async () => {
      let decide = (): void => undefined;
      let hasArrived = (): void => undefined;
      const arrived = new Promise<void>((resolve) => (hasArrived = resolve));
      const slow = ruleSetOf(
        (event) =>
          new Promise((resolve) => {
            decide = () => resolve(decisionOf(event, plainRuling('allow')));
            hasArrived();
          }),
      );
      server = await startTestServer({ ruleSet: slow });
      const reply = sendJson(server.callbackOrigin + BLOCK, blockBy('alice'));
      await arrived;
      const closed = server.close();
      expect(await getJson(`${server.adminOrigin}/readyz`)).to.deep.equal({
        status: 503,
        body: { status: 'not ready', reason: 'draining' },
      });
      expect((await getJson(`${server.adminOrigin}/healthz`)).status).to.equal(200);
      expect((await getJson(`${server.adminOrigin}/status`)).body).to.include({ state: 'draining' });
      await untilClosed(server);
      decide();
      const { status, headers, text } = await reply;
      expect(status).to.equal(200);
      expect(headers.connection).to.equal('close');
      expect(JSON.parse(text)).to.deep.equal(ALLOWED);
      await closed;
      expect(await failureOf(getJson(`${server.adminOrigin}/healthz`))).to.be.oneOf([
        'ECONNREFUSED',
        'ECONNRESET',
      ]);
      expect(server.log.lines().at(-1)?.['msg']).to.equal('stopped, nothing was lost');
    });

    it('waits for work after replies', async () => {
      let hasRun = false;
      const patient = ruleSetOf(async (event) => {
        await new Promise((resolve) => setImmediate(resolve));
        hasRun = true;
        return decisionOf(event, plainRuling('allow'));
      });
      server = await startTestServer({ ruleSet: patient });
      await sendJson(server.callbackOrigin + BLOCKED, blockedBy('alice'));
      await server.close();
      expect(hasRun).to.equal(true);
    });

    it('gives up what takes too long, and says what was lost', async () => {
      server = await startTestServer({ ruleSet: undecided, drainLimit: 20 });
      await sendJson(server.callbackOrigin + BLOCKED, blockedBy('alice'));
      const cutOff = failureOf(sendJson(server.callbackOrigin + BLOCK, blockBy('alice')));
      await untilBusy(server);
      await server.close();
      expect(await cutOff).to.equal('ECONNRESET');
      expect(server.log.lines().at(-1)).to.include({ level: 40, requests: 1, afterCallbacks: 1 });
    });
  });

  describe('does not start', () => {
    const start = async (apps: string, port: number): Promise<unknown> => {
      const folder = createRulesFolder({ 'rules.yaml': NO_MALLORY });
      const config = configOf(apps, folder.path);
      const ruleStore = openRuleStore(config, () => undefined);
      await ruleStore.load();
      const taken = { ...config, admin: { listen: { host: '127.0.0.1', port } } };
      try {
        return await startServer({
          config: taken,
          ruleStore,
          logger: createTestLog().logger,
          out: { write: () => true },
        });
      } catch (error) {
        return error;
      } finally {
        await ruleStore.close();
        folder.remove();
      }
    };

    it('on a port in use, and says which', async () => {
      const blocker = createServer();
      await new Promise<void>((resolve) => void blocker.listen(0, '127.0.0.1', resolve));
      const bound = blocker.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      const error = await start(STRICT_APPS, port);
      expect(error).to.be.instanceOf(ListenError);
      expect(String(error)).to.include(`cannot listen on 127.0.0.1:${port}: the port is in use`);
      await new Promise((resolve) => blocker.close(resolve));
    });

    it('without rules in force', async () => {
      const folder = createRulesFolder({});
      const config = configOf(STRICT_APPS, folder.path);
      const ruleStore = openRuleStore(config, () => undefined);
      const started = startServer({
        config,
        ruleStore,
        logger: createTestLog().logger,
        out: { write: () => true },
      });
      expect(await started.catch(String)).to.equal('Error: no rules are in force');
      folder.remove();
    });
  });
});

/** The error code of a request that got no answer. */
function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

/** Resolves when no connection is accepted any more. */
async function untilClosed({ callbackOrigin }: TestServer): Promise<void> {
  while ((await failureOf(send(`${callbackOrigin}/nowhere`))) !== 'ECONNREFUSED');
}

/** Resolves when the request that never ends has been taken on, besides the callback before it. */
async function untilBusy(server: TestServer): Promise<void> {
  for (;;) {
    const { body } = await getJson(`${server.adminOrigin}/status`);
    const { afterQueue } = body['counters'] as { afterQueue: { running: number } };
    if (afterQueue.running === 1) return;
  }
}
