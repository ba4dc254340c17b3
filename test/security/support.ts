/** What the tests of who may call share: whole servers, TLS clients, and real callbacks of both platforms. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { TLSSocket } from 'node:tls';
import { pino, type Logger } from 'pino';
import { fixturePath } from '../support/paths.js';

export const SECRET = 'correct-horse_battery-staple';
export const TOKEN = 'token-of-the-console';
export const ADMIN_TOKEN = 'token-of-the-operators';

export const ALLOWED = { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: 0 };
/** The refusal that tells nothing. */
export const REFUSED = {
  actionCode: 0,
  errCode: 5001,
  errMsg: 'This is not allowed.',
  errDlt: '',
  nextCode: 1,
};
export const TENCENT_ALLOWED = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };

export const BLOCK = 'callbackBeforeAddBlackCommand';
export const blockBody = { callbackCommand: BLOCK, ownerUserID: 'alice', blackUserID: 'bob' };

export const SEND = 'C2C.CallbackBeforeSendMsg';
export const sendBody = {
  CallbackCommand: SEND,
  From_Account: 'alice',
  To_Account: 'bob',
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }],
};

/** The query of a signed call. @param time seconds since 1970 */
export function signedQuery(command: string, token: string, time: number): string {
  const sign = createHash('sha256').update(`${token}${time}`).digest('hex');
  return `SdkAppid=1400000000&CallbackCommand=${command}&Sign=${sign}&RequestTime=${time}`;
}

/** Path of a test certificate or key. */
export function tlsFile(name: string): string {
  return fixturePath('tls', name);
}

/** What a client shows that has the certificate of that name. */
export function clientNamed(name: string): Pick<RequestOptions, 'cert' | 'key'> {
  return { cert: readFileSync(tlsFile(`${name}.crt`)), key: readFileSync(tlsFile(`${name}.key`)) };
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly tls?: RequestOptions;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: unknown;
  /** Name in the server's certificate. */
  readonly servedBy: string | string[] | undefined;
}

/** Calls a URL of either scheme on a connection of its own; POST when there is a body. @throws Error of the connection */
export function call(url: string, { method, headers, body, tls }: Call = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      agent: false as const,
      ...(headers && { headers }),
    };
    const outgoing = url.startsWith('https:')
      ? httpsRequest(url, { ...options, ca: readFileSync(tlsFile('authority.crt')), ...tls })
      : httpRequest(url, options);
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const socket = response.socket;
      const servedBy = socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : undefined;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: jsonIn(text),
          servedBy,
        }),
      );
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The error code of a call that gets no answer. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'answered';
}

export interface AwaitedLog {
  readonly logger: Logger;
  readonly lines: readonly string[];
  /** Resolves to the first line that matches and has not been waited for yet. */
  next(pattern: RegExp): Promise<string>;
}

/** A logger whose lines can be waited for. */
export function createAwaitedLog(): AwaitedLog {
  const lines: string[] = [];
  const unread: string[] = [];
  let look = (): void => undefined;
  const logger = pino(
    { base: null, timestamp: false },
    {
      write: (line: string) => {
        lines.push(line);
        unread.push(line);
        look();
      },
    },
  );
  return {
    logger,
    lines,
    next: (pattern) =>
      new Promise((resolve) => {
        look = () => {
          const index = unread.findIndex((line) => pattern.test(line));
          if (index === -1) return;
          look = () => undefined;
          resolve(unread.splice(0, index + 1).at(-1) ?? '');
        };
        look();
      }),
  };
}
