import { expect } from 'chai';
import { OPENIM_ROWS } from '../../../adapters/openim/commands.js';
import { openim } from '../../../adapters/openim/index.js';
import { factDefinition } from '../../../engine/facts.js';
import { factsOf as factsOfKind } from '../../../engine/kinds.js';
import { RECEIVED_AT, adapter, eventOf, example, factsOf, request } from './support.js';

const PLATFORM_WORDS = [
  [1, 'ios'],
  [2, 'android'],
  [3, 'windows'],
  [4, 'mac'],
  [5, 'web'],
  [6, 'miniweb'],
  [7, 'linux'],
  [8, 'android_pad'],
  [9, 'ipad'],
  [10, 'admin'],
  [11, 'harmony'],
] as const;

describe('OpenIM: facts behind misleading fields', () => {
  it('sees the accepting user as the actor of a friend response', () => {
    for (const command of ['callbackBeforeAddFriendAgreeCommand', 'callbackAfterAddFriendAgreeCommand']) {
      const body = example(command, { fromUserID: 'asker', blackUserID: 'accepter', HandleResult: -1 });
      expect(factsOf(body, 'actor.id', 'target.id', 'friend.response')).to.deep.equal({
        'actor.id': 'accepter',
        'target.id': 'asker',
        'friend.response': 'decline',
      });
    }
  });

  it('sees the user who joined behind inviterUserID', () => {
    const body = example('callbackAfterJoinGroupCommand', { inviterUserID: 'joiner', joinSource: 4 });
    expect(factsOf(body, 'actor.id', 'target.id', 'join.source')).to.deep.equal({
      'actor.id': 'joiner',
      'target.id': 'joiner',
      'join.source': 'qrcode',
    });
  });

  it('reads a group type from a control character', () => {
    const types = { '\u0000': 'normal', '\u0001': 'super', '\u0002': 'work', '2': 'work', '\u0007': '7' };
    for (const command of ['callbackBeforeJoinGroupCommand', 'callbackAfterDisMissGroupCommand']) {
      for (const [groupType, expected] of Object.entries(types)) {
        expect(factsOf(example(command, { groupType }), 'group.type')).to.deep.equal({
          'group.type': expected,
        });
      }
      expect(factsOf(example(command, { groupType: '' }), 'group.type')).to.deep.equal({
        'group.type': undefined,
      });
    }
  });

  it('reads the conversation type, not the type of a message, from a read receipt', () => {
    const group = example('callbackAfterGroupMsgReadCommand', { contentType: 3, unreadMsgNum: 118 });
    expect(factsOf(group, 'conversation.type', 'message.seq', 'unread.count', 'message.type')).to.deep.equal({
      'conversation.type': 'group',
      'message.seq': 118,
      'unread.count': undefined,
      'message.type': undefined,
    });
    const single = example('callbackAfterSingleMsgReadCommand', { contentType: 1, Seqs: null });
    expect(factsOf(single, 'conversation.type', 'message.seqs')).to.deep.equal({
      'conversation.type': 'direct',
      'message.seqs': undefined,
    });
  });

  it('reports a recall as having happened, whatever its name says', () => {
    const callback = adapter().read(request({ body: example('callbackBeforeAfterMsgCommand') }));
    expect(eventOf(callback)).to.include({ kind: 'message.recall', stage: 'after' });
  });

  it('finds conversation type and group in a conversation ID', () => {
    const ids = {
      si_a_b: ['direct', undefined],
      sg_team_7: ['group', 'team_7'],
      sn_admin_a: ['system', undefined],
      n_sg_team: ['group', 'team'],
      g_old: ['group', 'old'],
      elsewhere: [undefined, undefined],
    };
    for (const [conversationID, [type, group]] of Object.entries(ids)) {
      const body = example('callbackBeforeAfterMsgCommand', { conversationID });
      expect(factsOf(body, 'conversation.type', 'group.id'), conversationID).to.deep.equal({
        'conversation.type': type,
        'group.id': group,
      });
    }
  });

  it('names the platform of the acting device', () => {
    for (const [number, word] of PLATFORM_WORDS) {
      const send = example('callbackBeforeSendSingleMsgCommand', { senderPlatformID: number });
      const push = example('callbackBeforeOfflinePushCommand', { platformID: number });
      const online = example('callbackAfterUserOnlineCommand', { platformID: number });
      for (const body of [send, push, online]) {
        expect(factsOf(body, 'actor.platform')).to.deep.equal({ 'actor.platform': word });
      }
      expect(factsOf(push, 'actor.isAdmin')).to.deep.equal({ 'actor.isAdmin': number === 10 });
    }
  });

  it('sees the system or REST API behind msgFrom 200', () => {
    const body = (msgFrom: number) => example('callbackBeforeSendGroupMsgCommand', { msgFrom });
    const facts = ['actor.isAdmin', 'message.isSystem'] as const;
    expect(factsOf(body(100), ...facts)).to.deep.equal({ 'actor.isAdmin': false, 'message.isSystem': false });
    expect(factsOf(body(200), ...facts)).to.deep.equal({ 'actor.isAdmin': true, 'message.isSystem': true });
  });

  it('never takes the time that a client claims for the time of the event', () => {
    const body = example('callbackBeforeSendSingleMsgCommand', { sendTime: 42 });
    expect(factsOf(body, 'event.time', 'message.sentAt')).to.deep.equal({
      'event.time': RECEIVED_AT,
      'message.sentAt': 42,
    });
  });

  it("takes the server's own clock where it is sent", () => {
    expect(factsOf(example('callbackAfterUserOnlineCommand', { seq: 77 }), 'event.time')).to.deep.equal({
      'event.time': 77,
    });
    expect(
      factsOf(example('callbackAfterCreateGroupCommand', { createTime: 78 }), 'event.time'),
    ).to.deep.equal({
      'event.time': 78,
    });
  });

  it('takes the trace ID from the header before that of the body', () => {
    const body = example('callbackBeforeInviteJoinGroupCommand', { operationID: 'from-body' });
    const traceOf = (operationid: string | string[] | undefined, of: object): unknown =>
      eventOf(adapter().read(request({ body: of, headers: { operationid } }))).facts.get('operation.id');
    expect(traceOf('from-header', body)).to.equal('from-header');
    expect(traceOf(['first', 'second'], body)).to.equal('first');
    expect(traceOf('', body)).to.equal('from-body');
    expect(traceOf(undefined, body)).to.equal('from-body');
    expect(traceOf(undefined, { ...body, operationID: '' })).to.equal(undefined);
  });

  it('is told the fields that older releases leave out, or not at all', () => {
    const { sendTime, ex, ...older } = example('callbackBeforeSendSingleMsgCommand');
    expect([sendTime, ex]).not.to.include(undefined);
    expect(factsOf(older, 'message.sentAt', 'message.extra')).to.deep.equal({
      'message.sentAt': undefined,
      'message.extra': undefined,
    });
  });

  it('gives each target its own facts', () => {
    const { targets } = eventOf(
      adapter().read(request({ body: example('callbackBeforeCreateGroupCommand') })),
    );
    expect(targets.map(({ facts }) => facts.get('member.role'))).to.deep.equal(['owner', 'admin', 'member']);
  });
});

describe('OpenIM: capabilities', () => {
  const capability = (command: string) => openim.capabilities.find((one) => one.command === command)!;

  it('has one for each command, whose facts belong to its kind', () => {
    expect(openim.capabilities).to.have.lengthOf(OPENIM_ROWS.length);
    for (const { command, kind, facts, rewrites } of openim.capabilities) {
      for (const fact of [...facts, ...rewrites]) {
        expect(factsOfKind(kind).has(fact), `${command} ${fact} (${factDefinition(fact).type})`).to.be.true;
      }
    }
  });

  it('can refuse every question and no report', () => {
    for (const { stage, refuse, codes, discard } of openim.capabilities) {
      expect(refuse).to.equal(stage === 'before');
      expect(codes).to.deep.equal(stage === 'before' ? [1, 2_147_483_647] : null);
      expect(discard).to.be.false;
    }
  });

  it('can refuse single targets where the server takes the remaining list', () => {
    const partial = openim.capabilities
      .filter(({ refuseTargets }) => refuseTargets)
      .map(({ command }) => command);
    expect(partial).to.have.members([
      'callbackBeforeImportFriendsCommand',
      'callbackBeforeOfflinePushCommand',
      'callbackBeforeUserRegisterCommand',
    ]);
  });

  it('can rewrite a message in the second question about it', () => {
    const asked = capability('callbackBeforeSendGroupMsgCommand');
    const modify = capability('callbackBeforeMsgModifyCommand');
    expect([...asked.rewrites]).to.deep.equal([]);
    expect([...asked.rewritesElsewhere]).to.have.members([...modify.rewrites]);
    expect([...modify.rewrites]).to.include('message.text');
  });

  it('never offers what would escalate, crash the server or be ignored', () => {
    const offered = (command: string) => capability(command).rewrites;
    expect(offered('callbackBeforeUpdateUserInfoExCommand').has('user.custom')).to.be.false;
    expect(offered('callbackBeforeSetGroupInfoExCommand').has('group.notification')).to.be.false;
    expect(offered('callbackBeforeCreateGroupCommand').has('group.applyMemberFriend')).to.be.false;
    for (const { rewrites } of openim.capabilities) {
      for (const fact of ['member.role', 'group.id', 'group.type', 'target.id', 'user.level'] as const) {
        expect(rewrites.has(fact)).to.be.false;
      }
    }
  });
});
