/**
 * The facts: every named, typed value that a rule may look at, one row each.
 *
 * The names are shared by all platforms. Which platform tells a fact for which command is not said
 * here but in the adapters' catalogs; `docs/reference/facts.md` joins the two.
 */

import { STATE_FACTS, stateFactKind, type StateFactName } from './state-facts.js';

/**
 * Type of a fact's value.
 *
 * - `string`: text, never empty unless the wire says so
 * - `number`: a finite number
 * - `boolean`
 * - `time`: integer milliseconds since 1970, whatever unit the wire used
 * - `strings`: list of texts, in wire order
 */
export type FactType = 'string' | 'number' | 'boolean' | 'time' | 'strings';

/** A fact's value. `undefined` (absent) is never a value: an absent fact makes every comparison false. */
export type FactValue = string | number | boolean | readonly string[];

export interface FactDefinition {
  readonly type: FactType;
  readonly meaning: string;
  /** All values the fact can have, where that set is closed. */
  readonly values?: readonly string[];
}

/** The table. Keys are sorted by subject; the order is the order of the generated documentation. */
export const FACTS = {
  platform: { type: 'string', meaning: 'Platform that called: `openim` or `tencent`.' },
  'app.id': { type: 'string', meaning: 'The `id` of the app in config.yaml that was called.' },
  'event.kind': { type: 'string', meaning: 'What happened, such as `message.send`.' },
  'event.stage': {
    type: 'string',
    meaning: 'Whether the platform asks first (`before`) or reports (`after`).',
    values: ['before', 'after'],
  },
  'event.time': {
    type: 'time',
    meaning:
      "Moment of the event by the platform's own clock where it is sent, else the moment the callback arrived. Never a time that a client claims.",
  },
  command: { type: 'string', meaning: "The command's wire name, aliases resolved to the current name." },
  'operation.id': { type: 'string', meaning: 'Trace ID that the platform gave the operation.' },

  'actor.id': { type: 'string', meaning: 'User who acts: sender, requester, blocker.' },
  'actor.platform': {
    type: 'string',
    meaning:
      'Device or origin of the action in lower case: ios, android, windows, mac, web, miniweb, linux, ipad, android_pad, harmony, rest, admin.',
  },
  'actor.isAdmin': {
    type: 'boolean',
    meaning: 'True when the action came from an administrator or the REST API instead of an end user.',
  },
  'actor.nickname': { type: 'string', meaning: 'Nickname that the client claims for the actor.' },
  'actor.faceUrl': { type: 'string', meaning: 'Avatar address that the client claims for the actor.' },
  'operator.id': {
    type: 'string',
    meaning: 'User who issued the request when that can be another than the actor, such as an admin.',
  },
  'client.ip': {
    type: 'string',
    meaning: "Address of the acting user's device, as the platform reports it.",
  },

  'target.id': { type: 'string', meaning: 'User acted upon. With several targets, the one being judged.' },
  'target.ids': { type: 'strings', meaning: 'All users acted upon by this callback.' },

  'conversation.id': { type: 'string', meaning: "The platform's ID of the conversation." },
  'conversation.type': {
    type: 'string',
    meaning: 'Where it happens: one-to-one, group, official channel, or a system account.',
    values: ['direct', 'group', 'channel', 'system'],
  },
  'conversation.receiveOption': { type: 'number', meaning: 'Receive setting: 0 receive, 1 not, 2 silently.' },
  'conversation.isPinned': { type: 'boolean', meaning: 'Whether the conversation is pinned.' },
  'conversation.isPrivate': { type: 'boolean', meaning: 'Whether messages vanish after reading.' },
  'conversation.burnDuration': { type: 'number', meaning: 'Seconds until a read private message vanishes.' },
  'conversation.mentionType': {
    type: 'number',
    meaning: 'Mention marker of the record (OpenIM groupAtType).',
  },
  'conversation.attachedInfo': { type: 'string', meaning: 'Private attachment text of the SDK.' },
  'conversation.custom': { type: 'string', meaning: "The app's own extension text of the conversation." },

  'message.id': { type: 'string', meaning: 'ID that the platform gave the message.' },
  'message.clientId': {
    type: 'string',
    meaning: 'ID that the client chose; neither unique nor trustworthy.',
  },
  'message.senderId': {
    type: 'string',
    meaning: 'User who sent the message that is edited or extended; the actor can be another.',
  },
  'message.seq': { type: 'number', meaning: 'Sequence number in its conversation.' },
  'message.random': { type: 'number', meaning: 'Random number that the client gave the message.' },
  'message.seqs': { type: 'strings', meaning: 'Sequence numbers of all messages concerned, as text.' },
  'message.ids': { type: 'strings', meaning: 'IDs of all messages concerned.' },
  'message.type': {
    type: 'string',
    meaning: 'Type of the (first) content element.',
    values: [
      'text',
      'image',
      'audio',
      'video',
      'file',
      'location',
      'face',
      'card',
      'quote',
      'forward',
      'custom',
      'typing',
      'stream',
      'notification',
      'unknown',
    ],
  },
  'message.types': { type: 'strings', meaning: 'Types of all content elements, each once, in order.' },
  'message.wireType': {
    type: 'string',
    meaning: "The platform's own word or number for the type: OpenIM contentType, Tencent MsgType.",
  },
  'message.text': {
    type: 'string',
    meaning:
      'All text that a human can read, in order, one line per piece: mentions, quotes, forwards, file names, descriptions.',
  },
  'message.fingerprint': {
    type: 'string',
    meaning:
      'The same for messages that say the same: a hash of the letters and digits of the text, without case, spaces and signs; of the media or own data where there is no text.',
  },
  'message.links': {
    type: 'strings',
    meaning: 'Web addresses in the text, completed to full URLs, and those that the client marked as links.',
  },
  'message.linkDomains': {
    type: 'strings',
    meaning:
      'Host names of the links in lower case, each followed by its parent domains: www.a.example, a.example.',
  },
  'message.media': { type: 'strings', meaning: 'Addresses of pictures, sounds, videos and files.' },
  'message.mentions': { type: 'strings', meaning: 'IDs of the users mentioned.' },
  'message.mentionsAll': { type: 'boolean', meaning: 'Whether everyone is mentioned.' },
  'message.customData': { type: 'string', meaning: "The app's own payload in or beside the message." },
  'message.extra': { type: 'string', meaning: 'Free extension text of the sender (OpenIM ex).' },
  'message.isTruncated': {
    type: 'boolean',
    meaning: 'True when content was nested deeper, or was longer, than is read.',
  },
  'message.onlineOnly': { type: 'boolean', meaning: 'Delivered only to users who are online, not stored.' },
  'message.isSystem': { type: 'boolean', meaning: 'Sent by the system or through the REST API.' },
  'message.sentAt': { type: 'time', meaning: 'Send time of the message, which a client may have claimed.' },
  'result.code': { type: 'number', meaning: 'Outcome that the platform reports; 0 is success.' },
  'result.message': { type: 'string', meaning: 'Text of that outcome.' },
  'read.time': { type: 'time', meaning: 'Moment up to which messages are read.' },
  'read.count': { type: 'number', meaning: 'Members who have read the message.' },
  'unread.count': { type: 'number', meaning: 'Members who have not read it, or messages still unread.' },
  'extension.operation': {
    type: 'string',
    meaning: 'What was done to the message extensions.',
    values: ['set', 'delete', 'clear'],
  },
  'extension.keys': { type: 'strings', meaning: 'Keys of the extensions concerned.' },
  'extension.values': { type: 'strings', meaning: 'Values of the extensions concerned.' },

  'friend.wording': { type: 'string', meaning: 'Text sent along with a friend request or its answer.' },
  'friend.remark': { type: 'string', meaning: 'Private name that the actor gives the friend.' },
  'friend.group': { type: 'string', meaning: 'Friend list (tag) that the friend is put into.' },
  'friend.source': { type: 'string', meaning: 'How the friend was found, a word of the app.' },
  'friend.addType': {
    type: 'string',
    meaning: 'Whether one list or both lists gain a friend.',
    values: ['single', 'both'],
  },
  'friend.isForced': { type: 'boolean', meaning: 'Added without asking the other user.' },
  'friend.response': {
    type: 'string',
    meaning: 'Answer to a friend request.',
    values: ['accept', 'accept_and_add', 'decline'],
  },
  'friend.initiatorId': { type: 'string', meaning: 'User whose request led to the friendship.' },
  'friend.trigger': { type: 'string', meaning: 'Client command that led to the friendship.' },
  'friend.ownerId': { type: 'string', meaning: 'User whose friend list gains the friend.' },
  'friend.custom': { type: 'string', meaning: "The app's own extension text of the friend request." },

  'group.id': { type: 'string', meaning: 'Group concerned.' },
  'group.type': {
    type: 'string',
    meaning:
      'Type of the group, older words translated: work, public, meeting, avchatroom, community, live, normal, super.',
  },
  'group.name': { type: 'string', meaning: 'Name of the group.' },
  'group.introduction': { type: 'string', meaning: 'Description of the group.' },
  'group.notification': { type: 'string', meaning: 'Announcement of the group.' },
  'group.faceUrl': { type: 'string', meaning: 'Avatar address of the group.' },
  'group.custom': { type: 'string', meaning: "The app's own extension text of the group." },
  'group.ownerId': { type: 'string', meaning: 'Owner of the group.' },
  'group.oldOwnerId': { type: 'string', meaning: 'Owner before a transfer.' },
  'group.memberCount': { type: 'number', meaning: 'Number of members.' },
  'group.createdCount': { type: 'number', meaning: 'Groups that the creator has created already.' },
  'group.joinOption': { type: 'number', meaning: 'Join rule (OpenIM needVerification): 0, 1 or 2.' },
  'group.lookMemberInfo': { type: 'number', meaning: 'Profile rule (OpenIM lookMemberInfo): 0 or 1.' },
  'group.applyMemberFriend': { type: 'number', meaning: 'Friend rule (OpenIM applyMemberFriend): 0 or 1.' },
  'group.inviteOption': { type: 'string', meaning: 'Invitation rule of the group.' },
  'group.status': { type: 'number', meaning: 'Status: 0 normal, 1 banned, 2 dismissed, 3 muted.' },
  'group.attributeOperation': {
    type: 'string',
    meaning: 'What was done to the group attributes.',
    values: ['set', 'modify', 'clear', 'delete'],
  },
  'group.attributeKeys': { type: 'strings', meaning: 'Keys of the attributes concerned.' },
  'group.attributeValues': { type: 'strings', meaning: 'Values of the attributes concerned.' },
  'join.message': { type: 'string', meaning: 'Text of an application or invitation.' },
  'join.source': {
    type: 'string',
    meaning: 'How the user came to the group.',
    values: ['admin', 'invitation', 'search', 'qrcode'],
  },
  'join.type': { type: 'string', meaning: 'How the user got in.', values: ['apply', 'invited'] },
  'leave.type': { type: 'string', meaning: 'How the user left.', values: ['kicked', 'quit'] },
  'leave.reason': { type: 'string', meaning: 'Reason given for a removal.' },
  'member.nickname': { type: 'string', meaning: "The member's name in the group." },
  'member.faceUrl': { type: 'string', meaning: "The member's avatar address in the group." },
  'member.role': {
    type: 'string',
    meaning: "The member's role in the group.",
    values: ['owner', 'admin', 'member'],
  },
  'member.muteUntil': { type: 'time', meaning: 'Moment until which the member is muted.' },
  'member.custom': { type: 'string', meaning: "The app's own extension text of the member." },
  'topic.id': { type: 'string', meaning: 'Topic inside a community.' },
  'topic.ids': { type: 'strings', meaning: 'All topics concerned.' },
  'topic.name': { type: 'string', meaning: 'Name of the topic.' },
  'topic.introduction': { type: 'string', meaning: 'Description of the topic.' },
  'topic.notification': { type: 'string', meaning: 'Announcement of the topic.' },
  'topic.faceUrl': { type: 'string', meaning: 'Picture address of the topic.' },
  'topic.ownerId': { type: 'string', meaning: 'Owner of the topic.' },
  'topic.custom': { type: 'string', meaning: "The app's own extension text of the topic." },
  'quota.used': { type: 'number', meaning: 'Groups created today.' },
  'quota.limit': { type: 'number', meaning: 'Groups that may be created in a day.' },

  'user.nickname': { type: 'string', meaning: 'Nickname in the profile.' },
  'user.faceUrl': { type: 'string', meaning: 'Avatar address in the profile.' },
  'user.signature': { type: 'string', meaning: 'Self-description in the profile.' },
  'user.gender': { type: 'string', meaning: "Gender in the profile, the platform's word." },
  'user.location': { type: 'string', meaning: 'Place in the profile.' },
  'user.birthday': { type: 'number', meaning: 'Birthday as the number yyyymmdd.' },
  'user.language': { type: 'number', meaning: "Language in the profile, the app's number." },
  'user.level': { type: 'number', meaning: 'Level in the profile; OpenIM appMangerLevel.' },
  'user.role': { type: 'number', meaning: 'Role in the profile.' },
  'user.allowType': { type: 'string', meaning: "Who may add the user, the platform's word." },
  'user.adminForbid': { type: 'string', meaning: "Ban that an admin set, the platform's word." },
  'user.custom': { type: 'string', meaning: "The app's own extension text of the profile." },
  'user.receiveOption': { type: 'number', meaning: 'Global receive setting.' },
  'user.changed': { type: 'strings', meaning: "The platform's names of the profile fields that changed." },
  'presence.state': { type: 'string', meaning: 'New state.', values: ['online', 'offline', 'kicked'] },
  'presence.reason': { type: 'string', meaning: "Cause of the change, the platform's word in lower case." },
  'presence.isBackground': { type: 'boolean', meaning: 'Whether the app runs in the background.' },
  'presence.connectionId': { type: 'string', meaning: 'Connection concerned; empty for a heartbeat.' },
  'presence.kickedDevices': { type: 'strings', meaning: 'Devices that were logged out by this login.' },

  'push.title': { type: 'string', meaning: 'Title of the push.' },
  'push.description': { type: 'string', meaning: 'Text of the push.' },
  'push.custom': { type: 'string', meaning: 'Extension text of the push.' },
  'push.sound': { type: 'string', meaning: 'Sound of the push (iOS).' },
  'push.taskId': { type: 'string', meaning: 'Push task or push ID.' },
  'push.stage': {
    type: 'string',
    meaning: 'How far the push got.',
    values: ['sent', 'reached', 'clicked'],
  },
  'push.channel': {
    type: 'string',
    meaning: 'Push service: apns, xiaomi, huawei, fcm, meizu, oppo, vivo, honor, unknown.',
  },
  'push.sentAt': { type: 'time', meaning: 'Start of the push task.' },

  'channel.id': { type: 'string', meaning: 'Official channel concerned.' },
  'channel.name': { type: 'string', meaning: 'Name of the channel.' },
  'channel.introduction': { type: 'string', meaning: 'Description of the channel.' },
  'channel.faceUrl': { type: 'string', meaning: 'Picture address of the channel.' },
  'channel.organization': { type: 'string', meaning: 'Organization behind the channel.' },
  'channel.ownerId': { type: 'string', meaning: 'Owner of the channel.' },

  'moderation.scene': { type: 'string', meaning: "What was moderated, the platform's word." },
  'moderation.contentType': {
    type: 'string',
    meaning: "Type of the moderated content, the platform's word.",
  },
  'moderation.result': { type: 'number', meaning: "The filter's result code." },
  'moderation.suggestion': { type: 'string', meaning: "The filter's advice, such as Block." },
  'moderation.label': { type: 'string', meaning: "The filter's label, such as Ad." },
  'moderation.subLabel': { type: 'string', meaning: "The filter's finer label." },
  'moderation.keywords': { type: 'strings', meaning: 'Words that the filter found.' },
  'moderation.library': { type: 'string', meaning: 'Word library that matched.' },
  'moderation.requestId': { type: 'string', meaning: "The filter's request ID." },
  'alert.service': { type: 'string', meaning: 'REST service that is called too often.' },
  'alert.command': { type: 'string', meaning: 'REST command that is called too often.' },
  'alert.requests': { type: 'number', meaning: 'Calls counted.' },
  'alert.limit': { type: 'number', meaning: 'Calls allowed.' },
} as const satisfies Readonly<Record<string, FactDefinition>>;

/** Name of a fact that an event carries. */
export type EventFactName = keyof typeof FACTS;

/** Name of a fact: of the event itself, or of what is remembered about whom it concerns. */
export type FactName = EventFactName | StateFactName;

/** Names of all facts of events, in table order. */
export const FACT_NAMES = Object.keys(FACTS) as readonly EventFactName[];

/** Narrows any text to the name of a fact that an event carries. */
export function isFactName(name: string): name is EventFactName {
  return Object.hasOwn(FACTS, name);
}

/** The row of a fact. */
export function factDefinition(name: FactName): FactDefinition {
  return isFactName(name) ? FACTS[name] : STATE_FACTS[stateFactKind(name)];
}
