/** A gate that mutes, and what a moderator asks of it. */
import { expect } from 'chai';
import { Agent } from 'node:http';
import { send, sendJson } from '../support/http.js';

/** Both platforms, so that each label has an app. */
export const RULES = `
labels: { fraud: { scope: all } }
ladders: { noise: { by: [group.id], decay: 7d }, pairs: { by: [actor.id, group.id] } }
rules:
  - id: muted
    on: message.send
    priority: 20
    when:
      any:
        - { fact: label.muted, operator: equal, value: true }
        - { fact: label.fraud, operator: equal, value: true }
        - { fact: label.closed, by: [group.id], operator: equal, value: true }
    then: { refuse: { reason: 32 } }
  - id: advertising
    on: message.send
    priority: 10
    when: { fact: message.text, operator: containsAny, value: [casino] }
    then:
      refuse: { reason: 31 }
      strike: { ladder: spam }
      label: { target: actor.id, name: muted, for: 1h }
  - id: noise
    on: message.send
    when:
      all:
        - { fact: message.text, operator: containsAny, value: [noise] }
        - { fact: group.id, operator: exists, value: true }
    then: { strike: [{ ladder: noise }, { ladder: pairs }] }
`;

export interface Told {
  readonly status: number;
  readonly [name: string]: unknown;
}

export interface Message {
  readonly from: string;
  readonly text?: string;
  readonly group?: string;
  readonly platform?: 'openim' | 'tencent';
}

export interface Moderated {
  /** Asks the admin listener. */
  tell(method: string, path: string, body?: unknown): Promise<Told>;
  /** Whether a message is refused. */
  refuses(message: Message): Promise<boolean>;
}

/** A connection for each request, so that all workers get their share. */
const agent = new Agent({ keepAlive: false });

export function moderate(callbacks: string, admin: string): Moderated {
  let sent = 0;
  return {
    async tell(method, path, body) {
      const { status, text } = await send(`${admin}${path}`, {
        method,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      });
      return { status, ...(JSON.parse(text) as Record<string, unknown>) };
    },
    async refuses({ from, text = 'hello', group, platform = 'openim' }) {
      sent += 1;
      const [path, body] =
        platform === 'openim' ? ['/openim', openim(from, text, group, sent)] : [TENCENT, tencent(from, text)];
      const reply = await sendJson(`${callbacks}${path}`, body, { agent });
      expect(reply.status).to.equal(200);
      const { nextCode, ErrorCode } = JSON.parse(reply.text) as { nextCode?: number; ErrorCode?: number };
      return platform === 'openim' ? nextCode === 1 : ErrorCode !== 0;
    },
  };
}

function openim(sendID: string, text: string, group: string | undefined, number: number) {
  return {
    callbackCommand:
      group === undefined ? 'callbackBeforeSendSingleMsgCommand' : 'callbackBeforeSendGroupMsgCommand',
    serverMsgID: `message ${number}`,
    sendID,
    ...(group === undefined ? { recvID: 'bob', sessionType: 1 } : { groupID: group, sessionType: 3 }),
    contentType: 101,
    content: JSON.stringify({ content: text }),
  };
}

const TENCENT = '/tencent?SdkAppid=1400000000&CallbackCommand=C2C.CallbackBeforeSendMsg';

function tencent(from: string, text: string) {
  return {
    CallbackCommand: 'C2C.CallbackBeforeSendMsg',
    From_Account: from,
    To_Account: 'bob',
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
  };
}
