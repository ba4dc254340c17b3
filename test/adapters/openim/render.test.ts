import { expect } from 'chai';
import type { Failure, JsonObject } from '../../../adapters/adapter.js';
import { OPENIM_ROWS } from '../../../adapters/openim/commands.js';
import { plainRuling } from '../../../engine/decision.js';
import {
  ALLOW,
  adapter,
  allowed,
  answer,
  decision,
  discarded,
  example,
  readBody,
  refused,
  request,
} from './support.js';

const BLOCK = 'callbackBeforeAddBlackCommand';
const IMPORT = 'callbackBeforeImportFriendsCommand';
const REGISTER = 'callbackBeforeUserRegisterCommand';

const REFUSAL = { actionCode: 0, errCode: 5001, errMsg: 'No.', errDlt: '', nextCode: 1 };

const before = OPENIM_ROWS.filter(({ stage }) => stage === 'before');
const after = OPENIM_ROWS.filter(({ stage }) => stage === 'after');

describe('OpenIM: replies', () => {
  describe('that refuse', () => {
    it('carry exactly the five fields that refuse in every release', () => {
      const { body, shortfalls } = answer(example(BLOCK), [
        refused({ reason: 7, message: 'Not her.', detail: 'support' }),
      ]);
      expect(body).to.deep.equal({
        actionCode: 0,
        errCode: 5007,
        errMsg: 'Not her.',
        errDlt: 'support',
        nextCode: 1,
      });
      expect(shortfalls).to.deep.equal([]);
    });

    it('say it as the documentation prints it when asked to', () => {
      const { body } = answer(example(BLOCK), [refused()], 'documented');
      expect(body).to.deep.equal({ actionCode: 1, errCode: 5001, errMsg: 'No.', errDlt: '', nextCode: '1' });
    });

    it('never hold a rewrite or an echo', () => {
      for (const { command } of before) {
        const { body } = answer(example(command), [
          { ...refused(), rewrites: new Map([['message.text', { set: 'x' }]]) },
        ]);
        expect(body, command).to.deep.equal(REFUSAL);
      }
    });

    it('take the code that a rule names', () => {
      const { body, shortfalls } = answer(example(BLOCK), [
        refused({ codes: { openim: 6200, tencent: 38001 } }),
      ]);
      expect(body['errCode']).to.equal(6200);
      expect(shortfalls).to.deep.equal([]);
    });

    it('fall back to the reason when the code is 0, no int32 or one of the server', () => {
      for (const code of [0, -1, 1.5, Number.NaN, 2 ** 31, 500, 1001, 1204, 10_014, 80_000, 90_007]) {
        const { body, shortfalls } = answer(example(BLOCK), [
          refused({ reason: 3, codes: { openim: code } }),
        ]);
        expect(body['errCode']).to.equal(5003);
        expect(shortfalls.map(({ effect }) => effect)).to.deep.equal([`code ${code}`]);
      }
    });

    it('take reason 1 for a reason that cannot be', () => {
      for (const reason of [0, -5, 100, 1.5, Number.NaN]) {
        expect(answer(example(BLOCK), [refused({ reason })]).body['errCode']).to.equal(5001);
      }
    });

    it('stand in for a silent drop, and say so', () => {
      const { body, shortfalls } = answer(example(BLOCK), [discarded()]);
      expect(body).to.include({ actionCode: 0, errCode: 5001, nextCode: 1 });
      expect(shortfalls.map(({ effect }) => effect)).to.deep.equal(['discard']);
    });

    it('refuse all targets when one is refused and the server takes no list', () => {
      const body = example('callbackBeforeInviteJoinGroupCommand');
      const reply = answer(body, [allowed(), refused({ reason: 4, message: 'Not him.' })]);
      expect(reply.body).to.deep.equal({ ...REFUSAL, errCode: 5004, errMsg: 'Not him.' });
      expect(reply.shortfalls.map(({ effect }) => effect)).to.deep.equal(['allow']);
    });

    it('are in the words of the first target that is refused', () => {
      const body = example('callbackBeforeInviteJoinGroupCommand');
      const reply = answer(body, [refused({ reason: 2 }), refused({ reason: 3 })]);
      expect(reply.body['errCode']).to.equal(5002);
      expect(answer(body, [discarded(), refused({ reason: 3 })]).body['errCode']).to.equal(5003);
    });
  });

  describe('that allow', () => {
    it('are neutral', () => {
      expect(answer(example(BLOCK), [allowed()])).to.deep.equal({ body: ALLOW, shortfalls: [] });
      expect(answer(example(BLOCK), [allowed()], 'documented').body).to.deep.equal({
        ...ALLOW,
        nextCode: '0',
      });
    });

    it('repeat the remark, which old releases clear otherwise', () => {
      const body = example('callbackBeforeSetFriendRemarkCommand');
      expect(answer(body, [allowed()]).body).to.deep.equal({ ...ALLOW, remark: 'Omar (design)' });
      const old = { ...body, callbackCommand: 'callbackBeforeSetFriendRemark', remark: '' };
      expect(answer(old, [allowed()]).body).to.deep.equal({ ...ALLOW, remark: '' });
    });

    it('repeat four fields of a group change, and not those that would store zeros', () => {
      expect(answer(example('callbackBeforeSetGroupInfoCommand'), [allowed()]).body).to.deep.equal({
        ...ALLOW,
        groupID: '3018274655',
        groupName: 'Release planning 2026',
        introduction: '',
        faceURL: '',
      });
    });

    it('repeat eight fields of the newer group change, null as null', () => {
      expect(answer(example('callbackBeforeSetGroupInfoExCommand'), [allowed()]).body).to.deep.equal({
        ...ALLOW,
        groupID: '3018274655',
        groupName: 'Release planning 2026',
        introduction: '',
        faceURL: null,
        ex: null,
        needVerification: 1,
        lookMemberInfo: null,
        applyMemberFriend: null,
      });
    });

    it('repeat nothing of a wrong type, which would spoil the whole reply, and say so', () => {
      const body = example('callbackBeforeSetGroupInfoExCommand', {
        groupName: { value: 'x' },
        needVerification: 1.5,
      });
      const { body: reply, shortfalls } = answer(body, [plainRuling('allow')]);
      expect(reply).not.to.have.any.keys('groupName', 'needVerification');
      expect(reply).to.include({ groupID: '3018274655', nextCode: 0 });
      expect(shortfalls.map(({ effect }) => effect)).to.deep.equal(['allow']);
      expect(shortfalls[0]!.reason).to.include('groupName, needVerification');
    });
  });

  describe('to failed callbacks', () => {
    const bodyFailure: Failure = { cause: 'unreadable-body', message: 'not JSON' };

    it('follow the failure policy', () => {
      const lost = adapter().read(request({ subpath: BLOCK, body: undefined, bodyFailure }));
      expect(adapter().render(lost, decision(plainRuling('allow'))).body).to.deep.equal(ALLOW);
      expect(adapter().render(lost, decision(refused())).body).to.deep.equal(REFUSAL);
      const nameless = adapter().read(request({ body: {} }));
      expect(adapter().render(nameless, decision(plainRuling('allow'))).body).to.deep.equal(ALLOW);
      expect(adapter().render(nameless, decision(refused())).body).to.deep.equal(REFUSAL);
      expect(adapter().render(nameless, decision(discarded())).body).to.include({
        errCode: 5001,
        nextCode: 1,
      });
    });

    it('still repeat what must be repeated', () => {
      const body = example('callbackBeforeSetGroupInfoCommand', { needVerification: 'no number' });
      const callback = readBody(body);
      expect(callback.outcome.type).to.equal('failure');
      expect(adapter().render(callback, decision(plainRuling('allow'))).body).to.deep.equal({
        ...ALLOW,
        groupID: '3018274655',
        groupName: 'Release planning 2026',
        introduction: '',
        faceURL: '',
      });
    });

    it('refuse a list of targets as a whole', () => {
      const callback = readBody(example(IMPORT, { friendUserIDs: ['a', 7] }));
      expect(callback.outcome.type).to.equal('failure');
      expect(adapter().render(callback, decision(refused())).body).to.deep.equal(REFUSAL);
    });
  });

  describe('that nobody acts upon', () => {
    it('allow every report, whatever the rules say', () => {
      for (const { command } of after) {
        const { body, shortfalls } = answer(example(command), [refused(), discarded()]);
        expect(body, command).to.deep.equal(ALLOW);
        expect(shortfalls.map(({ effect }) => effect)).to.deep.equal(['refuse', 'discard']);
      }
    });

    it('allow an unknown command', () => {
      const unknown: JsonObject = { callbackCommand: 'callbackFromTomorrow' };
      const { body, shortfalls } = answer(unknown, [refused()]);
      expect(body).to.deep.equal(ALLOW);
      expect(shortfalls.map(({ effect }) => effect)).to.deep.equal(['refuse']);
      expect(answer(unknown, [plainRuling('allow')])).to.deep.equal({ body: ALLOW, shortfalls: [] });
    });
  });

  describe('about single targets', () => {
    it('leave refused friends out of the list', () => {
      const body = example(IMPORT, { friendUserIDs: ['a', 'b', 'c'] });
      const reply = answer(body, [allowed(), refused(), allowed()]);
      expect(reply).to.deep.equal({ body: { ...ALLOW, friendUserIDs: ['a', 'c'] }, shortfalls: [] });
    });

    it('leave dropped friends out too, as nobody is told', () => {
      const body = example(IMPORT, { friendUserIDs: ['a', 'b'] });
      expect(answer(body, [discarded(), allowed()])).to.deep.equal({
        body: { ...ALLOW, friendUserIDs: ['b'] },
        shortfalls: [],
      });
    });

    it('send no list when all pass, nor when there is none', () => {
      expect(answer(example(IMPORT), [allowed(), allowed()]).body).to.deep.equal(ALLOW);
      expect(answer(example(IMPORT, { friendUserIDs: null }), [allowed()]).body).to.deep.equal(ALLOW);
    });

    it('refuse the whole when nobody is left, as an empty list means unchanged', () => {
      expect(answer(example(IMPORT), [refused(), refused()]).body).to.deep.equal(REFUSAL);
      expect(answer(example(IMPORT, { friendUserIDs: [] }), [refused()]).body).to.deep.equal(REFUSAL);
    });

    it('leave refused receivers out of an offline push', () => {
      const body = example('callbackBeforeOfflinePushCommand', { userIDList: ['a', 'b'] });
      expect(answer(body, [refused(), allowed()]).body).to.deep.equal({ ...ALLOW, userIDList: ['b'] });
    });

    it('refuse an online push as a whole, whose list the server ignores', () => {
      const body = example('callbackBeforeOnlinePushCommand');
      expect(answer(body, [refused(), allowed()]).body).to.deep.equal(REFUSAL);
    });

    it('name the accounts that may be created, with the known fields of their types', () => {
      const users = [
        {
          userID: 'a',
          nickname: 'A',
          faceURL: '',
          ex: '',
          createTime: 0,
          appMangerLevel: 0,
          globalRecvMsgOpt: 0,
        },
        { userID: 'b', nickname: 'B', createTime: 'soon', secret: [[]] },
      ];
      const body = example(REGISTER, { secret: 'openIM123', users });
      expect(answer(body, [refused(), allowed()]).body).to.deep.equal({
        ...ALLOW,
        users: [{ userID: 'b', nickname: 'B' }],
      });
      expect(answer(body, [allowed(), refused()]).body).to.deep.equal({ ...ALLOW, users: [users[0]] });
    });
  });
});
