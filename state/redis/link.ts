/** A connection that is kept: opened again whenever it is lost, and given up when it has gone silent. */
import { ErrorReply } from '@redis/client';
import type { Address } from './address.js';
import { delayAfter } from './back-off.js';
import { openClient, type Client } from './client.js';
import type { RedisReply } from './redis.js';
import { within } from './within.js';

export interface LinkOptions {
  /** Where the server is; asked before each attempt. */
  readonly find: () => Promise<Address>;
  /** Asks a new connection whether it is the one that is wanted. @throws Error when it is not */
  readonly greet: (client: Client) => Promise<void>;
  /** Milliseconds that a command may take. */
  readonly timeout: number;
  readonly onUp?: () => void;
  /** Called when the connection is lost and after each attempt that fails. */
  readonly onDown?: (error: Error) => void;
}

export interface Link {
  /** The connection while it is there. */
  client(): Client | undefined;
  /**
   * Sends one command. Rejects at once when there is no connection, with `OverdueError` when the time is over,
   * and with `ErrorReply` when the server refuses it.
   */
  send(command: Command, limit?: number): Promise<RedisReply>;
  /** Waits for the connection. Rejects with `OverdueError` when the time is over. */
  untilUp(limit: number): Promise<void>;
  /** Waits for what was sent, for a second at most. */
  close(): Promise<void>;
}

export type Command = readonly (string | Buffer)[];

/** There is no connection, so that a command was certainly not carried out. */
export class NoConnectionError extends Error {
  constructor() {
    super('there is no connection');
    this.name = 'NoConnectionError';
  }
}

/** Milliseconds without any answer, while one is due, after which a connection is taken for cut. */
const SILENCE = 1000;
/** Milliseconds after which a connection that nobody uses is tried. */
const HEARTBEAT = 1000;
/** Milliseconds between attempts. */
const DELAYS = { first: 20, most: 1000 };
const MOST_TO_CLOSE = 1000;

const noop = (): void => undefined;

export function createLink({ find, greet, timeout, onUp, onDown }: LinkOptions): Link {
  const silence = Math.max(SILENCE, 4 * timeout);
  let current: Client | undefined;
  let isClosed = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  /** Since when an answer is due and nothing was heard. */
  let unheardSince: number | undefined;
  let heardAt = 0;
  let waiting: (() => void)[] = [];

  async function open(): Promise<void> {
    try {
      const opened = await openClient(await find(), greet, lose);
      if (isClosed) {
        opened.destroy();
        return;
      }
      if (!opened.isReady) throw new Error('lost as soon as it was there');
      current = opened;
      failures = 0;
      heard();
      for (const resume of waiting) resume();
      waiting = [];
      onUp?.();
    } catch (error) {
      if (!isClosed) fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function fail(error: Error): void {
    retry = setTimeout(() => void open(), delayAfter(failures, DELAYS));
    retry.unref();
    failures += 1;
    onDown?.(error);
  }

  function lose(client: Client, error: Error): void {
    if (client !== current) return;
    current = undefined;
    client.destroy();
    if (!isClosed) fail(error);
  }

  function heard(): void {
    unheardSince = undefined;
    heardAt = performance.now();
  }

  function overdue(client: Client): void {
    if (unheardSince === undefined || performance.now() - unheardSince < silence) return;
    lose(client, new Error(`nothing was heard for ${Math.round(performance.now() - unheardSince)} ms`));
  }

  function send(command: Command, limit = timeout): Promise<RedisReply> {
    const client = current;
    if (client === undefined) return Promise.reject(new NoConnectionError());
    unheardSince ??= performance.now();
    return within(client.sendCommand<RedisReply>(command), limit, () => overdue(client)).then(
      (reply) => {
        heard();
        return reply;
      },
      (error: unknown) => {
        if (error instanceof ErrorReply) {
          heard();
          // A master that has become a replica: whoever is the master now has to be found.
          if (error.message.includes('READONLY')) lose(client, error);
        }
        throw error;
      },
    );
  }

  const heartbeat = setInterval(() => {
    if (performance.now() - heardAt >= HEARTBEAT) send(['PING']).catch(noop);
  }, HEARTBEAT);
  heartbeat.unref();
  void open();

  return {
    client: () => current,
    send,
    untilUp: (limit) =>
      current === undefined
        ? within(new Promise((resolve) => waiting.push(resolve)), limit)
        : Promise.resolve(),
    async close() {
      isClosed = true;
      clearTimeout(retry);
      clearInterval(heartbeat);
      const client = current;
      current = undefined;
      if (client === undefined) return;
      await Promise.race([
        client.close().catch(noop),
        new Promise((resolve) => setTimeout(resolve, MOST_TO_CLOSE).unref()),
      ]);
      client.destroy();
    },
  };
}
