import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { plainRuling } from '../../engine/decision.js';
import { send, sendJson } from '../support/http.js';
import { decisionOf, ruleSetOf } from '../support/rule-sets.js';
import { startTestServer, STRICT_APPS, type TestServer } from '../support/server.js';

const ALLOWED = { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: 0 };
const OK = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };
const LENIENT_APPS = STRICT_APPS.replaceAll('onFailure: refuse', 'onFailure: allow');

const tencent = (command: string): string => `/tencent?SdkAppid=1400000000&CallbackCommand=${command}`;
const block = (ownerUserID: string) => ({
  callbackCommand: 'callbackBeforeAddBlackCommand',
  ownerUserID,
  blackUserID: 'bob',
});

/** Lets everything through; whoever is called patient is judged when `judge` is called. */
function patientRules() {
  const waiting: (() => void)[] = [];
  let onArrival = (): void => undefined;
  const ruleSet = ruleSetOf((event) => {
    const decision = decisionOf(event, plainRuling('allow'));
    if (event.facts.get('actor.id') !== 'patient') return Promise.resolve(decision);
    return new Promise((resolve) => {
      waiting.push(() => resolve(decision));
      onArrival();
    });
  });
  return {
    ruleSet,
    arrived: (count: number) =>
      new Promise<void>((resolve) => {
        onArrival = () => {
          if (waiting.length >= count) resolve();
        };
        onArrival();
      }),
    judge() {
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

describe('too many callbacks at once', () => {
  let server: TestServer;
  let rules: ReturnType<typeof patientRules>;
  let filling: Promise<unknown>[];

  /** A server that has as many callbacks in flight as it takes. */
  async function fill(apps: string): Promise<void> {
    rules = patientRules();
    const settings = { server: "listen: '127.0.0.1:0', maxInFlight: 2" };
    server = await startTestServer({ apps, settings, ruleSet: rules.ruleSet });
    filling = [1, 2].map(() => sendJson(`${server.callbackOrigin}/openim`, block('patient')));
    await rules.arrived(2);
  }

  afterEach(async () => {
    rules.judge();
    await Promise.all(filling);
    await server.stop();
  });

  const post = async (path: string, body: unknown): Promise<unknown> =>
    JSON.parse((await sendJson(server.callbackOrigin + path, body)).text);

  const countersOf = async (): Promise<Record<string, unknown>> => {
    const { text } = await send(`${server.adminOrigin}/status`, { method: 'GET' });
    return (JSON.parse(text) as { counters: Record<string, unknown> }).counters;
  };

  it('are answered by the failure policy at once, counted and logged', async () => {
    await fill(STRICT_APPS);
    expect(await post('/openim/callbackBeforeAddBlackCommand', block('alice'))).to.deep.include({
      errCode: 5099,
      nextCode: 1,
    });
    expect((await countersOf())['overload']).to.deep.equal({
      inFlight: 2,
      shed: { 'in-flight': 1, lag: 0 },
      refusedConnections: 0,
    });
    expect(server.log.lines()).to.have.lengthOf(1);
    expect(server.log.lines()[0]).to.include({
      app: 'im',
      cause: 'overload',
      command: 'callbackBeforeAddBlackCommand',
    });
  });

  it('are answered without waiting for a body that the reply does not need', async () => {
    await fill(STRICT_APPS);
    const { port } = new URL(server.callbackOrigin);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /openim/callbackBeforeAddBlackCommand HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
    );
    const reply = await new Promise<string>((resolve) =>
      socket.once('data', (text) => resolve(String(text))),
    );
    socket.destroy();
    expect(reply)
      .to.match(/^HTTP\/1\.1 200 /)
      .and.include('"errCode":5099');
  });

  it('are judged again when there is room', async () => {
    await fill(STRICT_APPS);
    await post('/openim', block('alice'));
    rules.judge();
    await Promise.all(filling);
    expect(await post('/openim', block('alice'))).to.deep.equal(ALLOWED);
  });

  it('are allowed with what the reply must repeat', async () => {
    await fill(LENIENT_APPS);
    const remark = {
      callbackCommand: 'callbackBeforeSetFriendRemarkCommand',
      ownerUserID: 'alice',
      friendUserID: 'bob',
      remark: 'Bobby',
    };
    const path = '/openim/callbackBeforeSetFriendRemarkCommand';
    expect(await post(path, remark)).to.deep.equal({ ...ALLOWED, remark: 'Bobby' });
    expect((await countersOf())['overload']).to.deep.include({ shed: { 'in-flight': 1, lag: 0 } });
  });

  it('are refused target by target where the reply lists them', async () => {
    await fill(STRICT_APPS);
    const request = {
      CallbackCommand: 'Sns.CallbackPrevFriendAdd',
      From_Account: 'alice',
      FriendItem: [{ To_Account: 'bob' }, { To_Account: 'carol' }],
    };
    const reply = (await post(tencent('Sns.CallbackPrevFriendAdd'), request)) as {
      ErrorCode: number;
      ResultItem: { To_Account: string; ResultCode: number }[];
    };
    expect(reply.ErrorCode).to.equal(0);
    expect(reply.ResultItem.map((item) => [item.To_Account, item.ResultCode])).to.deep.equal([
      ['bob', 38099],
      ['carol', 38099],
    ]);
  });

  it('are never refused after the event, and cost no judgement', async () => {
    await fill(STRICT_APPS);
    expect(await post(tencent('Sns.CallbackBlackListAdd'), { PairList: [] })).to.deep.equal(OK);
    expect(await post('/openim/callbackAfterRemoveBlackCommand', {})).to.deep.equal(ALLOWED);
    expect((await countersOf())['afterQueue']).to.deep.include({ waiting: 0, done: 0 });
  });

  it("are allowed when they are unknown, or the platform's own", async () => {
    await fill(STRICT_APPS);
    expect(await post('/openim/callbackNoSuch', {})).to.deep.equal(ALLOWED);
    expect(await post(tencent('No.Such'), {})).to.deep.equal(OK);
    const notification = { msgFrom: 200, contentType: 1501, content: '', sendID: 'alice', groupID: 'g' };
    expect(await post('/openim/callbackBeforeSendGroupMsgCommand', notification)).to.deep.equal(ALLOWED);
  });

  it('are refused to strangers as strangers', async () => {
    await fill(LENIENT_APPS.replace('sdkAppId: 1400000000', 'sdkAppId: 1400000000, token: t'));
    const reply = await post(tencent('Sns.CallbackPrevFriendAdd'), { FriendItem: [{ To_Account: 'bob' }] });
    expect(reply).to.not.deep.include({ ErrorCode: 0, ResultItem: [] });
    expect(server.log.lines().at(-1)).to.include({ cause: 'unauthenticated' });
  });
});

describe('rules that hold the thread', () => {
  /** Rules that block for a while about whoever is called slow. @param milliseconds */
  const blocking = (milliseconds: number) =>
    ruleSetOf((event) => {
      const end = performance.now() + (event.facts.get('actor.id') === 'slow' ? milliseconds : 0);
      while (performance.now() < end);
      return Promise.resolve(decisionOf(event, plainRuling('allow')));
    });

  it('are found to be late, although they have come to a decision', async () => {
    const apps = STRICT_APPS.replace('5000', '50');
    const server = await startTestServer({ apps, ruleSet: blocking(120) });
    const { text } = await sendJson(`${server.callbackOrigin}/openim`, block('slow'));
    expect(JSON.parse(text)).to.deep.include({ errCode: 5099, nextCode: 1 });
    expect(server.log.lines()[0]).to.include({ cause: 'deadline' });
    const status = await send(`${server.adminOrigin}/status`, { method: 'GET' });
    const { counters } = JSON.parse(status.text) as {
      counters: { apps: Record<string, { late: number; failures: unknown }> };
    };
    expect(counters.apps['im']).to.deep.include({ late: 1, failures: { deadline: 1 } });
    await server.stop();
  });

  it('cost the callbacks behind them no more than the policy says, at once', async () => {
    const apps = STRICT_APPS.replace('5000', '2000');
    const server = await startTestServer({ apps, ruleSet: blocking(1100) });
    const port = Number(new URL(server.callbackOrigin).port);
    const clients = await Promise.all(Array.from({ length: 5 }, () => Client.open(port)));
    // Accepted, and served before.
    for (const client of clients) expect(await client.call(block('alice'))).to.include('"nextCode":0');
    // All of them are in the kernel before the first is read.
    const replies = await Promise.all(clients.map((client) => client.call(block('slow'))));
    expect(replies[0]).to.include('"nextCode":0');
    for (const reply of replies.slice(1)) expect(reply).to.include('"errCode":5099').and.include('200 OK');
    expect(server.log.lines().map(({ cause }) => cause)).to.include('overload');
    expect(await clients[0]!.call(block('alice'))).to.include('"nextCode":0');
    for (const client of clients) client.close();
    await server.stop();
  });
});

/** A connection that writes at once, without a look at the event loop. */
class Client {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static open(port: number): Promise<Client> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Client(socket)));
      socket.setEncoding('utf8').setNoDelay(true).on('error', reject);
    });
  }

  call(body: unknown): Promise<string> {
    const text = JSON.stringify(body);
    this.#socket.write(
      `POST /openim/callbackBeforeAddBlackCommand HTTP/1.1\r\nHost: x\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    );
    return new Promise((resolve) => this.#socket.once('data', (reply) => resolve(String(reply))));
  }

  close(): void {
    this.#socket.destroy();
  }
}
