import { expect } from 'chai';
import type { Ruling } from '../../../engine/decision.js';
import { TENCENT_ROWS } from '../../../adapters/tencent/catalog.js';
import {
  ADAPTER,
  ALLOWED,
  answer,
  bodyOf,
  decisionOf,
  DISCARDED,
  read,
  refused,
  requestOf,
  rewritten,
} from './support.js';

const OK = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };
const error = (ErrorCode: number, ErrorInfo = 'No.') => ({ ActionStatus: 'OK', ErrorCode, ErrorInfo });

const BEFORE_SEND = [
  ['C2C.CallbackBeforeSendMsg', 120_007],
  ['Group.CallbackBeforeSendMsg', 10_107],
  ['OfficialAccount.CallbackBeforeSendMsg', 120_007],
] as const;

const SINGLE_VERDICT = [
  ...BEFORE_SEND,
  ['Group.CallbackBeforeCreateGroup', 10_107],
  ['Group.CallbackBeforeApplyJoinGroup', 10_107],
  ['Group.CallbackBeforeInviteJoinGroup', 10_107],
  ['Group.CallbackBeforeCreateTopic', 10_107],
  ['OfficialAccount.CallbackBeforeCreateOfficialAccount', 120_007],
  ['OfficialAccount.CallbackBeforeAddSubscriber', 1],
] as const;

/** The same ruling for every target of a sample. */
const each = (command: string, ruling: Ruling): readonly Ruling[] => {
  const { outcome } = read(command);
  const count = outcome.type === 'event' ? outcome.event.targets.length : 0;
  return Array.from({ length: Math.max(1, count) }, () => ruling);
};

describe('Tencent replies of commands with one verdict', () => {
  for (const [command, code] of SINGLE_VERDICT) {
    it(`${command} allows with 0 and refuses with ${code}`, () => {
      expect(answer(command, each(command, ALLOWED))).to.deep.equal({ body: OK, lost: [] });
      expect(answer(command, each(command, refused()))).to.deep.equal({ body: error(code), lost: [] });
    });
  }

  it("takes a rule's own code where it lies in the command's range", () => {
    const own = (command: string, tencent: number) =>
      answer(command, [refused({ codes: { tencent, openim: 5001 } })]);
    expect(own('C2C.CallbackBeforeSendMsg', 125_000)).to.deep.equal({ body: error(125_000), lost: [] });
    expect(own('C2C.CallbackBeforeSendMsg', 130_001)).to.deep.equal({
      body: error(120_007),
      lost: ['code 130001'],
    });
    expect(own('C2C.CallbackBeforeSendMsg', 10_150).body).to.deep.equal(error(120_007));
    expect(own('Group.CallbackBeforeSendMsg', 10_150).body).to.deep.equal(error(10_150));
    expect(own('Group.CallbackBeforeSendMsg', 120_005)).to.deep.equal({
      body: error(10_107),
      lost: ['code 120005'],
    });
    expect(own('OfficialAccount.CallbackBeforeAddSubscriber', 120_005)).to.deep.equal({
      body: error(1),
      lost: ['code 120005'],
    });
  });

  it('keeps every reason from 1 to 99 in the range', () => {
    const code = (command: string, reason: number) =>
      answer(command, [refused({ reason })]).body['ErrorCode'];
    expect([1, 99].map((reason) => code('C2C.CallbackBeforeSendMsg', reason))).to.deep.equal([
      120_001, 120_099,
    ]);
    expect([1, 99].map((reason) => code('Group.CallbackBeforeSendMsg', reason))).to.deep.equal([
      10_101, 10_199,
    ]);
  });

  it('says when a detail is lost', () => {
    expect(answer('C2C.CallbackBeforeSendMsg', [refused({ detail: 'why' })]).lost).to.deep.equal(['detail']);
  });

  it('refuses the whole group when one of its first members is refused', () => {
    expect(answer('Group.CallbackBeforeCreateGroup', [ALLOWED, refused()]).body).to.deep.equal(error(10_107));
  });

  it('answers a failure by the same rules', () => {
    for (const [command, code] of SINGLE_VERDICT) {
      const reply = ADAPTER.render(read(command, null), decisionOf(refused()));
      expect(reply.body, command).to.deep.equal(error(code));
    }
  });
});

describe('a Tencent discard', () => {
  for (const [command] of BEFORE_SEND) {
    it(`is code 2 without a text for ${command}`, () => {
      expect(answer(command, [DISCARDED])).to.deep.equal({ body: error(2, ''), lost: [] });
    });
  }

  it('is a refusal, and told to be one, elsewhere', () => {
    expect(answer('Group.CallbackBeforeApplyJoinGroup', [DISCARDED])).to.deep.equal({
      body: error(10_101, 'Gone.'),
      lost: ['discard'],
    });
    const { body, lost } = answer('Sns.CallbackPrevFriendAdd', [DISCARDED, ALLOWED]);
    expect(body['ResultItem']).to.deep.equal([
      { To_Account: 'u_51830', ResultCode: 38_001, ResultInfo: 'Gone.' },
      { To_Account: 'u_66019', ResultCode: 0, ResultInfo: '' },
    ]);
    expect(lost).to.deep.equal(['discard']);
  });
});

describe('Tencent replies of friend commands', () => {
  for (const command of ['Sns.CallbackPrevFriendAdd', 'Sns.CallbackPrevFriendResponse']) {
    it(`${command} answers for every target and keeps ErrorCode at 0`, () => {
      const { body, lost } = answer(command, [refused(), ALLOWED]);
      expect(body).to.include(OK);
      expect(body['ResultItem']).to.have.length(2);
      expect(
        (body['ResultItem'] as { ResultCode: number }[]).map(({ ResultCode }) => ResultCode),
      ).to.deep.equal([38_007, 0]);
      expect(lost).to.deep.equal([]);
      expect(answer(command, [refused(), refused()]).body['ErrorCode']).to.equal(0);
    });
  }

  it('take a code of the rule', () => {
    const { body } = answer('Sns.CallbackPrevFriendAdd', [refused({ codes: { tencent: 38_500 } }), ALLOWED]);
    expect(body['ResultItem']).to.deep.include({
      To_Account: 'u_51830',
      ResultCode: 38_500,
      ResultInfo: 'No.',
    });
  });

  it('name the targets of a body that could not be read otherwise', () => {
    const body = { ...bodyOf('Sns.CallbackPrevFriendAdd'), From_Account: 5 };
    expect(answer('Sns.CallbackPrevFriendAdd', [refused()], body).body['ResultItem']).to.deep.equal([
      { To_Account: 'u_51830', ResultCode: 38_007, ResultInfo: 'No.' },
      { To_Account: 'u_66019', ResultCode: 38_007, ResultInfo: 'No.' },
    ]);
  });

  it('name the targets that are readable beside one that is not', () => {
    const body = { FriendItem: [{ To_Account: 'x' }, { To_Account: 5 }, null, {}, { To_Account: 'y' }] };
    const items = answer('Sns.CallbackPrevFriendAdd', [refused()], body).body['ResultItem'];
    expect((items as { To_Account: string }[]).map(({ To_Account }) => To_Account)).to.deep.equal(['x', 'y']);
  });

  it('can only report the code at the top when nobody is named, and say that it may not be heard', () => {
    const { body, lost } = answer('Sns.CallbackPrevFriendAdd', [refused()], {});
    expect(body).to.deep.equal({ ...error(38_007), ResultItem: [] });
    expect(lost).to.deep.equal(['refuse']);
  });

  it('allow an empty list with 0', () => {
    const body = { ...bodyOf('Sns.CallbackPrevFriendAdd'), FriendItem: [] };
    expect(answer('Sns.CallbackPrevFriendAdd', [ALLOWED], body).body).to.deep.equal({
      ...OK,
      ResultItem: [],
    });
  });

  it('give the one ruling of a failure to every target of an event', () => {
    const { body } = answer('Sns.CallbackPrevFriendAdd', [refused()]);
    expect(
      (body['ResultItem'] as { ResultCode: number }[]).map(({ ResultCode }) => ResultCode),
    ).to.deep.equal([38_007, 38_007]);
  });
});

describe('Tencent partial refusals', () => {
  it('name the refused invitees as plain texts, with ErrorCode 0', () => {
    expect(answer('Group.CallbackBeforeInviteJoinGroup', [ALLOWED, refused()])).to.deep.equal({
      body: { ...OK, RefusedMembers_Account: ['u_77122'] },
      lost: [],
    });
  });

  it('name the refused subscribers', () => {
    const command = 'OfficialAccount.CallbackBeforeAddSubscriber';
    const body = {
      ...bodyOf(command),
      SubscribeAccountList: ['a', 'b', 'c'].map((Subscriber_Account) => ({ Subscriber_Account })),
    };
    expect(answer(command, [refused(), ALLOWED, refused()], body).body).to.deep.equal({
      ...OK,
      RefusedSubscribers_Account: ['a', 'c'],
    });
  });

  it('are no lists when everybody is refused', () => {
    expect(answer('Group.CallbackBeforeInviteJoinGroup', [refused(), refused()]).body).to.deep.equal(
      error(10_107),
    );
  });

  it('refuse the whole when a refused one has no name', () => {
    const body = {
      ...bodyOf('Group.CallbackBeforeInviteJoinGroup'),
      DestinationMembers: [{ Member_Account: 'a' }, { Member_Account: '' }],
    };
    expect(answer('Group.CallbackBeforeInviteJoinGroup', [ALLOWED, refused()], body).body).to.deep.equal(
      error(10_107),
    );
  });

  it('say once that a code is lost', () => {
    const own = refused({ codes: { tencent: 10_150 } });
    const body = {
      ...bodyOf('Group.CallbackBeforeInviteJoinGroup'),
      DestinationMembers: ['a', 'b', 'c'].map((Member_Account) => ({ Member_Account })),
    };
    expect(answer('Group.CallbackBeforeInviteJoinGroup', [own, own, ALLOWED], body).lost).to.deep.equal([
      'code 10150',
    ]);
  });
});

describe('Tencent rewrites', () => {
  for (const [command] of BEFORE_SEND) {
    it(`replace the body and the custom data of ${command}`, () => {
      const ruling = rewritten(
        ['message.text', { set: 'Hello' }],
        ['message.customData', { set: '{"x":1}' }],
      );
      expect(answer(command, [ruling])).to.deep.equal({
        body: {
          ...OK,
          MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'Hello' } }],
          CloudCustomData: '{"x":1}',
        },
        lost: [],
      });
    });
  }

  it('edit the custom data, and say when data of custom elements stays', () => {
    const ruling = rewritten(['message.customData', { edit: (data) => data.replaceAll('bad', '***') }]);
    const body = bodyOf('C2C.CallbackBeforeSendMsg');
    const custom = { MsgType: 'TIMCustomElem', MsgContent: { Data: 'bad' } };
    expect(
      answer('C2C.CallbackBeforeSendMsg', [ruling], { ...body, CloudCustomData: 'so bad' }),
    ).to.deep.equal({
      body: { ...OK, CloudCustomData: 'so ***' },
      lost: [],
    });
    expect(
      answer('C2C.CallbackBeforeSendMsg', [ruling], { ...body, MsgBody: [custom], CloudCustomData: 'fine' }),
    ).to.deep.equal({ body: OK, lost: ['rewrite message.customData'] });
  });

  it('leave out elements that no platform can read, and say so', () => {
    const ruling = rewritten(['message.text', { edit: (text) => text.replaceAll('bad', '***') }]);
    const readable = { MsgType: 'TIMTextElem', MsgContent: { Text: 'bad' } };
    const broken = [{ MsgContent: { Text: 'bad' } }, { MsgType: 'TIMTextElem', MsgContent: 'bad' }, 'bad'];
    const replyTo = (MsgBody: readonly unknown[]) =>
      answer('C2C.CallbackBeforeSendMsg', [ruling], { ...bodyOf('C2C.CallbackBeforeSendMsg'), MsgBody });
    expect(replyTo([readable, ...broken])).to.deep.equal({
      body: { ...OK, MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: '***' } }] },
      lost: ['rewrite message.text'],
    });
    expect(replyTo(broken)).to.deep.equal({ body: OK, lost: ['rewrite message.text'] });
    // It can be read, and not be written again.
    const More = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    expect(replyTo([readable, { ...readable, More }]).body).to.deep.equal(replyTo([readable]).body);
    expect(replyTo([{ ...readable, More }])).to.deep.equal({ body: OK, lost: ['rewrite message.text'] });
  });

  it('do not accompany a refusal or a discard', () => {
    const rewrites = rewritten(['message.text', { set: 'Hello' }]).rewrites;
    for (const ruling of [refused(), DISCARDED]) {
      const { body } = answer('C2C.CallbackBeforeSendMsg', [{ ...ruling, rewrites }]);
      expect(body).not.to.have.property('MsgBody');
    }
  });

  it('of other facts or commands are told to be lost', () => {
    const ruling = rewritten(['friend.remark', { set: 'x' }]);
    expect(answer('C2C.CallbackBeforeSendMsg', [ruling])).to.deep.equal({
      body: OK,
      lost: ['rewrite friend.remark'],
    });
    expect(answer('Sns.CallbackPrevFriendAdd', [ruling, ruling]).lost).to.deep.equal([
      'rewrite friend.remark',
    ]);
    expect(answer('Group.CallbackBeforeInviteJoinGroup', [ruling, ALLOWED]).lost).to.deep.equal([
      'rewrite friend.remark',
    ]);
    expect(answer('Group.CallbackBeforeInviteJoinGroup', [ruling, refused()])).to.deep.equal({
      body: { ...OK, RefusedMembers_Account: ['u_77122'] },
      lost: ['rewrite friend.remark'],
    });
  });
});

describe('Tencent replies to reports', () => {
  const reports = TENCENT_ROWS.filter(({ stage }) => stage === 'after').map(({ command }) => command);

  it('never refuse, drop or change anything, and say so', () => {
    expect(reports).to.have.length(50);
    for (const command of reports) {
      const ruling = { ...refused(), rewrites: rewritten(['message.text', { set: 'x' }]).rewrites };
      const { body, lost } = answer(command, each(command, ruling));
      expect(body, command).to.include(OK);
      expect(lost, command).to.deep.equal(['refuse', 'rewrite message.text']);
      expect(answer(command, each(command, DISCARDED)).body).to.include(OK);
    }
  });

  it('never echo the error of a failed group message', () => {
    expect(answer('Group.CallbackSendMsgException', [ALLOWED]).body).to.deep.equal(OK);
  });

  it('have a fourth field for a chatbot signal', () => {
    expect(answer('Chatbot.OnC2CSignalMessage', [ALLOWED]).body).to.deep.equal({ ...OK, RspData: '' });
    const failure = ADAPTER.render(read('Chatbot.OnC2CSignalMessage', null), decisionOf(refused()));
    expect(failure.body).to.deep.equal({ ...OK, RspData: '' });
  });
});

describe('Tencent replies without a known command', () => {
  it('let an unknown command through', () => {
    expect(answer('Some.NewCommand', [ALLOWED], {})).to.deep.equal({ body: OK, lost: [] });
    expect(answer('Some.NewCommand', [refused()], {})).to.deep.equal({ body: OK, lost: ['refuse'] });
  });

  it("tell a failed request the policy's verdict", () => {
    const query = new URLSearchParams({ CallbackCommand: 'Some.NewCommand' });
    const callback = ADAPTER.read(requestOf('Some.NewCommand', {}, { query }));
    expect(ADAPTER.render(callback, decisionOf(refused())).body).to.deep.equal(error(1));
    expect(ADAPTER.render(callback, decisionOf(ALLOWED)).body).to.deep.equal(OK);
  });
});
