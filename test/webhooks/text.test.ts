import { expect } from 'chai';
import { parse } from 'yaml';
import type { OpenimApp, TencentApp } from '../../adapters/index.js';
import type { Needs } from '../../cli/webhooks/needs.js';
import { timeoutFor, webhooksYaml } from '../../cli/webhooks/openim.js';
import { consoleSwitches } from '../../cli/webhooks/tencent.js';

const COMMON = { path: '/im', default: 'allow', onFailure: 'allow', deadline: 1500 } as const;
const OPENIM: OpenimApp = { id: 'im', platform: 'openim', dialect: 'server', ...COMMON };
const TENCENT: TencentApp = { id: 'chat', platform: 'tencent', sdkAppId: '1400000000', ...COMMON };

const NEEDS: Needs = {
  switches: [
    { name: 'beforeAddBlack', stage: 'before', commands: ['x'], others: [], rules: ['a', 'b'] },
    { name: 'afterUserOnline', stage: 'after', commands: ['y'], others: ['z'], rules: ['c'] },
  ],
  unseen: [{ rule: 'c', kind: 'message.edit', reason: 'no callback tells of it' }],
  blindSpots: ['Something: with a colon.'],
};
const NOTHING: Needs = { switches: [], unseen: [], blindSpots: [] };

describe('what is printed for webhooks.yml', () => {
  it('is YAML with the URL and one entry per switch, with the keys that OpenIM reads there', () => {
    expect(parse(webhooksYaml(NEEDS, OPENIM, 'http://10.0.0.1:8080/im'))).to.deep.equal({
      url: 'http://10.0.0.1:8080/im',
      beforeAddBlack: { enable: true, timeout: 3, failedContinue: true },
      afterUserOnline: { enable: true, timeout: 3 },
    });
    expect(parse(webhooksYaml(NOTHING, OPENIM, 'http://x/im'))).to.deep.equal({ url: 'http://x/im' });
  });

  it('names the rules of each entry, and what OpenIM cannot show', () => {
    const text = webhooksYaml(NEEDS, OPENIM, 'http://x/im');
    expect(text).to.contain('# a, b\nbeforeAddBlack:\n');
    expect(text).to.contain('# - c (message.edit): no callback tells of it\n');
    expect(text.endsWith('# - Something: with a colon.\n')).to.equal(true);
  });

  it('follows the failure policy of the app', () => {
    const refusing = parse(webhooksYaml(NEEDS, { ...OPENIM, onFailure: 'refuse' }, 'http://x')) as Record<
      string,
      unknown
    >;
    expect(refusing['beforeAddBlack']).to.include({ failedContinue: false });
  });

  it('waits longer than the deadline of the app, and less than OpenIM gives', () => {
    expect([50, 800, 1000, 1500, 10_000].map(timeoutFor)).to.deep.equal([2, 2, 2, 3, 11]);
  });
});

describe('what is printed for the console of Tencent', () => {
  it('names each switch with its rules, and what goes on with it', () => {
    const text = consoleSwitches(NEEDS, TENCENT, 'https://gate.example/im');
    expect(text).to.contain('SDKAppID 1400000000');
    expect(text).to.contain('https://gate.example/im');
    expect(text).to.contain('  afterUserOnline (the same switch as y, z)\n      c\n');
    expect(text).to.contain('  - c (message.edit): no callback tells of it\n');
  });

  it('says whether the calls are signed, and never the token', () => {
    expect(consoleSwitches(NOTHING, TENCENT, 'https://x')).to.contain('Authentication: off');
    const signed = consoleSwitches(NOTHING, { ...TENCENT, token: 'hidden-token' }, 'https://x');
    expect(signed).to.contain('Authentication: on').and.not.contain('hidden-token');
  });
});
