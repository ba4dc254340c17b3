import { expect } from 'chai';
import { send, sendJson, type Sent } from '../support/http.js';
import { STRICT_APPS, startTestServer, type TestServer } from '../support/server.js';

/** The platform's own words for a callback that cannot be judged, by policy. */
interface Platform {
  readonly app: string;
  readonly base: string;
  readonly command: string;
  /** URL of a command below the app's path. */
  url(command: string): string;
  readonly good: Readonly<Record<string, unknown>>;
  readonly wrongType: Readonly<Record<string, unknown>>;
  readonly missing: Readonly<Record<string, unknown>>;
  readonly wrongPath: string;
  readonly allowed: unknown;
  readonly refused: unknown;
  /** Without a command its family of codes is not known. */
  readonly refusedWithoutCommand: unknown;
}

const SORRY = 'This could not be checked. Please try again later.';

const MESSAGE_OF_NOBODY = {
  CallbackCommand: 'C2C.CallbackBeforeSendMsg',
  To_Account: 'bob',
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }],
};
const MESSAGE = { ...MESSAGE_OF_NOBODY, From_Account: 'alice' };

const PLATFORMS: Readonly<Record<string, Platform>> = {
  OpenIM: {
    app: 'im',
    base: '/openim',
    command: 'callbackBeforeAddBlackCommand',
    url: (command) => `/openim/${command}`,
    good: { callbackCommand: 'callbackBeforeAddBlackCommand', ownerUserID: 'alice', blackUserID: 'bob' },
    wrongType: {
      callbackCommand: 'callbackBeforeAddBlackCommand',
      ownerUserID: ['alice'],
      blackUserID: 'bob',
    },
    missing: { callbackCommand: 'callbackBeforeAddBlackCommand', blackUserID: 'bob' },
    wrongPath: '/openim/callbackBeforeAddBlackCommand/more',
    allowed: { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: 0 },
    refused: { actionCode: 0, errCode: 5099, errMsg: SORRY, errDlt: '', nextCode: 1 },
    refusedWithoutCommand: { actionCode: 0, errCode: 5099, errMsg: SORRY, errDlt: '', nextCode: 1 },
  },
  Tencent: {
    app: 'tc',
    base: '/tencent?SdkAppid=1400000000',
    command: 'C2C.CallbackBeforeSendMsg',
    url: (command) => `/tencent?SdkAppid=1400000000&CallbackCommand=${command}`,
    good: MESSAGE,
    wrongType: { ...MESSAGE, From_Account: { a: 1 } },
    missing: MESSAGE_OF_NOBODY,
    wrongPath: '/tencent/elsewhere?SdkAppid=1400000000&CallbackCommand=C2C.CallbackBeforeSendMsg',
    allowed: { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' },
    refused: { ActionStatus: 'OK', ErrorCode: 120099, ErrorInfo: SORRY },
    refusedWithoutCommand: { ActionStatus: 'OK', ErrorCode: 1, ErrorInfo: SORRY },
  },
};

/** Nested so deeply that whoever walks it by recursion falls. */
const DEEP = 12_000;
const deep = `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`;

interface BadInput {
  readonly what: string;
  readonly cause: string;
  readonly path: (platform: Platform) => string;
  readonly sent: (platform: Platform) => Sent;
  readonly hasNoCommand?: boolean;
}

const atCommand = (platform: Platform): string => platform.url(platform.command);

const BAD_INPUTS: readonly BadInput[] = [
  {
    what: 'a body that is no JSON',
    cause: 'unreadable-body',
    path: atCommand,
    sent: () => ({ body: '{"half":' }),
  },
  { what: 'no body', cause: 'unreadable-body', path: atCommand, sent: () => ({}) },
  { what: 'an array as body', cause: 'unreadable-body', path: atCommand, sent: () => ({ body: '[1,2]' }) },
  { what: 'a text as body', cause: 'unreadable-body', path: atCommand, sent: () => ({ body: '"text"' }) },
  {
    what: 'a body of another format',
    cause: 'unreadable-body',
    path: atCommand,
    sent: () => ({ body: '<a/>', headers: { 'content-type': 'text/xml' } }),
  },
  {
    what: 'a __proto__ key',
    cause: 'unreadable-body',
    path: atCommand,
    sent: ({ good }) => ({ body: `{"__proto__":{"admin":true},${JSON.stringify(good).slice(1)}` }),
  },
  {
    what: 'a wrong type in a known field',
    cause: 'bad-field',
    path: atCommand,
    sent: ({ wrongType }) => ({ body: JSON.stringify(wrongType) }),
  },
  {
    what: 'a missing field',
    cause: 'missing-field',
    path: atCommand,
    sent: ({ missing }) => ({ body: JSON.stringify(missing) }),
  },
  {
    what: 'deep nesting in place of a known field',
    cause: 'bad-field',
    path: atCommand,
    sent: ({ missing }) => ({
      body: `{"ownerUserID":${deep},"From_Account":${deep},${JSON.stringify(missing).slice(1)}`,
    }),
  },
  {
    what: 'a body above the limit',
    cause: 'body-too-large',
    path: atCommand,
    sent: ({ good }) => ({ body: JSON.stringify({ ...good, padding: 'x'.repeat(70_000) }) }),
  },
  { what: 'a GET', cause: 'wrong-method', path: atCommand, sent: () => ({ method: 'GET' }) },
  {
    what: 'a wrong path under the app',
    cause: 'wrong-path',
    path: ({ wrongPath }) => wrongPath,
    sent: ({ good }) => ({ body: JSON.stringify(good) }),
  },
  {
    what: 'no command anywhere',
    cause: 'no-command',
    path: ({ base }) => base,
    sent: () => ({ body: '{}' }),
    hasNoCommand: true,
  },
  {
    what: 'two commands that contradict each other',
    cause: 'contradicting-command',
    path: atCommand,
    sent: ({ good }) => ({
      body: JSON.stringify({
        ...good,
        callbackCommand: 'callbackBeforeAddFriendCommand',
        CallbackCommand: 'Group.CallbackBeforeSendMsg',
      }),
    }),
  },
];

for (const [name, platform] of Object.entries(PLATFORMS)) {
  describe(`bad input from ${name}`, () => {
    for (const policy of ['refuse', 'allow'] as const) {
      describe(`to an app that shall ${policy} what cannot be judged`, () => {
        let server: TestServer;
        before(async () => {
          server = await startTestServer({
            // Every line, however many are alike.
            apps: `${STRICT_APPS.replaceAll('onFailure: refuse', `onFailure: ${policy}`)}log: { interval: 0 }\n`,
          });
        });
        after(() => server.stop());
        beforeEach(() => server.log.clear());

        async function expectGoodServed(): Promise<void> {
          const { status, text } = await sendJson(
            `${server.callbackOrigin}${atCommand(platform)}`,
            platform.good,
          );
          expect(status).to.equal(200);
          expect(JSON.parse(text)).to.deep.include(platform.allowed);
        }

        for (const { what, cause, path, sent, hasNoCommand = false } of BAD_INPUTS) {
          it(`${what}: gets a reply of that policy, one log line (${cause}), and the next one is served`, async () => {
            const received = await send(`${server.callbackOrigin}${path(platform)}`, sent(platform));
            expect(received.status).to.equal(200);
            expect(received.headers['content-type']).to.equal('application/json; charset=utf-8');
            const refused = hasNoCommand ? platform.refusedWithoutCommand : platform.refused;
            expect(JSON.parse(received.text)).to.deep.equal(policy === 'refuse' ? refused : platform.allowed);
            expect(server.log.lines()).to.have.lengthOf(1);
            expect(server.log.lines()[0]).to.include({ app: platform.app, cause });
            expect(server.log.text()).to.not.include('    at ');
            await expectGoodServed();
          });
        }

        it('an unknown command: gets a harmless allow, one log line, and the next one is served', async () => {
          const { status, text } = await sendJson(
            `${server.callbackOrigin}${platform.url('No.SuchCommand')}`,
            {},
          );
          expect(status).to.equal(200);
          expect(JSON.parse(text)).to.deep.equal(platform.allowed);
          expect(server.log.lines()).to.have.lengthOf(1);
          expect(server.log.lines()[0]).to.include({ app: platform.app, command: 'No.SuchCommand' });
          await expectGoodServed();
        });

        it('deep nesting in an unknown field: does no harm', async () => {
          const body = `{"unknown":${deep},${JSON.stringify(platform.good).slice(1)}`;
          const { text } = await send(`${server.callbackOrigin}${atCommand(platform)}`, { body });
          expect(JSON.parse(text)).to.deep.include(platform.allowed);
          expect(server.log.lines()).to.deep.equal([]);
        });
      });
    }
  });
}
