/** Gates whose rules remember, as processes of their own, and what they are asked. */
import { Agent } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { createGates, type Gates } from '../cluster/gate.js';
import { parseExposition, type Exposition } from '../observability/exposition.js';
import { send, sendJson } from '../support/http.js';
import type { Running } from '../support/process.js';

export const APPS = `
apps:
  - { id: im, platform: openim, path: /openim, onFailure: refuse, deadline: 5000 }
  - { id: watch, platform: openim, path: /watch, enforce: false }
`;

/** Everybody is told how many messages they have sent within the hour, all apps together. */
export const TELLING = `
counters:
  sends: { on: message.send, by: [actor.id], window: 1h, scope: all }
rules:
  - id: telling
    on: message.send
    priority: 1
    when: { fact: count.sends, operator: greaterThanInclusive, value: 1 }
    then: { refuse: { reason: 7, message: '{{count.sends}}' } }
`;

const MODIFY = 'callbackBeforeMsgModifyCommand';

let last = 0;

export interface Message {
  readonly from?: string;
  readonly text?: string;
  /** By default one of its own. */
  readonly id?: string;
  /** Asks whether it shall be modified, instead of whether it may be sent. */
  readonly isModified?: boolean;
}

/** The body that OpenIM sends about a message. */
export function message({ from = 'alice', text = 'hello', id, isModified = false }: Message = {}): object {
  last += 1;
  return {
    callbackCommand: isModified ? MODIFY : 'callbackBeforeSendSingleMsgCommand',
    serverMsgID: id ?? `message ${last}`,
    sendID: from,
    ...(isModified ? {} : { recvID: 'bob' }),
    sessionType: 1,
    contentType: 101,
    content: JSON.stringify({ content: text }),
  };
}

export interface Answer {
  readonly nextCode: number;
  readonly errMsg: string;
}

/** A connection for each request, so that all workers get their share. */
const fresh = new Agent({ keepAlive: false });

/** What a gate answers to a callback. @param origin of the callback listener */
export async function ask(origin: string, body: object, path = '/openim'): Promise<Answer> {
  const { text } = await sendJson(`${origin}${path}`, body, { agent: fresh });
  return JSON.parse(text) as Answer;
}

/** The count that a gate with the rules {@link TELLING} tells. */
export async function countTold(origin: string, about: Message = {}): Promise<number> {
  return Number((await ask(origin, message(about))).errMsg);
}

export interface Status {
  readonly stateStore: {
    readonly type: string;
    readonly keys?: number;
    readonly dropped?: number;
    readonly snapshot?: { readonly savedAt: string | null; readonly failures: number } | null;
    readonly connected?: boolean;
    readonly degradedSince?: string | null;
    readonly waitingForRedis?: number;
    readonly lastError?: string | null;
  };
  readonly counters: {
    readonly apps: Readonly<
      Record<string, { readonly callbacks: number; readonly failures: Readonly<Record<string, number>> }>
    >;
    readonly afterQueue: { readonly done: number };
    readonly state: {
      readonly commands: Readonly<Record<string, number>>;
      readonly failed: number;
      readonly local: number;
    };
  };
}

export async function statusOf(admin: string): Promise<Status> {
  return JSON.parse((await send(`${admin}/status`, { method: 'GET' })).text) as Status;
}

/** Resolves when the status is as wanted. */
export async function untilStatus(admin: string, isWanted: (status: Status) => boolean): Promise<Status> {
  for (;;) {
    const status = await statusOf(admin);
    if (isWanted(status)) return status;
    await turn();
  }
}

export async function metricsOf(admin: string): Promise<Exposition> {
  return parseExposition((await send(`${admin}/metrics`, { method: 'GET' })).text);
}

export interface StateGate {
  readonly running: Running;
  readonly folder: string;
  readonly callbacks: string;
  readonly admin: string;
}

export interface StateGateSettings {
  readonly workers?: number;
  readonly rules?: string;
  /** The section `state`. */
  readonly state?: string;
}

export interface StateGates {
  /** Starts a gate in a folder of its own. */
  start(settings?: StateGateSettings): Promise<StateGate>;
  /** Starts one in the folder of another, which has ended. */
  again(gate: StateGate): Promise<StateGate>;
  end: Gates['end'];
}

export function createStateGates(): StateGates {
  const gates = createGates();

  async function startIn(folder: string): Promise<StateGate> {
    const running = gates.run(folder);
    const [, callbacks = '', admin = ''] = await running.said(
      /(http:\/\/\S+)\/openim [\s\S]*(http:\/\/\S+)\/status[\s\S]*watching .*\n/,
    );
    return { running, folder, callbacks, admin };
  }

  return {
    start: ({ workers = 1, rules = TELLING, state } = {}) =>
      startIn(
        gates.prepare({ workers, apps: APPS, rules, more: state === undefined ? '' : `state: ${state}\n` }),
      ),
    again: ({ folder }) => startIn(folder),
    end: gates.end,
  };
}
