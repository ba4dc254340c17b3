/** Callbacks as the platforms send them, made from the recorded examples. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../root.js';
import { SDK_APP_ID, SECRET, TOKEN } from '../settings.js';
import type { KindOfRules } from './rules.js';

/** What the callback is about; the rest is as in the example. */
export interface CallbackSketch {
  readonly platform: 'openim' | 'tencent';
  readonly kind: KindOfRules;
  readonly actor: string;
  readonly target: string;
  /** With one, a message goes to the group. */
  readonly group?: string;
  readonly text: string;
}

/** A request to a server. */
export interface WireCallback {
  readonly sketch: CallbackSketch;
  /** Command in the URL. */
  readonly command: string;
  readonly body: string;
}

interface Form {
  readonly command: string;
  /** Members that replace those of the example. */
  readonly members: (sketch: CallbackSketch) => Readonly<Record<string, unknown>>;
}

const tencentText = (text: string): object => ({
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
});

/** `direct` and `group` messages are two commands. */
type FormName = Exclude<KindOfRules, 'message.send'> | 'direct' | 'group';

const FORMS: Readonly<Record<CallbackSketch['platform'], Readonly<Partial<Record<FormName, Form>>>>> = {
  openim: {
    direct: {
      command: 'callbackBeforeSendSingleMsgCommand',
      members: ({ actor, target, text }) => ({
        sendID: actor,
        recvID: target,
        content: JSON.stringify({ content: text }),
      }),
    },
    group: {
      command: 'callbackBeforeSendGroupMsgCommand',
      members: ({ actor, group, text }) => ({
        sendID: actor,
        groupID: group,
        contentType: 101,
        content: JSON.stringify({ content: text }),
        atUserList: [],
      }),
    },
    'friend.request': {
      command: 'callbackBeforeAddFriendCommand',
      members: ({ actor, target, text }) => ({ fromUserID: actor, toUserID: target, reqMsg: text }),
    },
    'block.add': {
      command: 'callbackBeforeAddBlackCommand',
      members: ({ actor, target }) => ({ ownerUserID: actor, blackUserID: target }),
    },
    'group.join': {
      command: 'callbackBeforeJoinGroupCommand',
      members: ({ actor, group, text }) => ({ applyID: actor, groupID: group, reqMessage: text }),
    },
  },
  tencent: {
    direct: {
      command: 'C2C.CallbackBeforeSendMsg',
      members: ({ actor, target, text }) => ({
        From_Account: actor,
        To_Account: target,
        ...tencentText(text),
      }),
    },
    group: {
      command: 'Group.CallbackBeforeSendMsg',
      members: ({ actor, group, text }) => ({ From_Account: actor, GroupId: group, ...tencentText(text) }),
    },
    'friend.request': {
      command: 'Sns.CallbackPrevFriendAdd',
      members: ({ actor, target, text }) => ({
        Requester_Account: actor,
        From_Account: actor,
        FriendItem: [
          {
            To_Account: target,
            AddWording: text,
            Remark: '',
            GroupName: '',
            AddSource: 'AddSource_Type_Web',
          },
        ],
      }),
    },
    'group.join': {
      command: 'Group.CallbackBeforeApplyJoinGroup',
      members: ({ actor, group }) => ({ Requestor_Account: actor, GroupId: group }),
    },
  },
};

const examples = new Map<string, Readonly<Record<string, unknown>>>();

function exampleOf(platform: string, command: string): Readonly<Record<string, unknown>> {
  let example = examples.get(command);
  if (example === undefined) {
    const file = join(projectRoot, 'test', 'fixtures', 'callbacks', platform, `${command}.json`);
    example = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
    examples.set(command, example);
  }
  return example;
}

/** Whether the platform asks before such an event. */
export function isAsked(platform: CallbackSketch['platform'], kind: KindOfRules): boolean {
  return kind === 'message.send' || kind in FORMS[platform];
}

/** @throws Error when the platform has no such callback */
export function callbackOf(sketch: CallbackSketch): WireCallback {
  const { platform, kind, group } = sketch;
  const name = kind !== 'message.send' ? kind : group === undefined ? 'direct' : 'group';
  const form = FORMS[platform][name];
  if (form === undefined) throw new Error(`${platform} does not ask before ${kind}`);
  const body = { ...exampleOf(platform, form.command), ...form.members(sketch) };
  return { sketch, command: form.command, body: JSON.stringify(body) };
}

/**
 * Path and query of a callback, signed as Tencent signs.
 *
 * @param now milliseconds since 1970
 */
export function urlOf({ sketch, command }: WireCallback, now: number): string {
  if (sketch.platform === 'openim') return `/openim/${SECRET}/${command}`;
  const time = String(Math.floor(now / 1000));
  const sign = createHash('sha256')
    .update(TOKEN + time)
    .digest('hex');
  return `/tencent?SdkAppid=${SDK_APP_ID}&CallbackCommand=${command}&contenttype=json&ClientIP=203.0.113.7&OptPlatform=Web&RequestTime=${time}&Sign=${sign}`;
}
