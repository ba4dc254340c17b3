import { expect } from 'chai';
import { startLiveServer, type LiveServer } from '../support/live-server.js';

const APPS = `
  - { id: server, platform: openim, path: /openim, dialect: server }
  - { id: documented, platform: openim, path: /documented, dialect: documented }
  - { id: cloud, platform: tencent, path: /tencent, sdkAppId: "1400000001" }`;

const RULES = `
lists:
  banned: [casino]
rules:
  - id: support-stays-reachable
    on: block.add
    when: { all: [{ fact: platform, operator: equal, value: openim }, { fact: target.id, operator: equal, value: user789 }] }
    then: { refuse: { reason: 7, message: "You cannot block support.", detail: "support" } }
  - id: closed-account
    on: friend.import
    priority: 2
    when: { fact: friend.ownerId, operator: equal, value: closed }
    then: { refuse: { message: "The account is closed.", detail: "closed-account" } }
  - id: no-strangers
    on: friend.import
    priority: 1
    when: { fact: target.id, operator: startsWith, value: stranger }
    then: { refuse: true }
  - id: no-empty-joke
    on: friend.remark
    priority: 1
    when: { fact: friend.remark, operator: equal, value: boss }
    then: { refuse: { reason: 2, message: "Not that one." } }
  - id: clean-remarks
    on: friend.remark
    when: { fact: friend.remark, operator: containsAny, value: { list: banned } }
    then: { rewrite: { friend.remark: { mask: { list: banned } } } }
  - id: seen
    on: [block.add, block.remove]
    stage: after
    when: always
    then: { tag: "seen", notify: watchers }
`;

const SERVER = {
  allow: { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: 0 },
  refuse: (errCode: number, errMsg: string, errDlt: string) => ({
    actionCode: 0,
    errCode,
    errMsg,
    errDlt,
    nextCode: 1,
  }),
};
const DOCUMENTED = {
  allow: { ...SERVER.allow, nextCode: '0' },
  refuse: (errCode: number, errMsg: string, errDlt: string) => ({
    actionCode: 1,
    errCode,
    errMsg,
    errDlt,
    nextCode: '1',
  }),
};
const OK = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };

describe('the documented flows', () => {
  let server: LiveServer;
  before(async () => {
    server = await startLiveServer(APPS, { 'rules.yaml': RULES });
  });
  after(() => server.close());

  for (const [path, words] of [
    ['/openim', SERVER],
    ['/documented', DOCUMENTED],
  ] as const) {
    describe(`on an OpenIM app at ${path}`, () => {
      for (const command of ['addBlackCommand', 'callbackBeforeAddBlackCommand']) {
        for (const url of [
          `${path}/${command}`,
          `${path}//${command}`,
          `${path}?command=${command}`,
          `${path}?command=${command}&contenttype=json`,
        ]) {
          it(`1. blocking a user is allowed, or refused by a rule: ${url}`, async () => {
            const block = (blackUserID: string): Promise<unknown> =>
              server.post(url, { callbackCommand: command, ownerUserID: 'user123', blackUserID });
            expect(await block('user456')).to.deep.equal(words.allow);
            expect(await block('user789')).to.deep.equal(
              words.refuse(5007, 'You cannot block support.', 'support'),
            );
          });
        }
      }

      for (const command of ['ImportFriendReqBeforeCommand', 'callbackBeforeImportFriendsCommand']) {
        const importFriends = (ownerUserID: string, friendUserIDs: readonly string[]): Promise<unknown> =>
          server.post(`${path}/${command}`, { callbackCommand: command, ownerUserID, friendUserIDs });

        it(`2. importing friends is allowed: ${command}`, async () => {
          expect(await importFriends('user123', ['a', 'b'])).to.deep.equal(words.allow);
        });

        it(`2. importing friends is refused with the texts of the rule: ${command}`, async () => {
          const echo = path === '/documented' ? { ownerUserID: 'closed', friendUserIDs: ['a', 'b'] } : {};
          expect(await importFriends('closed', ['a', 'b'])).to.deep.equal({
            ...words.refuse(5001, 'The account is closed.', 'closed-account'),
            ...echo,
          });
        });

        it(`2. only some friends are let through: ${command}`, async () => {
          expect(await importFriends('user123', ['a', 'stranger1', 'b', 'stranger2'])).to.deep.include({
            ...words.allow,
            friendUserIDs: ['a', 'b'],
          });
        });
      }

      const command = 'callbackBeforeSetFriendRemarkCommand';
      const remark = (text: string): Promise<unknown> =>
        server.post(`${path}/${command}`, {
          callbackCommand: command,
          ownerUserID: 'user123',
          friendUserID: 'user456',
          remark: text,
        });

      it('3. a friend remark is allowed and echoed', async () => {
        expect(await remark('Omar')).to.deep.equal({ ...words.allow, remark: 'Omar' });
      });
      it('3. a friend remark is refused', async () => {
        expect(await remark('boss')).to.deep.equal(words.refuse(5002, 'Not that one.', ''));
      });
      it('3. a friend remark is rewritten: a banned word is masked', async () => {
        expect(await remark('Omar (Casino)')).to.deep.equal({ ...words.allow, remark: 'Omar (******)' });
      });
    });
  }

  for (const [number, command, kind] of [
    [4, 'Sns.CallbackBlackListAdd', 'blocked'],
    [5, 'Sns.CallbackBlackListDelete', 'unblocked'],
  ] as const) {
    it(`${number}. ${command} is answered at once, and each pair is seen by the rules`, async () => {
      const pairs = ['x', 'y', 'z'].map((name) => ({
        From_Account: `${kind}-by`,
        To_Account: `${kind}-${name}`,
      }));
      const url = `/tencent?SdkAppid=1400000001&CallbackCommand=${command}&contenttype=json&ClientIP=192.0.2.1&OptPlatform=iOS`;
      expect(await server.post(url, { CallbackCommand: command, PairList: pairs })).to.deep.equal(OK);
      for (const { To_Account } of pairs) await server.logged(new RegExp(`${To_Account}.*"seen"`));
    });
  }
});

describe('editing rules while the server runs', () => {
  let server: LiveServer;
  before(async () => {
    server = await startLiveServer(APPS, { 'a.yaml': 'rules: []' });
  });
  after(() => server.close());

  const block = (): Promise<unknown> =>
    server.post('/openim/callbackBeforeAddBlackCommand', {
      callbackCommand: 'callbackBeforeAddBlackCommand',
      ownerUserID: 'user123',
      blackUserID: 'user456',
    });
  const rule = (message: string): string =>
    `rules: [{ id: r, on: block.add, when: { fact: platform, operator: equal, value: openim }, then: { refuse: { message: "${message}" } } }]`;

  it('the next callback is judged by what was saved', async () => {
    expect(await block()).to.deep.equal(SERVER.allow);
    expect((await server.save('a.yaml', rule('one'))).outcome).to.equal('loaded');
    expect(await block()).to.deep.equal(SERVER.refuse(5001, 'one', ''));
  });

  it('a mistake keeps the last good rules, and is located; saving a good file recovers', async () => {
    const refused = await server.save('a.yaml', rule('two').replace('block.add', 'block.ad'));
    expect(refused.outcome).to.equal('refused');
    expect(refused.problems[0]).to.deep.include({
      code: 'unknown-kind',
      file: 'a.yaml',
      line: 1,
      column: 22,
    });
    expect(await block()).to.deep.equal(SERVER.refuse(5001, 'one', ''));
    expect((await server.save('a.yaml', rule('three'))).outcome).to.equal('loaded');
    expect(await block()).to.deep.equal(SERVER.refuse(5001, 'three', ''));
  });
});
