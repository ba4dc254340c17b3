/** Callbacks whose right replies are known. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { SDK_APP_ID, SECRET, TOKEN } from '../settings.js';

/** Reason of a refusal that the failure policy gives instead of the rules. */
export const FAILURE = 99;
/** Reason of a refusal that strangers get. */
export const STRANGER = 1;

/** What a reply says: everything passes, everything is refused for one reason, or something that it may not say. */
export type Said = number | 'allow' | 'nonsense';

/** What a reply must say: a reason, an allow, or the reason of the rules in force. */
export type Wanted = number | 'allow' | 'rules';

export interface SoakCallback {
  readonly name: string;
  /** Milliseconds in which the platform wants its reply. */
  readonly deadline: number;
  readonly wanted: Wanted;
  /** Whether the failure policy may answer it when there is no time to judge it. */
  readonly mayFail: boolean;
  /** Path and query, made anew for each request: a signature has a date. */
  readonly url: () => string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly read: (reply: unknown) => Said;
}

/** Deadlines of both apps by default. */
const DEADLINE = { openim: 1500, tencent: 800 } as const;

const TARGETS = 40;

const JSON_TYPE = { 'content-type': 'application/json' };

function openim(
  name: string,
  wanted: Wanted,
  body: Readonly<Record<string, unknown>>,
  allowed: Readonly<Record<string, unknown>> = {},
): SoakCallback {
  const command = String(body['callbackCommand']);
  return {
    name,
    wanted,
    mayFail: true,
    deadline: DEADLINE.openim,
    url: () => `/openim/${SECRET}/${command}`,
    headers: JSON_TYPE,
    body: Buffer.from(JSON.stringify(body)),
    read: (reply) => readOpenim(reply, allowed),
  };
}

function tencent(name: string, wanted: Wanted, body: Readonly<Record<string, unknown>>): SoakCallback {
  const command = String(body['CallbackCommand']);
  return {
    name,
    wanted,
    mayFail: true,
    deadline: DEADLINE.tencent,
    url: () => `/tencent?SdkAppid=${SDK_APP_ID}&CallbackCommand=${command}&${signed(TOKEN)}`,
    headers: JSON_TYPE,
    body: Buffer.from(JSON.stringify(body)),
    read: readTencent,
  };
}

function signed(token: string): string {
  const time = Math.floor(Date.now() / 1000);
  const sign = createHash('sha256').update(`${token}${time}`).digest('hex');
  return `Sign=${sign}&RequestTime=${time}`;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function sameFields(reply: Fields, wanted: Fields): boolean {
  return (
    Object.keys(reply).length === Object.keys(wanted).length &&
    Object.entries(wanted).every(([name, value]) => reply[name] === value)
  );
}

function readOpenim(reply: unknown, allowed: Fields): Said {
  if (!isFields(reply)) return 'nonsense';
  if (sameFields(reply, { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: 0, ...allowed }))
    return 'allow';
  const reason = Number(reply['errCode']) - 5000;
  const refused = { actionCode: 0, errCode: 5000 + reason, errMsg: reply['errMsg'], errDlt: '', nextCode: 1 };
  return sameFields(reply, refused) ? reasonIn(reason, reply['errMsg']) : 'nonsense';
}

/** One to one, groups and friends have codes of their own. */
const BASES = [120_000, 10_100, 38_000];

function reasonOfCode(code: number): number {
  return BASES.map((base) => code - base).find((reason) => reason >= 0 && reason < 100) ?? Number.NaN;
}

function readTencent(reply: unknown): Said {
  if (!isFields(reply) || reply['ActionStatus'] !== 'OK') return 'nonsense';
  const items = reply['ResultItem'];
  if (!Array.isArray(items)) return reasonIn(reasonOfCode(Number(reply['ErrorCode'])), reply['ErrorInfo']);
  const said = new Set(
    items.map((item: unknown) =>
      isFields(item) ? reasonIn(reasonOfCode(Number(item['ResultCode'])), item['ResultInfo']) : 'nonsense',
    ),
  );
  const [only = 'nonsense'] = said;
  return items.length === TARGETS && said.size === 1 && reply['ErrorCode'] === 0 ? only : 'nonsense';
}

/** The rules name the reason in their message too, so that a reply made of two revisions shows. */
function reasonIn(reason: number, message: unknown): Said {
  const isOurs = reason === FAILURE || reason === STRANGER;
  return Number.isInteger(reason) && (isOurs || message === `reason ${reason}`) ? reason : 'nonsense';
}

const MESSAGE = {
  callbackCommand: 'callbackBeforeSendSingleMsgCommand',
  sendID: 'alice',
  recvID: 'bob',
  contentType: 101,
  sessionType: 1,
  msgFrom: 100,
};
const say = (content: string): Readonly<Record<string, unknown>> => ({
  ...MESSAGE,
  content: JSON.stringify({ content }),
});

const contraband = openim('message that is refused', 'rules', say('a bit of contraband'));
const friends = tencent('friend requests', 'rules', {
  CallbackCommand: 'Sns.CallbackPrevFriendAdd',
  Requester_Account: 'alice',
  From_Account: 'alice',
  FriendItem: Array.from({ length: TARGETS }, (_, index) => ({
    To_Account: `user_${index % 4}`,
    AddSource: 'AddSource_Type_Web',
  })),
});
/** What has happened is never refused. */
const report: SoakCallback = {
  ...openim('report of what happened', 'allow', {
    callbackCommand: 'callbackAfterAddFriendCommand',
    fromUserID: 'alice',
    toUserID: 'bob',
    reqMsg: '',
  }),
  mayFail: false,
};
const groupMessage = tencent('message with a bad signature', STRANGER, {
  CallbackCommand: 'Group.CallbackBeforeSendMsg',
  GroupId: 'g',
  From_Account: 'alice',
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'contraband' } }],
});

const GROUP = { groupID: 'g', groupName: 'Gate', introduction: '', faceURL: '' };

/** Every kind that is sent, in the order in which each client sends them. */
export const CALLBACKS: readonly SoakCallback[] = [
  contraband,
  friends,
  openim('message that passes', 'allow', say('good morning')),
  report,
  openim(
    'group change that is echoed',
    'allow',
    { callbackCommand: 'callbackBeforeSetGroupInfoCommand', ...GROUP },
    GROUP,
  ),
  {
    ...contraband,
    name: 'compressed body',
    headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
    body: gzipSync(contraband.body),
  },
  { ...contraband, name: 'body that ends early', wanted: FAILURE, body: contraband.body.subarray(0, -5) },
  {
    ...contraband,
    name: 'compressed body that ends early',
    wanted: FAILURE,
    headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
    body: gzipSync(contraband.body).subarray(0, -9),
  },
  {
    ...groupMessage,
    mayFail: false,
    url: () =>
      `/tencent?SdkAppid=${SDK_APP_ID}&CallbackCommand=Group.CallbackBeforeSendMsg&${signed('guess')}`,
  },
];

/** A callback whose body comes too slowly to be judged in time: it is answered when its time is over. */
export const SLOW: SoakCallback = {
  ...contraband,
  name: 'body that comes too slowly',
  wanted: FAILURE,
  deadline: DEADLINE.openim + 500,
};
