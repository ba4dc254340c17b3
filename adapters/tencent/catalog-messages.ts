/** Messages: one-to-one, in groups and topics, in official channels. */
import { REPORT, type TencentRow } from './row.js';

const DIRECT = { constant: 'direct' } as const;
const GROUP = { constant: 'group' } as const;
const CHANNEL = { constant: 'channel' } as const;

const GROUP_TYPE = { path: 'Type', codec: 'groupType' } as const;
const SENT_AT = { path: 'MsgTime', codec: 'seconds' } as const;

/** `OperateType` of the extension commands (1047/76006, 1047/76007). */
const EXTENSION_OPERATIONS = { 1: 'set', 2: 'delete', 3: 'clear' } as const;

const CONTENT = { elements: 'MsgBody', custom: 'CloudCustomData' } as const;
const CONTENT_AND_MENTIONS = { ...CONTENT, mentions: 'GroupAtInfo' } as const;

const DIRECT_MESSAGE = {
  'actor.id': 'From_Account',
  'target.id': 'To_Account',
  'conversation.type': DIRECT,
  'message.id': 'MsgKey',
  'message.seq': 'MsgSeq',
  'message.random': 'MsgRandom',
  'message.sentAt': SENT_AT,
} as const;

const GROUP_MESSAGE = {
  'actor.id': 'From_Account',
  'operator.id': 'Operator_Account',
  'group.id': 'GroupId',
  'group.type': GROUP_TYPE,
  'conversation.type': GROUP,
  'message.random': 'Random',
  'message.onlineOnly': 'OnlineOnlyFlag',
  'event.time': 'EventTime',
} as const;

export const MESSAGE_ROWS = [
  {
    command: 'C2C.CallbackBeforeSendMsg',
    kind: 'message.send',
    stage: 'before',
    facts: { ...DIRECT_MESSAGE, 'message.clientId': 'MsgId', 'message.onlineOnly': 'OnlineOnlyFlag' },
    content: CONTENT,
    reply: { family: 'direct', discard: true, rewrites: true },
  },
  {
    command: 'C2C.CallbackAfterSendMsg',
    kind: 'message.send',
    stage: 'after',
    facts: {
      ...DIRECT_MESSAGE,
      'message.clientId': 'MsgId',
      'message.onlineOnly': 'OnlineOnlyFlag',
      'result.code': 'SendMsgResult',
      'result.message': 'ErrorInfo',
    },
    content: CONTENT,
    reply: REPORT,
  },
  {
    command: 'C2C.CallbackAfterMsgReport',
    kind: 'message.read',
    stage: 'after',
    facts: {
      'actor.id': 'Report_Account',
      'target.id': 'Peer_Account',
      'conversation.type': DIRECT,
      'read.time': { path: 'LastReadTime', codec: 'seconds' },
      'unread.count': 'UnreadMsgNum',
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    command: 'C2C.CallbackAfterMsgReadReceipt',
    kind: 'message.read',
    stage: 'after',
    facts: {
      'actor.id': 'Operator_Account',
      'target.id': 'Peer_Account',
      'conversation.type': DIRECT,
      'message.ids': 'C2CMsgInfo[].MsgKey',
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    // Tells of groups, although its name begins with C2C (269/128225).
    command: 'C2C.CallbackAfterMsgReadAll',
    kind: 'message.read',
    stage: 'after',
    each: 'GroupReadInfo',
    facts: {
      'actor.id': 'Report_Account',
      'group.id': 'GroupReadInfo[].GroupId',
      'message.seq': 'GroupReadInfo[].MsgSeq',
      'conversation.type': GROUP,
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    command: 'C2C.CallbackAfterMsgWithDraw',
    kind: 'message.recall',
    stage: 'after',
    facts: {
      'actor.id': 'From_Account',
      'target.id': 'To_Account',
      'conversation.type': DIRECT,
      'message.id': 'MsgKey',
      'unread.count': 'UnreadMsgNum',
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    // Either side of the conversation may edit, so the author is a fact of its own (269/128224).
    command: 'C2C.CallbackAfterModifyMsg',
    kind: 'message.edit',
    stage: 'after',
    facts: {
      ...DIRECT_MESSAGE,
      'actor.id': 'Operator_Account',
      'message.senderId': 'From_Account',
      'event.time': 'EventTime',
    },
    content: CONTENT,
    reply: REPORT,
  },
  {
    // Who touched the extensions is not in the body (1047/76006).
    command: 'C2C.CallbackAfterC2CMsgExtension',
    kind: 'message.extend',
    stage: 'after',
    facts: {
      'message.senderId': 'From_Account',
      'target.id': 'To_Account',
      'conversation.type': DIRECT,
      'message.id': 'MsgKey',
      'extension.operation': { path: 'OperateType', words: EXTENSION_OPERATIONS },
      'extension.keys': 'ExtensionList[].Key',
      'extension.values': 'ExtensionList[].Value',
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    command: 'Group.CallbackBeforeSendMsg',
    kind: 'message.send',
    stage: 'before',
    facts: { ...GROUP_MESSAGE, 'message.clientId': 'MsgId', 'topic.id': 'TopicId' },
    content: CONTENT,
    reply: { family: 'group', discard: true, rewrites: true },
  },
  {
    command: 'Group.CallbackAfterSendMsg',
    kind: 'message.send',
    stage: 'after',
    facts: {
      ...GROUP_MESSAGE,
      'message.clientId': 'MsgId',
      'message.seq': 'MsgSeq',
      'message.sentAt': SENT_AT,
      'topic.id': 'TopicId',
    },
    content: CONTENT_AND_MENTIONS,
    reply: REPORT,
  },
  {
    command: 'Group.CallbackSendMsgException',
    kind: 'message.failed',
    stage: 'after',
    facts: { ...GROUP_MESSAGE, 'result.code': 'ErrorCode', 'result.message': 'ErrorInfo' },
    content: CONTENT,
    reply: REPORT,
  },
  {
    command: 'Group.CallbackAfterRecallMsg',
    kind: 'message.recall',
    stage: 'after',
    facts: {
      'actor.id': 'Operator_Account',
      'group.id': 'GroupId',
      'group.type': GROUP_TYPE,
      'topic.id': 'TopicId',
      'conversation.type': GROUP,
      'message.seqs': 'MsgSeqList[].MsgSeq',
      'message.ids': 'MsgSeqList[].MsgId',
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    command: 'Group.CallbackAfterModifyMsg',
    kind: 'message.edit',
    stage: 'after',
    facts: {
      'actor.id': 'Operator_Account',
      'group.id': 'GroupId',
      'topic.id': 'TopicId',
      'conversation.type': GROUP,
      'message.seq': 'MsgSeq',
      'event.time': 'EventTime',
    },
    content: { elements: 'MsgBody' },
    reply: REPORT,
  },
  {
    command: 'Group.CallbackAfterGroupMsgExtension',
    kind: 'message.extend',
    stage: 'after',
    facts: {
      'group.id': 'GroupId',
      'conversation.type': GROUP,
      'message.seq': 'MsgSeq',
      'extension.operation': { path: 'OperateType', words: EXTENSION_OPERATIONS },
      'extension.keys': 'ExtensionList[].Key',
      'extension.values': 'ExtensionList[].Value',
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    // One reader is judged at a time; the counts belong to a message, so they count only for a single one.
    command: 'Group.CallbackAfterReadReceipt',
    kind: 'message.read',
    stage: 'after',
    each: 'GroupMsgReceiptList[].ReadReceiptMembers',
    facts: {
      'actor.id': 'GroupMsgReceiptList[].ReadReceiptMembers[].Member_Account',
      'group.id': 'GroupId',
      'group.type': GROUP_TYPE,
      'conversation.type': GROUP,
      'message.seq': { path: 'GroupMsgReceiptList[].MsgSeq', codec: 'onlyNumber' },
      'message.seqs': 'GroupMsgReceiptList[].MsgSeq',
      'read.count': { path: 'GroupMsgReceiptList[].ReadNum', codec: 'onlyNumber' },
      'unread.count': { path: 'GroupMsgReceiptList[].UnreadNum', codec: 'onlyNumber' },
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    command: 'OfficialAccount.CallbackBeforeSendMsg',
    kind: 'message.send',
    stage: 'before',
    facts: {
      'actor.id': 'Official_Account',
      'channel.id': 'Official_Account',
      'conversation.type': CHANNEL,
      'message.onlineOnly': 'OnlineOnlyFlag',
      'event.time': 'EventTime',
    },
    content: CONTENT,
    reply: { family: 'channel', discard: true, rewrites: true },
  },
  {
    command: 'OfficialAccount.CallbackAfterSendMsg',
    kind: 'message.send',
    stage: 'after',
    facts: {
      'actor.id': 'Official_Account',
      'channel.id': 'Official_Account',
      'conversation.type': CHANNEL,
      'message.id': 'MsgKey',
      'message.sentAt': SENT_AT,
      'message.onlineOnly': 'OnlineOnlyFlag',
      'event.time': 'EventTime',
    },
    content: CONTENT,
    reply: REPORT,
  },
  {
    command: 'OfficialAccount.CallbackAfterMsgWithDraw',
    kind: 'message.recall',
    stage: 'after',
    facts: {
      'actor.id': 'Official_Account',
      'channel.id': 'Official_Account',
      'conversation.type': CHANNEL,
      'message.ids': 'WithdrawMsgList[].MsgKey',
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
] as const satisfies readonly TencentRow[];
