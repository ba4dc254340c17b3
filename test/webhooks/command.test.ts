import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { runCallgate, type Ended } from '../support/process.js';

const APPS = `rules: rules
server: { listen: "127.0.0.1:9000" }
apps:
  - { id: im, platform: openim, path: /im, deadline: 2500, onFailure: refuse, secret: 0123456789abcdef }
  - { id: one, platform: tencent, path: /one, sdkAppId: 1 }
  - { id: two, platform: tencent, path: /two, sdkAppId: 2 }
`;
const RULES = `rules:
  - { id: stays, on: block.add, when: { fact: platform, operator: equal, value: openim }, then: { refuse: true } }
  - { id: seen, on: block.add, stage: after, when: { fact: platform, operator: equal, value: tencent }, then: { tag: x } }
`;

describe('callgate webhooks', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-webhooks-'));
    writeFileSync(join(folder, 'config.yaml'), APPS);
    mkdirSync(join(folder, 'rules'));
    writeFileSync(join(folder, 'rules', 'rules.yaml'), RULES);
  });
  after(() => rmSync(folder, { recursive: true }));

  const webhooks = (...args: readonly string[]): Promise<Ended> =>
    runCallgate(['webhooks', ...args], { cwd: folder }).ended;

  it('prints entries for webhooks.yml', async () => {
    const { stdout, stderr, code } = await webhooks('openim');
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    expect(parse(stdout)).to.deep.equal({
      url: 'http://127.0.0.1:9000/im/0123456789abcdef',
      beforeAddBlack: { enable: true, timeout: 4, failedContinue: false },
    });
  });

  it('prints them as JSON too', async () => {
    const { stdout } = await webhooks('tencent', '--app', 'one', '--json');
    expect(JSON.parse(stdout)).to.deep.include({ app: 'one', url: 'http://127.0.0.1:9000/one', unseen: [] });
  });

  it('prints switches of the console, for the app and URL that are named', async () => {
    const { stdout, code } = await webhooks('tencent', '--app', 'two', '--url', 'https://gate.example/two');
    expect(code).to.equal(0);
    expect(stdout).to.contain('SDKAppID 2').and.contain('https://gate.example/two');
    expect(stdout).to.contain('  Sns.CallbackBlackListAdd\n      seen\n');
  });

  it('wants to know which app where there are several', async () => {
    const { stderr, code } = await webhooks('tencent');
    expect(code).to.equal(1);
    expect(stderr).to.equal('Several apps are configured: say --app with one of one, two.\n');
  });
});
