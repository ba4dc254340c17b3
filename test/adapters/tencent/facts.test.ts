import { expect } from 'chai';
import type { FactName } from '../../../engine/facts.js';
import { bodyOf, causeOf, eventOf, read, RECEIVED_AT } from './support.js';

const fact = (command: string, name: FactName, change: Record<string, unknown> = {}) =>
  eventOf(read(command, { ...bodyOf(command), ...change })).facts.get(name);

const perTarget = (command: string, name: FactName, change: Record<string, unknown> = {}) =>
  eventOf(read(command, { ...bodyOf(command), ...change })).targets.map(({ facts }) => facts.get(name));

describe('Tencent targets', () => {
  it('are the three pairs of a block, each with its own actor', () => {
    const PairList = [
      { From_Account: 'a', To_Account: 'x' },
      { From_Account: 'b', To_Account: 'y' },
      { From_Account: 'c', To_Account: 'z' },
    ];
    const { targets, facts, kind, stage } = eventOf(read('Sns.CallbackBlackListAdd', { PairList }));
    expect({ kind, stage }).to.deep.equal({ kind: 'block.add', stage: 'after' });
    expect(targets.map(({ id }) => id)).to.deep.equal(['x', 'y', 'z']);
    expect(targets.map((target) => target.facts.get('actor.id'))).to.deep.equal(['a', 'b', 'c']);
    expect(facts.get('target.ids')).to.deep.equal(['x', 'y', 'z']);
  });

  it('are plain texts in an array after an unfollow', () => {
    expect(perTarget('Follow.CallbackAfterFollowDelete', 'target.id')).to.deep.equal(['u_90011', 'u_90012']);
    expect(fact('Follow.CallbackAfterFollowDelete', 'actor.id')).to.equal('u_40217');
  });

  it('do not inherit from one another', () => {
    const FriendItem = [{ To_Account: 'x', AddWording: 'Cheap loans' }, { To_Account: 'y' }];
    expect(perTarget('Sns.CallbackPrevFriendAdd', 'friend.wording', { FriendItem })).to.deep.equal([
      'Cheap loans',
      undefined,
    ]);
  });

  it('share what the event says', () => {
    expect(perTarget('Sns.CallbackPrevFriendAdd', 'friend.addType')).to.deep.equal(['both', 'both']);
  });

  it('are the leavers, not the one who removed them', () => {
    expect(perTarget('Group.CallbackAfterMemberExit', 'target.id')).to.deep.equal(['u_66019']);
    expect(fact('Group.CallbackAfterMemberExit', 'actor.id')).to.equal('u_40217');
    expect(fact('Group.CallbackAfterMemberExit', 'leave.type')).to.equal('kicked');
  });

  it('of a changed member are found under either spelling', () => {
    const command = 'Group.CallbackAfterMemberFieldChanged';
    expect(fact(command, 'target.id')).to.equal('u_51830');
    const change = { Member_Account: undefined, Modified_Account: 'u_7' };
    expect(fact(command, 'target.id', change)).to.equal('u_7');
    expect(fact(command, 'target.id', { Member_Account: undefined })).to.equal(undefined);
  });

  it('of a created group may be missing', () => {
    const callback = read('Group.CallbackBeforeCreateGroup', {
      ...bodyOf('Group.CallbackBeforeCreateGroup'),
      MemberList: undefined,
    });
    expect(eventOf(callback).targets).to.deep.equal([]);
  });

  it('must be named where the list has an item', () => {
    const body = { ...bodyOf('Group.CallbackBeforeInviteJoinGroup'), DestinationMembers: [{}] };
    expect(causeOf(read('Group.CallbackBeforeInviteJoinGroup', body))).to.equal('missing-field');
  });

  it('of a group read receipt are the readers', () => {
    const GroupMsgReceiptList = [
      { MsgSeq: 1, ReadNum: 2, UnreadNum: 3, ReadReceiptMembers: [{ Member_Account: 'a' }] },
      { MsgSeq: 2, ReadNum: 4, UnreadNum: 5, ReadReceiptMembers: [{ Member_Account: 'b' }] },
    ];
    const command = 'Group.CallbackAfterReadReceipt';
    expect(perTarget(command, 'actor.id', { GroupMsgReceiptList })).to.deep.equal(['a', 'b']);
    expect(fact(command, 'message.seqs', { GroupMsgReceiptList })).to.deep.equal(['1', '2']);
    expect(fact(command, 'read.count', { GroupMsgReceiptList })).to.equal(undefined);
    expect(fact(command, 'read.count')).to.equal(2);
    expect(fact(command, 'unread.count')).to.equal(9);
  });
});

describe('Tencent actors', () => {
  it('are the shown sender, beside the operator', () => {
    const change = { Operator_Account: 'admin' };
    expect(fact('Group.CallbackBeforeSendMsg', 'actor.id', change)).to.equal('u_40217');
    expect(fact('Group.CallbackBeforeSendMsg', 'operator.id', change)).to.equal('admin');
  });

  it('are the user whose state changed, in spite of the name To_Account', () => {
    expect(fact('State.StateChange', 'actor.id')).to.equal('u_40217');
    expect(fact('State.StateChange', 'target.id')).to.equal(undefined);
  });

  it('are the initiator of a friendship, whose list need not be the one that grew', () => {
    expect(perTarget('Sns.CallbackFriendAdd', 'actor.id')).to.deep.equal(['u_40217']);
    expect(perTarget('Sns.CallbackFriendAdd', 'friend.ownerId')).to.deep.equal(['u_51830']);
    expect(fact('Sns.CallbackFriendAdd', 'operator.id')).to.equal(undefined);
  });

  it('are whoever edits, beside the author', () => {
    const change = { Operator_Account: 'u_51830' };
    expect(fact('C2C.CallbackAfterModifyMsg', 'actor.id', change)).to.equal('u_51830');
    expect(fact('C2C.CallbackAfterModifyMsg', 'message.senderId', change)).to.equal('u_40217');
  });
});

describe('Tencent times', () => {
  it('are milliseconds in EventTime, as number or text', () => {
    const command = 'Group.CallbackBeforeApplyJoinGroup';
    expect(fact(command, 'event.time', { EventTime: 1721637100002 })).to.equal(1721637100002);
    expect(fact(command, 'event.time', { EventTime: '1721637100002' })).to.equal(1721637100002);
  });

  it('are the arrival where the body has none', () => {
    expect(fact('Group.CallbackBeforeApplyJoinGroup', 'event.time', { EventTime: undefined })).to.equal(
      RECEIVED_AT,
    );
    expect(fact('Sns.CallbackBlackListAdd', 'event.time')).to.equal(RECEIVED_AT);
  });

  it('are seconds in pushes and in MsgTime', () => {
    expect(perTarget('Push.OfflinePush', 'event.time')).to.deep.equal([1743224101000, 1743224102000]);
    expect(fact('Push.AllMemberPush', 'push.sentAt')).to.equal(1743224000000);
    expect(fact('C2C.CallbackBeforeSendMsg', 'message.sentAt')).to.equal(1721636001000);
  });
});

describe('Tencent words', () => {
  it('for groups are ours, older ones translated', () => {
    const type = (Type: string) => fact('Group.CallbackBeforeApplyJoinGroup', 'group.type', { Type });
    expect(
      ['Private', 'Work', 'ChatRoom', 'Meeting', 'AVChatRoom', 'Community', 'Live'].map(type),
    ).to.deep.equal(['work', 'work', 'meeting', 'meeting', 'avchatroom', 'community', 'live']);
  });

  it('of enumerations are ours', () => {
    const answers = (ResponseAction: string) =>
      fact('Sns.CallbackPrevFriendResponse', 'friend.response', {
        ResponseFriendItem: [{ To_Account: 'x', ResponseAction }],
      });
    expect(
      ['Response_Action_AgreeAndAdd', 'Response_Action_Agree', 'Response_Action_Reject'].map(answers),
    ).to.deep.equal(['accept_and_add', 'accept', 'decline']);
    expect(perTarget('Push.OfflinePush', 'push.channel')).to.deep.equal(['apns', 'fcm']);
    expect(perTarget('Push.OfflinePush', 'conversation.type')).to.deep.equal(['direct', 'group']);
    expect(perTarget('Push.OfflinePush', 'group.id')).to.deep.equal([undefined, '@TGS#2PLK7XQEH']);
    expect(fact('Group.CallbackAfterGroupMsgExtension', 'extension.operation')).to.equal('delete');
    expect(fact('State.StateChange', 'presence.kickedDevices')).to.deep.equal(['android']);
  });

  it('are presence states, whatever reason comes with them', () => {
    const state = (Action: string) =>
      fact('State.StateChange', 'presence.state', { Info: { Action, To_Account: 'a', Reason: 'TimeOut' } });
    expect(['Login', 'Logout', 'Disconnect'].map(state)).to.deep.equal(['online', 'offline', 'offline']);
  });

  it('of a friend source are the keyword that the app chose', () => {
    expect(perTarget('Sns.CallbackPrevFriendAdd', 'friend.source')).to.deep.equal(['Android', 'Search']);
  });

  it('of custom fields are one name=value a line', () => {
    expect(fact('Profile.CallbackPortraitSet', 'user.custom')).to.equal('Team=blue');
    const UserDefinedDataList = [{ Key: 'a', Value: '1' }, 'junk', { Key: 'b' }, { Key: 'c', Value: 2 }];
    expect(fact('Group.CallbackAfterCreateGroup', 'group.custom', { UserDefinedDataList })).to.equal(
      'a=1\nc=2',
    );
  });

  it('count groups under either spelling', () => {
    const command = 'Group.CallbackBeforeCreateGroup';
    expect(fact(command, 'group.createdCount')).to.equal(2);
    const change = { CreateGroupNum: undefined, CreatedNum: 5 };
    expect(fact(command, 'group.createdCount', change)).to.equal(5);
  });

  it('take an empty TopicId for none', () => {
    expect(fact('Group.CallbackAfterModifyMsg', 'topic.id')).to.equal(undefined);
  });
});
