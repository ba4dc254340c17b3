/** Commands about friends and blocked users (open-im-server pkg/callbackstruct/friend.go, black.go). */
import { RESPONSES } from './codecs.js';
import type { OpenimRow } from './row.js';

const REQUEST = { 'actor.id': 'fromUserID', 'target.id': 'toUserID', 'friend.wording': 'reqMsg' } as const;

/** blackUserID is who accepts, a slip in the server's struct; three keys have a capital. */
const RESPONSE = {
  'actor.id': 'blackUserID',
  'target.id': 'fromUserID',
  'friend.response': { path: 'HandleResult', words: RESPONSES },
  'friend.wording': 'HandleMsg',
} as const;

const REMARK = { 'actor.id': 'ownerUserID', 'target.id': 'friendUserID', 'friend.remark': 'remark' } as const;

const BLOCK = { 'actor.id': 'ownerUserID', 'target.id': 'blackUserID' } as const;

/** Only app administrators import; which one is not said. */
const IMPORT = {
  'actor.isAdmin': { constant: true },
  'target.id': 'friendUserIDs[]',
  'friend.ownerId': 'ownerUserID',
} as const;

export const FRIEND_ROWS = [
  {
    command: 'callbackBeforeAddFriendCommand',
    switch: 'beforeAddFriend',
    kind: 'friend.request',
    stage: 'before',
    facts: { ...REQUEST, 'friend.custom': 'ex' },
    reply: {},
  },
  {
    command: 'callbackAfterAddFriendCommand',
    switch: 'afterAddFriend',
    kind: 'friend.request',
    stage: 'after',
    facts: REQUEST,
    reply: {},
  },
  {
    command: 'callbackBeforeAddFriendAgreeCommand',
    switch: 'beforeAddFriendAgree',
    aliases: ['callbackBeforeReplyFriendResp'],
    kind: 'friend.respond',
    stage: 'before',
    facts: RESPONSE,
    reply: {},
  },
  {
    command: 'callbackAfterAddFriendAgreeCommand',
    switch: 'afterAddFriendAgree',
    kind: 'friend.respond',
    stage: 'after',
    facts: RESPONSE,
    reply: {},
  },
  {
    command: 'callbackAfterDeleteFriendCommand',
    switch: 'afterDeleteFriend',
    kind: 'friend.delete',
    stage: 'after',
    facts: { 'actor.id': 'ownerUserID', 'target.id': 'friendUserID' },
    reply: {},
  },
  {
    // v3.4.2 to v3.6.1-beta.0 clear the remark when the reply has none; later releases keep the wanted one
    // when the reply's is empty (internal/rpc/friend/callback.go v3.6.0, internal/rpc/relation/callback.go).
    command: 'callbackBeforeSetFriendRemarkCommand',
    switch: 'beforeSetFriendRemark',
    aliases: ['callbackBeforeSetFriendRemark'],
    kind: 'friend.remark',
    stage: 'before',
    facts: REMARK,
    reply: {
      echo: { remark: 'string' },
      rewrites: { 'friend.remark': { field: 'remark', notBlank: true } },
    },
  },
  {
    command: 'callbackAfterSetFriendRemarkCommand',
    switch: 'afterSetFriendRemark',
    aliases: ['callbackAfterSetFriendRemark'],
    kind: 'friend.remark',
    stage: 'after',
    facts: REMARK,
    reply: {},
  },
  {
    command: 'callbackBeforeAddBlackCommand',
    switch: 'beforeAddBlack',
    aliases: ['addBlackCommand'],
    kind: 'block.add',
    stage: 'before',
    facts: BLOCK,
    reply: {},
  },
  {
    command: 'callbackAfterRemoveBlackCommand',
    switch: 'afterRemoveBlack',
    aliases: ['removeBlackCommand'],
    kind: 'block.remove',
    stage: 'after',
    facts: BLOCK,
    reply: {},
  },
  {
    // The old documentation prints this alias on the after page too; it is taken for the question.
    command: 'callbackBeforeImportFriendsCommand',
    switch: 'beforeImportFriends',
    aliases: ['ImportFriendReqBeforeCommand'],
    kind: 'friend.import',
    stage: 'before',
    each: 'friendUserIDs',
    facts: IMPORT,
    reply: {
      targets: { field: 'friendUserIDs', mode: 'replace' },
      documentedEcho: { ownerUserID: 'string', friendUserIDs: 'strings' },
    },
  },
  {
    command: 'callbackAfterImportFriendsCommand',
    switch: 'afterImportFriends',
    kind: 'friend.import',
    stage: 'after',
    each: 'friendUserIDs',
    facts: IMPORT,
    reply: {},
  },
] as const satisfies readonly OpenimRow[];
