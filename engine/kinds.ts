/**
 * The event kinds: what can happen, in words shared by all platforms, and which facts belong to each.
 *
 * The same kind carries the same facts on every platform. A fact that only one platform tells is
 * simply absent on the other.
 */
import type { FactName } from './facts.js';

/** Whether the platform asks before the event (and obeys the reply) or reports it afterwards. */
export type Stage = 'before' | 'after';

/** Facts that every event may carry. */
export const COMMON_FACTS = [
  'platform',
  'app.id',
  'event.kind',
  'event.stage',
  'event.time',
  'command',
  'operation.id',
  'actor.id',
  'actor.platform',
  'actor.isAdmin',
  'operator.id',
  'client.ip',
  'target.id',
  'target.ids',
  'group.id',
  'group.type',
  'conversation.type',
] as const satisfies readonly FactName[];

const MESSAGE = [
  'actor.nickname',
  'actor.faceUrl',
  'channel.id',
  'topic.id',
  'message.id',
  'message.clientId',
  'message.seq',
  'message.random',
  'message.type',
  'message.types',
  'message.wireType',
  'message.text',
  'message.fingerprint',
  'message.links',
  'message.linkDomains',
  'message.media',
  'message.mentions',
  'message.mentionsAll',
  'message.customData',
  'message.extra',
  'message.isTruncated',
  'message.onlineOnly',
  'message.isSystem',
  'message.sentAt',
] as const;

const RESULT = ['result.code', 'result.message'] as const;
const FRIEND = ['friend.wording', 'friend.remark', 'friend.group', 'friend.custom'] as const;
const GROUP = [
  'group.name',
  'group.introduction',
  'group.notification',
  'group.faceUrl',
  'group.custom',
  'group.joinOption',
  'group.lookMemberInfo',
  'group.applyMemberFriend',
] as const;
const MEMBER = [
  'member.nickname',
  'member.faceUrl',
  'member.role',
  'member.muteUntil',
  'member.custom',
] as const;
const JOIN = ['join.message', 'join.source', 'join.type'] as const;
const TOPIC = [
  'topic.id',
  'topic.name',
  'topic.introduction',
  'topic.notification',
  'topic.faceUrl',
  'topic.ownerId',
] as const;
const USER = [
  'user.nickname',
  'user.faceUrl',
  'user.signature',
  'user.gender',
  'user.location',
  'user.birthday',
  'user.language',
  'user.level',
  'user.role',
  'user.allowType',
  'user.adminForbid',
  'user.custom',
  'user.receiveOption',
  'user.changed',
] as const;
const PUSH = ['push.title', 'push.description', 'push.custom', 'push.sound'] as const;
const CHANNEL = [
  'channel.id',
  'channel.name',
  'channel.introduction',
  'channel.faceUrl',
  'channel.organization',
  'channel.ownerId',
] as const;

export interface KindDefinition {
  readonly meaning: string;
  /** Facts beyond {@link COMMON_FACTS}. */
  readonly facts: readonly FactName[];
}

/** The table. */
export const KINDS = {
  'message.send': { meaning: 'A message is sent.', facts: [...MESSAGE, ...RESULT] },
  'message.edit': { meaning: 'A message was edited.', facts: [...MESSAGE, 'message.senderId'] },
  'message.recall': {
    meaning: 'Messages were recalled.',
    facts: [
      'conversation.id',
      'channel.id',
      'topic.id',
      'message.id',
      'message.ids',
      'message.seqs',
      'unread.count',
    ],
  },
  'message.read': {
    meaning: 'Messages were read.',
    facts: [
      'conversation.id',
      'message.id',
      'message.ids',
      'message.seq',
      'message.seqs',
      'read.time',
      'read.count',
      'unread.count',
    ],
  },
  'message.saved': { meaning: 'A message was stored.', facts: MESSAGE },
  'message.failed': { meaning: 'Sending a message failed.', facts: [...MESSAGE, ...RESULT] },
  'message.extend': {
    meaning: 'Extensions of a message changed.',
    facts: [
      'message.id',
      'message.seq',
      'message.senderId',
      'extension.operation',
      'extension.keys',
      'extension.values',
    ],
  },
  'friend.request': {
    meaning: 'Somebody asks to become a friend.',
    facts: [...FRIEND, 'friend.source', 'friend.addType', 'friend.isForced'],
  },
  'friend.respond': { meaning: 'A friend request is answered.', facts: [...FRIEND, 'friend.response'] },
  'friend.add': {
    meaning: 'A friend was added.',
    facts: ['friend.initiatorId', 'friend.ownerId', 'friend.trigger', 'friend.isForced'],
  },
  'friend.delete': { meaning: 'A friend was deleted.', facts: [] },
  'friend.import': { meaning: "An administrator fills a user's friend list.", facts: ['friend.ownerId'] },
  'friend.remark': { meaning: 'The private name of a friend is changed.', facts: ['friend.remark'] },
  'block.add': { meaning: 'A user blocks another.', facts: [] },
  'block.remove': { meaning: 'A user unblocks another.', facts: [] },
  'follow.add': { meaning: 'A user follows another.', facts: [] },
  'follow.remove': { meaning: 'A user no longer follows another.', facts: [] },
  'group.create': {
    meaning: 'A group is created; the targets are its first members.',
    facts: [
      ...GROUP,
      'group.ownerId',
      'group.memberCount',
      'group.createdCount',
      'group.inviteOption',
      'group.status',
      'member.role',
    ],
  },
  'group.join': { meaning: 'A user applies to join a group.', facts: [...JOIN, 'member.custom'] },
  'group.invite': { meaning: 'Users are invited into a group.', facts: JOIN },
  'group.enter': {
    meaning: 'Users become members of a group.',
    facts: [...JOIN, ...MEMBER, 'group.custom'],
  },
  'group.leave': { meaning: 'Members left a group or were removed.', facts: ['leave.type', 'leave.reason'] },
  'group.update': { meaning: 'The profile of a group changes.', facts: GROUP },
  'group.dismiss': {
    meaning: 'A group was dismissed; the targets are its members.',
    facts: ['group.name', 'group.ownerId'],
  },
  'group.transfer': {
    meaning: 'A group got a new owner, the target.',
    facts: ['group.oldOwnerId', 'group.ownerId'],
  },
  'group.full': { meaning: 'A group is full.', facts: [] },
  'group.member.update': { meaning: "A member's data in a group changes.", facts: MEMBER },
  'group.attributes': {
    meaning: 'Attributes of a group changed.',
    facts: ['group.attributeOperation', 'group.attributeKeys', 'group.attributeValues'],
  },
  'group.presence': {
    meaning: 'Members of a live room went online or offline.',
    facts: ['presence.state', 'presence.reason'],
  },
  'group.quota': {
    meaning: 'The daily number of new groups nears its limit.',
    facts: ['quota.used', 'quota.limit'],
  },
  'topic.create': {
    meaning: 'A topic is created in a community.',
    facts: [...TOPIC, 'topic.custom', 'group.ownerId'],
  },
  'topic.update': { meaning: 'The profile of a topic changed.', facts: TOPIC },
  'topic.dismiss': { meaning: 'Topics were deleted.', facts: ['topic.id', 'topic.ids'] },
  'user.register': { meaning: 'Accounts are created; the targets are the new users.', facts: USER },
  'user.update': { meaning: "A user's profile changes.", facts: USER },
  'user.presence': {
    meaning: 'A user went online or offline.',
    facts: [
      'presence.state',
      'presence.reason',
      'presence.isBackground',
      'presence.connectionId',
      'presence.kickedDevices',
    ],
  },
  'conversation.create': {
    meaning: 'A conversation record is created.',
    facts: [
      'conversation.id',
      'conversation.receiveOption',
      'conversation.isPinned',
      'conversation.isPrivate',
      'conversation.burnDuration',
      'conversation.mentionType',
      'conversation.attachedInfo',
      'conversation.custom',
    ],
  },
  'push.online': {
    meaning: 'A message is about to be pushed to users who are online.',
    facts: [...MESSAGE, ...PUSH],
  },
  'push.offline': {
    meaning: 'A message is about to be pushed to users who are offline.',
    facts: [...MESSAGE, ...PUSH],
  },
  'push.report': {
    meaning: 'How a push went.',
    facts: [
      ...RESULT,
      'message.id',
      'message.seq',
      'message.random',
      'message.sentAt',
      'push.taskId',
      'push.stage',
      'push.channel',
      'push.sentAt',
    ],
  },
  'channel.create': { meaning: 'An official channel is created.', facts: CHANNEL },
  'channel.update': { meaning: 'The profile of an official channel changed.', facts: CHANNEL },
  'channel.dismiss': { meaning: 'An official channel was deleted.', facts: CHANNEL },
  'channel.subscribe': { meaning: 'Users subscribe to an official channel.', facts: ['channel.id'] },
  'channel.unsubscribe': {
    meaning: 'Users no longer subscribe to an official channel.',
    facts: ['channel.id'],
  },
  'channel.full': { meaning: 'An official channel is full.', facts: ['channel.id'] },
  'bot.message': { meaning: 'A user wrote to a bot.', facts: [...MESSAGE, ...RESULT] },
  'moderation.result': {
    meaning: "The vendor's content filter found something.",
    facts: [
      'message.id',
      'message.text',
      'message.links',
      'message.linkDomains',
      'message.media',
      'message.customData',
      'moderation.scene',
      'moderation.contentType',
      'moderation.result',
      'moderation.suggestion',
      'moderation.label',
      'moderation.subLabel',
      'moderation.keywords',
      'moderation.library',
      'moderation.requestId',
    ],
  },
  'alert.limit': {
    meaning: 'A REST interface is called too often.',
    facts: ['alert.service', 'alert.command', 'alert.requests', 'alert.limit'],
  },
} as const satisfies Readonly<Record<string, KindDefinition>>;

/** Name of an event kind. */
export type Kind = keyof typeof KINDS;

/** Facts that an event of kind `K` may carry. */
export type FactOf<K extends Kind> = (typeof COMMON_FACTS)[number] | (typeof KINDS)[K]['facts'][number];

/** All kinds, in table order. */
export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];

const factsByKind = new Map<Kind, ReadonlySet<FactName>>(
  KIND_NAMES.map((kind) => [kind, new Set<FactName>([...COMMON_FACTS, ...KINDS[kind].facts])]),
);

/** Narrows any text to a kind. */
export function isKind(name: string): name is Kind {
  return Object.hasOwn(KINDS, name);
}

/** All facts of a kind, the common ones included. */
export function factsOf(kind: Kind): ReadonlySet<FactName> {
  return factsByKind.get(kind) ?? new Set();
}

/**
 * Kinds that a pattern of a rule's `on` stands for.
 *
 * @param pattern a kind (`block.add`), a prefix glob (`message.*`) or `*`
 * @returns the kinds in table order; empty when nothing fits
 */
export function kindsMatching(pattern: string): readonly Kind[] {
  if (pattern === '*') return KIND_NAMES;
  if (pattern.endsWith('.*')) return KIND_NAMES.filter((kind) => kind.startsWith(pattern.slice(0, -1)));
  return isKind(pattern) ? [pattern] : [];
}
