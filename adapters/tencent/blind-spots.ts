import type { BlindSpot } from '../blind-spots.js';

/** From the vendor's pages; their numbers are named with each. */
export const BLIND_SPOTS: readonly BlindSpot[] = [
  {
    // 1047/34364, 1047/34374 (ForbidCallbackControl of the REST calls)
    kinds: ['message.send'],
    text: 'REST senders can switch the callbacks of their message off (ForbidCallbackControl).',
  },
  {
    // 1047/43468, 1047/43467
    kinds: ['friend.request', 'friend.respond'],
    stage: 'before',
    text: 'Friends that are added or answered through the REST API are not asked about.',
  },
  {
    // 1047/34359
    kinds: ['friend.add'],
    text: 'Friends that are imported through the REST API are not reported.',
  },
  {
    // 1047/34370
    kinds: ['group.join'],
    text: 'The text of an application is in no callback, and members added through the REST API are not asked about.',
  },
  {
    // 1047/34368
    kinds: ['group.invite', 'group.enter'],
    text: 'The first members of a new group are only shown when it is created, and can only be refused with it.',
  },
  {
    // 1047/34354
    kinds: ['message.send', 'group.create', 'group.join', 'group.invite', 'friend.request', 'friend.respond'],
    stage: 'before',
    text: 'Without an answer within 2 seconds the event goes on, unless the console says otherwise.',
  },
  {
    // 1047/48734
    kinds: ['group.presence'],
    text: 'Needs the list of online members of AVChatRoom groups, a feature of the paid edition.',
  },
  {
    // 1047/48733
    kinds: ['user.update'],
    text: 'Newer consoles need the subscription of profile changes too.',
  },
  {
    // 1047/34357
    kinds: ['user.presence'],
    text: 'Newer consoles need the switch of user states too.',
  },
  {
    // 1047/49463
    kinds: ['topic.create', 'topic.update', 'topic.dismiss'],
    text: 'Needs the features of communities and topics.',
  },
];
