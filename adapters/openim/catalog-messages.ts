/**
 * Commands about messages.
 *
 * Sender, nickname, avatar, device, client ID and send time are what the client wrote; no release before
 * main checks them (open-im-server internal/msggateway/message_handler.go, internal/rpc/msg/send.go).
 */
import { PLATFORMS } from './codecs.js';
import type { OpenimRow } from './row.js';

/** open-im-server pkg/callbackstruct/message.go CommonCallbackReq; seq is 0 before storage. */
const MESSAGE = {
  'actor.id': 'sendID',
  'actor.platform': { path: 'senderPlatformID', words: PLATFORMS },
  'actor.isAdmin': { path: 'msgFrom', codec: 'fromSystem' },
  'actor.nickname': 'senderNickname',
  'actor.faceUrl': 'faceURL',
  'conversation.type': { path: 'sessionType', codec: 'sessionType' },
  'message.id': 'serverMsgID',
  'message.clientId': 'clientMsgID',
  'message.extra': 'ex',
  'message.isSystem': { path: 'msgFrom', codec: 'fromSystem' },
  'message.sentAt': 'sendTime',
} as const;

const CONTENT = { content: 'content', contentType: 'contentType', mentions: 'atUserList' } as const;

/** What the message-modify callback, which follows each of these, can rewrite. */
const ELSEWHERE = ['message.text', 'message.extra', 'actor.nickname', 'actor.faceUrl'] as const;

export const MESSAGE_ROWS = [
  {
    command: 'callbackBeforeSendSingleMsgCommand',
    switch: 'beforeSendSingleMsg',
    kind: 'message.send',
    stage: 'before',
    facts: { ...MESSAGE, 'target.id': 'recvID' },
    content: CONTENT,
    reply: { elsewhere: ELSEWHERE },
  },
  {
    command: 'callbackAfterSendSingleMsgCommand',
    switch: 'afterSendSingleMsg',
    kind: 'message.send',
    stage: 'after',
    facts: { ...MESSAGE, 'target.id': 'recvID' },
    content: CONTENT,
    reply: {},
  },
  {
    command: 'callbackBeforeSendGroupMsgCommand',
    switch: 'beforeSendGroupMsg',
    kind: 'message.send',
    stage: 'before',
    facts: { ...MESSAGE, 'group.id': 'groupID' },
    content: CONTENT,
    reply: { elsewhere: ELSEWHERE },
  },
  {
    command: 'callbackAfterSendGroupMsgCommand',
    switch: 'afterSendGroupMsg',
    kind: 'message.send',
    stage: 'after',
    facts: { ...MESSAGE, 'group.id': 'groupID' },
    content: CONTENT,
    reply: {},
  },
  {
    // Second question about the same message; it names neither addressee nor group. Its reply could also
    // redirect the message past all permission checks (recvID, groupID, sessionType), which is not offered,
    // and offlinePushInfo crashes the server when the message has none.
    command: 'callbackBeforeMsgModifyCommand',
    switch: 'beforeMsgModify',
    aliases: ['callbackMsgModifyCommand', 'callbackMsgModifyCommandCommand'],
    kind: 'message.send',
    stage: 'before',
    facts: MESSAGE,
    content: CONTENT,
    reply: {
      rewrites: {
        'message.text': 'content',
        'message.extra': 'ex',
        'actor.nickname': 'senderNickname',
        'actor.faceUrl': 'senderFaceURL',
      },
    },
  },
  {
    command: 'callbackAfterMsgSaveDBCommand',
    switch: 'afterMsgSaveDB',
    kind: 'message.saved',
    stage: 'after',
    facts: { ...MESSAGE, 'target.id': 'recvID?', 'group.id': 'groupID?', 'message.seq': 'seq' },
    content: CONTENT,
    reply: {},
  },
  {
    // Sent after the recall, whatever its name says (pkg/callbackstruct/constant.go).
    command: 'callbackBeforeAfterMsgCommand',
    switch: 'afterRevokeMsg',
    aliases: ['callbackSingleMsgRevokeCommand', 'callbackAfterRevokeMsgCommand'],
    kind: 'message.recall',
    stage: 'after',
    facts: {
      'actor.id': 'userID',
      'group.id': { path: 'conversationID?', codec: 'conversationIdGroup' },
      'conversation.id': 'conversationID',
      'conversation.type': { path: 'conversationID', codec: 'conversationIdType' },
      'message.seqs': { path: 'seq', codec: 'listOfOne' },
    },
    reply: {},
  },
  {
    // sendID and receiveID are both the reader, contentType is the conversation type, and unreadMsgNum the
    // highest sequence number that is now read (internal/rpc/msg/as_read.go).
    command: 'callbackAfterGroupMsgReadCommand',
    switch: 'afterGroupMsgRead',
    aliases: ['callbackGroupMsgReadCommand'],
    kind: 'message.read',
    stage: 'after',
    facts: {
      'actor.id': 'sendID',
      'conversation.type': { path: 'contentType', codec: 'sessionType' },
      'message.seq': 'unreadMsgNum',
    },
    reply: {},
  },
  {
    // contentType is the conversation type here too.
    command: 'callbackAfterSingleMsgReadCommand',
    switch: 'afterSingleMsgRead',
    aliases: ['callbackSingleMsgRead', 'callbackSingleMsgReadCommand'],
    kind: 'message.read',
    stage: 'after',
    facts: {
      'actor.id': 'userID',
      'conversation.id': 'conversationID',
      'conversation.type': { path: 'contentType', codec: 'sessionType' },
      'message.seqs': 'Seqs|seqs',
    },
    reply: {},
  },
] as const satisfies readonly OpenimRow[];
