/** Commands about pushes. A refusal skips the push; the message is stored already. */
import { PLATFORMS } from './codecs.js';
import type { OpenimRow } from './row.js';

/** open-im-server pkg/callbackstruct/push.go; platformID describes the sender's device. */
const PUSH = {
  'actor.id': 'sendID',
  'actor.platform': { path: 'platformID', words: PLATFORMS },
  'actor.isAdmin': { path: 'platformID', codec: 'adminPlatform' },
  'group.id': 'groupID?',
  'conversation.type': { path: 'sessionType', codec: 'sessionType' },
  'message.clientId': 'clientMsgID',
} as const;

const CONTENT = { content: 'content', contentType: 'contentType', mentions: 'atUserIDList' } as const;

export const PUSH_ROWS = [
  {
    command: 'callbackBeforeOnlinePushCommand',
    switch: 'beforeOnlinePush',
    aliases: ['callbackOnlinePushCommand'],
    kind: 'push.online',
    stage: 'before',
    each: 'userIDList',
    facts: { ...PUSH, 'target.id': 'userIDList[]' },
    content: CONTENT,
    reply: {},
  },
  {
    command: 'callbackBeforeOfflinePushCommand',
    switch: 'beforeOfflinePush',
    aliases: ['callbackOfflinePushCommand'],
    kind: 'push.offline',
    stage: 'before',
    each: 'userIDList',
    facts: {
      ...PUSH,
      'target.id': 'userIDList[]',
      'push.title': 'title',
      'push.description': 'desc',
      'push.custom': 'ex',
      'push.sound': 'iOSPushSound',
    },
    content: CONTENT,
    reply: {
      targets: { field: 'userIDList', mode: 'replace' },
      object: {
        field: 'offlinePushInfo',
        members: {
          title: 'string',
          desc: 'string',
          ex: 'string',
          iOSPushSound: 'string',
          iOSBadgeCount: 'boolean',
          signalInfo: 'string',
        },
        rewrites: {
          'push.title': 'title',
          'push.description': 'desc',
          'push.custom': 'ex',
          'push.sound': 'iOSPushSound',
        },
      },
    },
  },
  {
    // The members are not listed. A userIDList in the reply would switch off the server's clean-up of
    // removed members (internal/push/push_handler.go), so none is ever sent.
    command: 'callbackBeforeGroupOnlinePushCommand',
    switch: 'beforeGroupOnlinePush',
    aliases: ['callbackSuperGroupOnlinePushCommand'],
    kind: 'push.online',
    stage: 'before',
    facts: { ...PUSH, 'message.seq': 'seq' },
    content: CONTENT,
    reply: {},
  },
] as const satisfies readonly OpenimRow[];
