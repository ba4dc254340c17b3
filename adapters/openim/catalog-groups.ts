/**
 * Commands about groups and their members (open-im-server pkg/callbackstruct/group.go).
 *
 * Most bodies do not name who acts. Replies could also make owners (roleLevel 100), change the group's ID
 * or its type without a second permission check (internal/rpc/group/callback.go): none of it is offered.
 */
import { GROUP_TYPES, ROLES } from './codecs.js';
import type { OpenimRow } from './row.js';

const PROFILE = {
  'group.name': 'groupName',
  'group.introduction': 'introduction',
  'group.notification': 'notification',
  'group.faceUrl': 'faceURL',
  'group.custom': 'ex',
  'group.joinOption': 'needVerification',
  'group.lookMemberInfo': 'lookMemberInfo',
  'group.applyMemberFriend': 'applyMemberFriend',
} as const;

/** The owner is the item with role 100; after creation everybody is listed once more with 20. */
const CREATE = {
  ...PROFILE,
  'actor.id': 'creatorUserID',
  'target.id': 'initMemberList[].userID',
  'member.role': { path: 'initMemberList[].roleLevel', words: ROLES },
  'group.type': { path: 'groupType', words: GROUP_TYPES },
  'group.ownerId': 'ownerUserID',
  'group.status': 'status',
} as const;

const UPDATE = { 'group.id': 'groupID', ...PROFILE } as const;

const MEMBER = {
  'group.id': 'groupID',
  'target.id': 'userID',
  'member.nickname': 'nickName',
  'member.faceUrl': 'faceURL',
  'member.role': { path: 'roleLevel', words: ROLES },
  'member.custom': 'ex',
} as const;

export const GROUP_ROWS = [
  {
    command: 'callbackBeforeCreateGroupCommand',
    switch: 'beforeCreateGroup',
    kind: 'group.create',
    stage: 'before',
    each: 'initMemberList',
    facts: { ...CREATE, 'group.id': 'groupID?' },
    reply: {
      rewrites: {
        'group.name': 'groupName',
        'group.introduction': 'introduction',
        'group.notification': 'notification',
        'group.faceUrl': 'faceURL',
        'group.custom': 'ex',
        'group.joinOption': 'needVerification',
        'group.lookMemberInfo': 'lookMemberInfo',
      },
    },
  },
  {
    command: 'callbackAfterCreateGroupCommand',
    switch: 'afterCreateGroup',
    kind: 'group.create',
    stage: 'after',
    each: 'initMemberList',
    facts: {
      ...CREATE,
      'event.time': 'createTime',
      'group.id': 'groupID',
      'group.memberCount': 'memberCount',
    },
    reply: {},
  },
  {
    command: 'callbackBeforeMembersJoinGroupCommand',
    switch: 'beforeMemberJoinGroup',
    aliases: ['CallbackBeforeMembersJoinGroupCommand'],
    kind: 'group.enter',
    stage: 'before',
    each: 'memberList',
    facts: {
      'group.id': 'groupID',
      'target.id': 'memberList[].userID',
      'member.custom': 'memberList[].ex',
      'group.custom': 'groupEx',
    },
    reply: {
      targets: {
        field: 'memberCallbackList',
        mode: 'amend',
        members: { userID: 'string' },
        rewrites: {
          'member.nickname': 'nickname',
          'member.faceUrl': 'faceURL',
          'member.muteUntil': 'muteEndTime',
          'member.custom': 'ex',
        },
      },
    },
  },
  {
    // Up to v3.8.0-rc.1, once per user.
    command: 'callbackBeforeMemberJoinGroupCommand',
    switch: 'beforeMemberJoinGroup',
    kind: 'group.enter',
    stage: 'before',
    facts: { 'group.id': 'groupID', 'target.id': 'userID', 'member.custom': 'ex', 'group.custom': 'groupEx' },
    reply: {
      rewrites: {
        'member.nickname': 'nickname',
        'member.faceUrl': 'faceURL',
        'member.muteUntil': 'muteEndTime',
        'member.custom': 'ex',
      },
    },
  },
  {
    command: 'callbackBeforeSetGroupMemberInfoCommand',
    switch: 'beforeSetGroupMemberInfo',
    aliases: ['CallbackBeforeSetGroupMemberInfoCommand', 'callbackBeforeSetGroupMemberInfo'],
    kind: 'group.member.update',
    stage: 'before',
    facts: MEMBER,
    reply: {
      rewrites: { 'member.nickname': 'nickName', 'member.faceUrl': 'faceURL', 'member.custom': 'ex' },
    },
  },
  {
    command: 'callbackAfterSetGroupMemberInfoCommand',
    switch: 'afterSetGroupMemberInfo',
    aliases: ['callbackAfterSetGroupMemberInfo'],
    kind: 'group.member.update',
    stage: 'after',
    facts: MEMBER,
    reply: {},
  },
  {
    command: 'callbackAfterQuitGroupCommand',
    switch: 'afterQuitGroup',
    aliases: ['callbackQuitGroupCommand', 'quitGroupCommand'],
    kind: 'group.leave',
    stage: 'after',
    facts: {
      'actor.id': 'userID',
      'target.id': 'userID',
      'group.id': 'groupID',
      'leave.type': { constant: 'quit' },
    },
    reply: {},
  },
  {
    command: 'callbackAfterKickGroupCommand',
    switch: 'afterKickGroupMember',
    aliases: ['callbackKillGroupCommand', 'kickGroupMemberCommand'],
    kind: 'group.leave',
    stage: 'after',
    each: 'kickedUserIDs',
    facts: {
      'target.id': 'kickedUserIDs[]',
      'group.id': 'groupID',
      'leave.type': { constant: 'kicked' },
      'leave.reason': 'reason',
    },
    reply: {},
  },
  {
    // The owner is not necessarily who acts. May arrive twice for one dismissal.
    command: 'callbackAfterDisMissGroupCommand',
    switch: 'afterDismissGroup',
    aliases: ['callbackDisMissGroupCommand', 'callbackAfterUngroupCommand'],
    kind: 'group.dismiss',
    stage: 'after',
    each: 'membersID',
    facts: {
      'target.id': 'membersID[]',
      'group.id': 'groupID',
      'group.type': { path: 'groupType', codec: 'characterGroupType' },
      'group.ownerId': 'ownerID',
    },
    reply: {},
  },
  {
    command: 'callbackBeforeJoinGroupCommand',
    switch: 'beforeApplyJoinGroup',
    aliases: ['callbackBeforeApplyMemberJoinGroupCommand', 'CallbackBeforeApplyMemberJoinGroupCommand'],
    kind: 'group.join',
    stage: 'before',
    facts: {
      'actor.id': 'applyID',
      'group.id': 'groupID',
      'group.type': { path: 'groupType', codec: 'characterGroupType' },
      'join.message': 'reqMessage',
      'member.custom': 'ex',
    },
    reply: {},
  },
  {
    command: 'callbackAfterTransferGroupOwnerCommand',
    switch: 'afterTransferGroupOwner',
    aliases: [
      'callbackTransferGroupOwnerAfter',
      'callbackAfterTransferGroupOwner',
      'transferGroupOwnerAfterCommand',
    ],
    kind: 'group.transfer',
    stage: 'after',
    facts: {
      'actor.id': 'oldOwnerUserID',
      'target.id': 'newOwnerUserID',
      'group.id': 'groupID',
      'group.oldOwnerId': 'oldOwnerUserID',
      'group.ownerId': 'newOwnerUserID',
    },
    reply: {},
  },
  {
    // refusedMembersAccount in the reply is never looked at: all are invited, or nobody.
    command: 'callbackBeforeInviteJoinGroupCommand',
    switch: 'beforeInviteUserToGroup',
    aliases: ['callbackBeforeInviteMemberJoinGroupCommand', 'CallbackBeforeInviteMemberJoinGroupCommand'],
    kind: 'group.invite',
    stage: 'before',
    each: 'invitedUserIDs',
    facts: { 'target.id': 'invitedUserIDs[]', 'group.id': 'groupID', 'join.message': 'reason' },
    reply: {},
  },
  {
    // inviterUserID is the user who joined, by herself, an open group.
    command: 'callbackAfterJoinGroupCommand',
    switch: 'afterJoinGroup',
    aliases: ['callbackAfterMemberJoinGroupCommand', 'CallbackAfterMemberJoinGroupCommand'],
    kind: 'group.enter',
    stage: 'after',
    facts: {
      'actor.id': 'inviterUserID',
      'target.id': 'inviterUserID',
      'group.id': 'groupID',
      'join.message': 'reqMessage',
      'join.source': { path: 'joinSource', codec: 'joinSource' },
    },
    reply: {},
  },
  {
    // Four fields are assigned from the reply without a test, where blank means "unchanged". The other four
    // must not be repeated: the request shows unchanged values as "" and 0, and repeating stores those.
    command: 'callbackBeforeSetGroupInfoCommand',
    switch: 'beforeSetGroupInfo',
    aliases: ['setGroupInfoBeforeCommand'],
    kind: 'group.update',
    stage: 'before',
    facts: UPDATE,
    reply: {
      echo: { groupID: 'string', groupName: 'string', introduction: 'string', faceURL: 'string' },
      rewrites: {
        'group.name': { field: 'groupName', notBlank: true },
        'group.introduction': { field: 'introduction', notBlank: true },
        'group.faceUrl': { field: 'faceURL', notBlank: true },
        'group.custom': 'ex',
        'group.joinOption': 'needVerification',
        'group.lookMemberInfo': 'lookMemberInfo',
        'group.applyMemberFriend': 'applyMemberFriend',
      },
    },
  },
  {
    command: 'callbackAfterSetGroupInfoCommand',
    switch: 'afterSetGroupInfo',
    aliases: ['setGroupInfoAfterCommand'],
    kind: 'group.update',
    stage: 'after',
    facts: UPDATE,
    reply: {},
  },
  {
    // Null is "unchanged" here, in the request and in the reply. A blank name would make the server report
    // success without changing anything.
    command: 'callbackBeforeSetGroupInfoExCommand',
    switch: 'beforeSetGroupInfoEx',
    aliases: ['callbackBeforeSetGroupInfoEXCommand'],
    kind: 'group.update',
    stage: 'before',
    facts: UPDATE,
    reply: {
      echo: {
        groupID: 'string',
        groupName: 'string',
        introduction: 'string',
        faceURL: 'string',
        ex: 'string',
        needVerification: 'int32',
        lookMemberInfo: 'int32',
        applyMemberFriend: 'int32',
      },
      rewrites: {
        'group.name': { field: 'groupName', notBlank: true },
        'group.introduction': 'introduction',
        'group.faceUrl': 'faceURL',
        'group.custom': 'ex',
        'group.joinOption': 'needVerification',
        'group.lookMemberInfo': 'lookMemberInfo',
        'group.applyMemberFriend': 'applyMemberFriend',
      },
    },
  },
  {
    command: 'callbackAfterSetGroupInfoExCommand',
    switch: 'afterSetGroupInfoEx',
    aliases: ['callbackAfterSetGroupInfoCommandEX', 'callbackAfterSetGroupInfoEXCommand'],
    kind: 'group.update',
    stage: 'after',
    facts: UPDATE,
    reply: {},
  },
] as const satisfies readonly OpenimRow[];
