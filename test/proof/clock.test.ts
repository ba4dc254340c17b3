import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { sendJson } from '../support/http.js';
import { undecided } from '../support/rule-sets.js';
import { startTestServer, type TestServer } from '../support/server.js';

const TOKEN = 'token-of-the-clock';
const APPS = `
apps:
  - { id: im, platform: openim, path: /openim, onFailure: refuse, deadline: 500 }
  - { id: tc, platform: tencent, path: /tencent, onFailure: refuse, sdkAppId: 1400000000, token: ${TOKEN} }
`;
const BLOCK = { callbackCommand: 'callbackBeforeAddBlackCommand', ownerUserID: 'alice', blackUserID: 'bob' };
const MESSAGE = {
  CallbackCommand: 'C2C.CallbackBeforeSendMsg',
  From_Account: 'alice',
  To_Account: 'bob',
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }],
};

const HOUR = 3_600_000;

describe('a wall clock that jumps', () => {
  const realNow = Date.now;
  let offset = 0;
  let server: TestServer | undefined;
  beforeEach(() => {
    offset = 0;
    Date.now = () => realNow() + offset;
  });
  afterEach(async () => {
    Date.now = realNow;
    await server?.stop();
    server = undefined;
  });

  const codeOf = async (url: string, body: unknown): Promise<number> => {
    const { text } = await sendJson(url, body);
    const reply = JSON.parse(text) as { errCode?: number; ErrorCode?: number };
    return reply.errCode ?? reply.ErrorCode ?? Number.NaN;
  };

  it('does not make a callback late', async () => {
    const { callbackOrigin } = (server = await startTestServer({ apps: APPS }));
    Date.now = () => (offset = offset === 24 * HOUR ? -24 * HOUR : 24 * HOUR) + realNow();
    for (let count = 0; count < 50; count += 1)
      expect(await codeOf(`${callbackOrigin}/openim`, BLOCK)).to.equal(0);
  });

  it('does not keep a late one from being answered', async () => {
    const { callbackOrigin } = (server = await startTestServer({ apps: APPS, ruleSet: undecided }));
    for (const jump of [24 * HOUR, -24 * HOUR]) {
      const reply = codeOf(`${callbackOrigin}/openim`, BLOCK);
      offset = jump;
      expect(await reply).to.equal(5099);
    }
  });

  it('makes signatures stale only as long as it is wrong', async () => {
    const { callbackOrigin } = (server = await startTestServer({ apps: APPS }));
    const signed = (): string => {
      const time = Math.floor(realNow() / 1000);
      const sign = createHash('sha256').update(`${TOKEN}${time}`).digest('hex');
      return `${callbackOrigin}/tencent?SdkAppid=1400000000&CallbackCommand=C2C.CallbackBeforeSendMsg&Sign=${sign}&RequestTime=${time}`;
    };
    for (const [jump, code] of [
      [0, 0],
      [HOUR, 120_001],
      [-HOUR, 120_001],
      [60_000, 0],
      [-60_000, 0],
    ] as const) {
      offset = jump;
      expect(await codeOf(signed(), MESSAGE), `${jump}`).to.equal(code);
    }
  });

  it('does not keep rules from being reloaded', async () => {
    const { callbackOrigin, folder, ruleStore } = (server = await startTestServer({ apps: APPS }));
    for (const [jump, word] of [
      [-HOUR, 'earlier'],
      [HOUR, 'later'],
    ] as const) {
      offset = jump;
      const reloaded = new Promise<void>((resolve) => {
        const end = ruleStore.onReload(({ outcome }) => {
          if (outcome !== 'loaded') return;
          end();
          resolve();
        });
      });
      folder.write(
        'rules.yaml',
        `rules: [{ id: ${word}, on: block.add, stage: before, when: { fact: platform, operator: equal, value: openim }, then: { refuse: { reason: ${word.length} } } }]`,
      );
      await reloaded;
      expect(await codeOf(`${callbackOrigin}/openim`, BLOCK)).to.equal(5000 + word.length);
    }
  });
});
