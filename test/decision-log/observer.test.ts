import { readFileSync, rmSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startTestServer, type TestServer } from '../support/server.js';
import { send, sendJson } from '../support/http.js';
import { readJsonFixture } from '../support/paths.js';

const RULES = `
rules:
  - { id: nobody, on: '*', when: always, then: { refuse: { reason: 7, message: 'Case {{decision.id}}' } } }
  - { id: noted, on: block.add, stage: after, when: always, then: { tag: noted, notify: team } }`;

const appsWith = (enforce: boolean, file: string) => `
decisionLog: { to: file, file: ${JSON.stringify(file)}, facts: ['*'], text: full }
apps:
  - { id: im, platform: openim, path: /openim, default: refuse, onFailure: refuse, enforce: ${enforce} }
  - { id: tc, platform: tencent, path: /tencent, default: refuse, onFailure: refuse, sdkAppId: 1400000000, enforce: ${enforce} }`;

const TENCENT = (command: string) =>
  `/tencent?SdkAppid=1400000000&CallbackCommand=${command}&contenttype=json`;

describe('an app that does not enforce', () => {
  let folder: string;
  let file: string;
  let server: TestServer;

  async function start(enforce: boolean): Promise<void> {
    server = await startTestServer({ apps: appsWith(enforce, file), rules: { 'rules.yaml': RULES } });
  }

  /** Sends a callback of the fixtures. @returns the reply */
  async function callback(platform: 'openim' | 'tencent', command: string): Promise<unknown> {
    const path = platform === 'openim' ? `/openim/${command}` : TENCENT(command);
    const body = readJsonFixture('callbacks', platform, `${command}.json`);
    return JSON.parse((await sendJson(`${server.callbackOrigin}${path}`, body)).text);
  }

  /** Stops the server. @returns what it logged */
  async function decisions(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    await server.stop();
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-observer-'));
    file = join(folder, 'decisions.jsonl');
  });

  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets everything through that its rules refuse, and logs what they would have done', async () => {
    await start(false);
    const remark = await callback('openim', 'callbackBeforeSetFriendRemarkCommand');
    expect(remark).to.include({ actionCode: 0, errCode: 0, nextCode: 0 });
    expect(remark).to.have.property('remark');
    const message = await callback('tencent', 'C2C.CallbackBeforeSendMsg');
    expect(message).to.deep.equal({ ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' });
    const lines = await decisions();
    expect(lines).to.have.lengthOf(2);
    for (const line of lines) expect(line).to.include({ verdict: 'refuse', rule: 'nobody', enforced: false });
  });

  it('lets through what fails, whatever its failure policy says, and logs the cause', async () => {
    await start(false);
    const { text } = await send(`${server.callbackOrigin}/openim/callbackBeforeAddFriendCommand`, {
      body: 'no JSON',
    });
    expect(JSON.parse(text)).to.include({ actionCode: 0, errCode: 0, nextCode: 0 });
    const [line] = await decisions();
    expect(line).to.include({ verdict: 'refuse', degraded: 'unreadable-body', enforced: false });
  });

  it('sends no notifications', async () => {
    await start(false);
    await callback('tencent', 'Sns.CallbackBlackListAdd');
    const [line] = await decisions();
    expect(line).to.deep.include({ kind: 'block.add', stage: 'after', notify: ['team'], enforced: false });
    const messages = server.log.lines().map(({ msg }) => msg);
    expect(messages).not.to.include.members(['notification']);
    expect(messages).not.to.include.members(['tagged']);
  });

  it('is announced loudly', async () => {
    await start(false);
    expect(server.printed()).to.contain('NOT ENFORCING: im, tc');
    expect(server.printed()).to.contain('every reply is an allow');
  });

  it('is the exception: others refuse, and their users see the ID of the decision', async () => {
    await start(true);
    expect(server.printed()).not.to.contain('NOT ENFORCING');
    const reply = await callback('openim', 'callbackBeforeAddBlackCommand');
    expect(reply).to.include({ nextCode: 1, errCode: 5007 });
    const [line] = await decisions();
    expect(line).to.include({ verdict: 'refuse', rule: 'nobody' }).and.not.have.property('enforced');
    expect(reply).to.have.property('errMsg', `Case ${String(line?.['id'])}`);
  });
});
