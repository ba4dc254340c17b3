/**
 * Commands about conversation records, which a first message creates (open-im-server main,
 * pkg/callbackstruct/conversation.go). Keys end in `Id` here.
 */
import type { OpenimRow } from './row.js';

const RECORD = {
  'conversation.id': 'conversationId',
  'conversation.type': { path: 'conversationType', codec: 'sessionType' },
  'conversation.receiveOption': 'recvMsgOpt',
  'conversation.isPinned': 'isPinned',
  'conversation.isPrivate': 'isPrivateChat',
  'conversation.burnDuration': 'burnDuration',
  'conversation.mentionType': 'groupAtType',
  'conversation.attachedInfo': 'attachedInfo',
  'conversation.custom': 'ex',
} as const;

/** The actor is whose record it is: the sender in the question, each side in turn in the reports. */
const SINGLE = { 'actor.id': 'ownerUserId', 'target.id': 'userId', ...RECORD } as const;

/** ownerUserId is always empty and the members are not listed. */
const GROUP = { 'group.id': 'groupId', ...RECORD } as const;

const REWRITES = {
  'conversation.receiveOption': 'recvMsgOpt',
  'conversation.isPinned': 'isPinned',
  'conversation.isPrivate': 'isPrivateChat',
  'conversation.burnDuration': 'burnDuration',
  'conversation.mentionType': 'groupAtType',
  'conversation.attachedInfo': 'attachedInfo',
  'conversation.custom': 'ex',
} as const;

export const CONVERSATION_ROWS = [
  {
    command: 'callbackBeforeCreateSingleChatConversationsCommand',
    switch: 'beforeCreateSingleChatConversations',
    kind: 'conversation.create',
    stage: 'before',
    facts: SINGLE,
    reply: { rewrites: REWRITES },
  },
  {
    command: 'callbackAfterCreateSingleChatConversationsCommand',
    switch: 'afterCreateSingleChatConversations',
    kind: 'conversation.create',
    stage: 'after',
    facts: SINGLE,
    reply: {},
  },
  {
    command: 'callbackBeforeCreateGroupChatConversationsCommand',
    switch: 'beforeCreateGroupChatConversations',
    kind: 'conversation.create',
    stage: 'before',
    facts: GROUP,
    reply: { rewrites: REWRITES },
  },
  {
    command: 'callbackAfterCreateGroupChatConversationsCommand',
    switch: 'afterCreateGroupChatConversations',
    kind: 'conversation.create',
    stage: 'after',
    facts: GROUP,
    reply: {},
  },
] as const satisfies readonly OpenimRow[];
