/**
 * Friends, blocklists, follows.
 *
 * Nothing here can stop a block: Tencent announces it only after it was stored (1047/34361).
 */
import { REPORT, type TencentRow } from './row.js';

const PAIR = { 'actor.id': 'PairList[].From_Account', 'target.id': 'PairList[].To_Account' } as const;

export const FRIEND_ROWS = [
  {
    command: 'Sns.CallbackPrevFriendAdd',
    kind: 'friend.request',
    stage: 'before',
    each: 'FriendItem',
    facts: {
      'actor.id': 'From_Account',
      'operator.id': 'Requester_Account',
      'target.id': 'FriendItem[].To_Account',
      'friend.remark': 'FriendItem[].Remark',
      'friend.group': 'FriendItem[].GroupName',
      'friend.source': { path: 'FriendItem[].AddSource', codec: 'friendSource' },
      'friend.wording': 'FriendItem[].AddWording',
      'friend.addType': { path: 'AddType', words: { Add_Type_Single: 'single', Add_Type_Both: 'both' } },
      'friend.isForced': 'ForceAddFlags',
      'event.time': 'EventTime',
    },
    reply: { family: 'friend' },
  },
  {
    command: 'Sns.CallbackPrevFriendResponse',
    kind: 'friend.respond',
    stage: 'before',
    each: 'ResponseFriendItem',
    facts: {
      'actor.id': 'From_Account',
      'operator.id': 'Requester_Account',
      'target.id': 'ResponseFriendItem[].To_Account',
      'friend.remark': 'ResponseFriendItem[].Remark',
      'friend.group': 'ResponseFriendItem[].TagName',
      'friend.response': {
        path: 'ResponseFriendItem[].ResponseAction',
        words: {
          Response_Action_AgreeAndAdd: 'accept_and_add',
          Response_Action_Agree: 'accept',
          Response_Action_Reject: 'decline',
        },
      },
      'event.time': 'EventTime',
    },
    reply: { family: 'friend' },
  },
  {
    // The list that grew need not be the initiator's own (1047/34359).
    command: 'Sns.CallbackFriendAdd',
    kind: 'friend.add',
    stage: 'after',
    each: 'PairList',
    facts: {
      'actor.id': 'PairList[].Initiator_Account',
      'operator.id': 'Admin_Account',
      'target.id': 'PairList[].To_Account',
      'friend.ownerId': 'PairList[].From_Account',
      'friend.initiatorId': 'PairList[].Initiator_Account',
      'friend.trigger': {
        path: 'ClientCmd',
        words: { FriendAdd: 'friend_add', FriendResponse: 'friend_response' },
      },
      'friend.isForced': 'ForceFlag',
    },
    reply: REPORT,
  },
  {
    command: 'Sns.CallbackFriendDelete',
    kind: 'friend.delete',
    stage: 'after',
    each: 'PairList',
    facts: PAIR,
    reply: REPORT,
  },
  {
    command: 'Sns.CallbackBlackListAdd',
    kind: 'block.add',
    stage: 'after',
    each: 'PairList',
    facts: PAIR,
    reply: REPORT,
  },
  {
    command: 'Sns.CallbackBlackListDelete',
    kind: 'block.remove',
    stage: 'after',
    each: 'PairList',
    facts: PAIR,
    reply: REPORT,
  },
  {
    command: 'Follow.CallbackAfterFollowAdd',
    kind: 'follow.add',
    stage: 'after',
    each: 'FollowList',
    facts: {
      'actor.id': 'From_Account',
      'target.id': 'FollowList[].To_Account',
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    // The only command in which To_Account is an array (1047/70356).
    command: 'Follow.CallbackAfterFollowDelete',
    kind: 'follow.remove',
    stage: 'after',
    each: 'To_Account',
    facts: { 'actor.id': 'From_Account', 'target.id': 'To_Account[]', 'event.time': 'EventTime' },
    reply: REPORT,
  },
] as const satisfies readonly TencentRow[];
