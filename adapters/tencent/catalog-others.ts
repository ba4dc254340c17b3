/** Users, bots, pushes, moderation results and alerts. */
import { REPORT, type TencentRow } from './row.js';

/** `PushPlatform` (1047/67551). */
const PUSH_CHANNELS = {
  0: 'unknown',
  1: 'apns',
  2: 'xiaomi',
  3: 'huawei',
  4: 'fcm',
  5: 'meizu',
  6: 'oppo',
  7: 'vivo',
  8: 'honor',
} as const;

/** `PushStage` (1047/67551). */
const PUSH_STAGES = { 1: 'sent', 2: 'reached', 3: 'clicked' } as const;

/** What both push commands tell. Their times are seconds, unlike `EventTime` anywhere else. */
const PUSH_EVENT = {
  'target.id': 'Events[].To_Account',
  'push.stage': { path: 'Events[].PushStage', words: PUSH_STAGES },
  'push.channel': { path: 'Events[].PushPlatform', words: PUSH_CHANNELS },
  'result.code': 'Events[].ErrCode',
  'result.message': 'Events[].ErrInfo',
  'event.time': { path: 'Events[].EventTime', codec: 'seconds' },
} as const;

const PROFILE = 'ProfileItem';

export const OTHER_ROWS = [
  {
    // The account whose state changed is the actor, in spite of its field's name (1047/34357).
    command: 'State.StateChange',
    kind: 'user.presence',
    stage: 'after',
    facts: {
      'actor.id': 'Info.To_Account',
      'presence.state': {
        path: 'Info.Action',
        words: { Login: 'online', Logout: 'offline', Disconnect: 'offline' },
      },
      'presence.reason': { path: 'Info.Reason', codec: 'lowerCase' },
      'presence.kickedDevices': { path: 'KickedDevice[].Platform', codec: 'platforms' },
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    command: 'Profile.CallbackPortraitSet',
    kind: 'user.update',
    stage: 'after',
    facts: {
      'actor.id': 'Operator_Account',
      'target.id': 'From_Account',
      'user.changed': 'ProfileItem[].Tag',
      'user.nickname': { path: PROFILE, tag: 'Tag_Profile_IM_Nick' },
      'user.gender': { path: PROFILE, tag: 'Tag_Profile_IM_Gender' },
      'user.birthday': { path: PROFILE, tag: 'Tag_Profile_IM_BirthDay' },
      'user.location': { path: PROFILE, tag: 'Tag_Profile_IM_Location' },
      'user.signature': { path: PROFILE, tag: 'Tag_Profile_IM_SelfSignature' },
      'user.allowType': { path: PROFILE, tag: 'Tag_Profile_IM_AllowType' },
      'user.language': { path: PROFILE, tag: 'Tag_Profile_IM_Language' },
      'user.faceUrl': { path: PROFILE, tag: 'Tag_Profile_IM_Image' },
      'user.adminForbid': { path: PROFILE, tag: 'Tag_Profile_IM_AdminForbidType' },
      'user.level': { path: PROFILE, tag: 'Tag_Profile_IM_Level' },
      'user.role': { path: PROFILE, tag: 'Tag_Profile_IM_Role' },
      'user.custom': { path: PROFILE, codec: 'customProfile' },
      'event.time': 'EventTime',
    },
    reply: REPORT,
  },
  {
    command: 'Bot.OnC2CMessage',
    kind: 'bot.message',
    stage: 'after',
    facts: {
      'actor.id': 'From_Account',
      'target.id': 'To_Account',
      'conversation.type': { constant: 'direct' },
      'message.id': 'MsgKey',
      'message.clientId': 'MsgId',
      'message.seq': 'MsgSeq',
      'message.random': 'MsgRandom',
      'message.sentAt': { path: 'MsgTime', codec: 'seconds' },
      'message.onlineOnly': 'OnlineOnlyFlag',
      'result.code': 'SendMsgResult',
      'result.message': 'ErrorInfo',
      'event.time': 'EventTime',
    },
    content: { elements: 'MsgBody', custom: 'CloudCustomData' },
    reply: REPORT,
  },
  {
    command: 'Bot.OnGroupMessage',
    kind: 'bot.message',
    stage: 'after',
    each: 'AtRobots_Account',
    facts: {
      'actor.id': 'From_Account',
      'operator.id': 'Operator_Account',
      'target.id': 'AtRobots_Account[]',
      'group.id': 'GroupId',
      'group.type': { path: 'Type', codec: 'groupType' },
      'topic.id': 'TopicId',
      'conversation.type': { constant: 'group' },
      'message.seq': 'MsgSeq',
      'message.random': 'Random',
      'message.sentAt': { path: 'MsgTime', codec: 'seconds' },
      'message.onlineOnly': 'OnlineOnlyFlag',
      'event.time': 'EventTime',
    },
    content: { elements: 'MsgBody', custom: 'CloudCustomData', mentions: 'AtRobots_Account' },
    reply: REPORT,
  },
  {
    // Wants a fourth field in the reply, even an empty one (1047/59057).
    command: 'Chatbot.OnC2CSignalMessage',
    kind: 'bot.message',
    stage: 'after',
    facts: {
      'actor.id': 'From_Account',
      'target.id': 'To_Account',
      'conversation.type': { constant: 'direct' },
      'message.id': 'MsgKey',
      'message.seq': 'MsgSeq',
      'message.random': 'MsgRandom',
      'message.customData': 'Data',
      'event.time': 'EventTime',
    },
    reply: { family: 'report', constants: { RspData: '' } },
  },
  {
    command: 'Push.AllMemberPush',
    kind: 'push.report',
    stage: 'after',
    urlLacks: ['ClientIP', 'OptPlatform'],
    each: 'Events',
    facts: {
      ...PUSH_EVENT,
      'push.taskId': 'Events[].TaskId',
      'push.sentAt': { path: 'Events[].TaskTime', codec: 'seconds' },
    },
    reply: REPORT,
  },
  {
    command: 'Push.OfflinePush',
    kind: 'push.report',
    stage: 'after',
    urlLacks: ['ClientIP', 'OptPlatform'],
    each: 'Events',
    facts: {
      ...PUSH_EVENT,
      'actor.id': 'Events[].From_Account',
      'group.id': 'Events[].GroupID?',
      'conversation.type': { path: 'Events[].EventType', words: { 1: 'direct', 2: 'group' } },
      'message.id': 'Events[].MsgKey',
      'message.seq': 'Events[].MsgSeq',
      'message.random': 'Events[].MsgRandom',
      'message.sentAt': { path: 'Events[].MsgTime', codec: 'seconds' },
      'push.taskId': 'Events[].PushID',
    },
    reply: REPORT,
  },
  {
    // The only body without any command word (1047/78240).
    command: 'ContentCallback.ResultNotify',
    kind: 'moderation.result',
    stage: 'after',
    urlLacks: ['ClientIP', 'OptPlatform'],
    facts: {
      'actor.id': 'From_Account',
      'target.id': 'ContactItem.To_Account?',
      'group.id': 'ContactItem.ToGroupId?',
      'conversation.type': { path: 'ContactItem.ContactType', words: { 1: 'direct', 2: 'group' } },
      'message.id': 'MsgID',
      'moderation.scene': 'Scene',
      'moderation.contentType': 'ContentType',
      'moderation.result': 'CtxcbResult',
      'moderation.requestId': 'CtxcbRequestId',
      'moderation.keywords': 'CtxcbKeywords',
      'moderation.suggestion': 'CtxcbSuggestion',
      'moderation.label': 'CtxcbLabel',
      'moderation.subLabel': 'CtxcbSubLabel',
      'moderation.library': 'CtxcbLibName',
    },
    content: { texts: 'TextContent', file: 'FileURL', custom: 'CloudCustomData' },
    reply: REPORT,
  },
  {
    // Sent to every app that has a callback URL: there is no switch for it (1047/60256).
    command: 'Alert.RequestOverLimit',
    switch: null,
    kind: 'alert.limit',
    stage: 'after',
    urlLacks: ['ClientIP'],
    facts: {
      'alert.service': 'ServiceName',
      'alert.command': 'Command',
      'alert.requests': 'Request',
      'alert.limit': 'Limit',
    },
    reply: REPORT,
  },
] as const satisfies readonly TencentRow[];
