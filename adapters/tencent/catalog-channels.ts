/** Official channels and their subscribers; their messages are in catalog-messages.ts. */
import { REPORT, type TencentRow } from './row.js';

const CHANNEL = { 'channel.id': 'Official_Account', 'event.time': 'EventTime' } as const;

const SUBSCRIBERS = {
  ...CHANNEL,
  'actor.id': 'Operator_Account',
  'target.id': 'SubscribeAccountList[].Subscriber_Account',
} as const;

export const CHANNEL_ROWS = [
  {
    command: 'OfficialAccount.CallbackBeforeCreateOfficialAccount',
    kind: 'channel.create',
    stage: 'before',
    facts: {
      'actor.id': 'Operator_Account',
      'target.id': 'Owner_Account',
      'channel.ownerId': 'Owner_Account',
      'channel.name': 'Name',
      'event.time': 'EventTime',
    },
    reply: { family: 'channel' },
  },
  {
    command: 'OfficialAccount.CallbackAfterCreateOfficialAccount',
    kind: 'channel.create',
    stage: 'after',
    facts: {
      ...CHANNEL,
      'actor.id': 'Operator_Account',
      'target.id': 'Owner_Account',
      'channel.ownerId': 'Owner_Account',
      'channel.name': 'Name',
    },
    reply: REPORT,
  },
  {
    command: 'OfficialAccount.CallbackAfterOfficialAccountInfoChanged',
    kind: 'channel.update',
    stage: 'after',
    facts: {
      ...CHANNEL,
      'actor.id': 'Operator_Account',
      'channel.name': 'Name',
      'channel.introduction': 'Introduction',
      'channel.faceUrl': 'FaceUrl',
      'channel.organization': 'Organization',
    },
    reply: REPORT,
  },
  {
    command: 'OfficialAccount.CallbackAfterOfficialAccountDestroyed',
    kind: 'channel.dismiss',
    stage: 'after',
    facts: {
      ...CHANNEL,
      'target.id': 'Owner_Account',
      'channel.ownerId': 'Owner_Account',
      'channel.name': 'Name',
    },
    reply: REPORT,
  },
  {
    // The page's prose names RefusedMembers_Account, its table and sample RefusedSubscribers_Account (1047/60799).
    command: 'OfficialAccount.CallbackBeforeAddSubscriber',
    kind: 'channel.subscribe',
    stage: 'before',
    each: 'SubscribeAccountList',
    facts: SUBSCRIBERS,
    reply: { family: 'subscribe', refusedList: 'RefusedSubscribers_Account' },
  },
  {
    command: 'OfficialAccount.CallbackAfterAddSubscriber',
    kind: 'channel.subscribe',
    stage: 'after',
    each: 'SubscribeAccountList',
    facts: SUBSCRIBERS,
    reply: REPORT,
  },
  {
    command: 'OfficialAccount.CallbackAfterOfficialAccountFull',
    kind: 'channel.full',
    stage: 'after',
    facts: CHANNEL,
    reply: REPORT,
  },
  {
    command: 'OfficialAccount.CallbackAfterDeleteSubscriber',
    kind: 'channel.unsubscribe',
    stage: 'after',
    each: 'SubscribeAccountList',
    facts: SUBSCRIBERS,
    reply: REPORT,
  },
] as const satisfies readonly TencentRow[];
