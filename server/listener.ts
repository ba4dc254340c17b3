/** A listening HTTP server that can be emptied without losing a request. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { formatAddress, type Address } from './address.js';

/**
 * Idle connections are kept for this long, in milliseconds: longer than callers keep theirs (Go's default
 * is 90 s), so that it is always the caller who gives one up and none meets a closed connection.
 */
const KEEP_ALIVE = 100_000;
/** Milliseconds for the headers, and for the whole request: callers give up far earlier. */
const HEADERS_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;
/** Time for callers with an open connection to send what they are about to send, and learn that it ends. */
const SILENCE = 200;

export interface Listener {
  /** Where it really listens: never port 0. */
  readonly address: Address;
  /**
   * Stops accepting, then waits until every request has its reply and connections are quiet.
   *
   * @param timeLimit milliseconds after which what is left is cut off
   * @param silence milliseconds a connection must be quiet before it is closed from this side
   * @returns requests that were cut off
   */
  drain(timeLimit: number, silence?: number): Promise<number>;
}

/** A listener could not be opened; the message says which and why, for humans. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Answers a request; never rejects. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Opens a listener. @throws ListenError */
export async function openListener(handle: RequestHandler, address: Address): Promise<Listener> {
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE },
    (request, response) => void handle(request, response),
  );
  server.headersTimeout = HEADERS_TIMEOUT;
  server.requestTimeout = REQUEST_TIMEOUT;
  const traffic = watchTraffic(server);
  await listen(server, address);
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return {
    address: { host: address.host, port },
    async drain(timeLimit, silence = SILENCE) {
      // Not http.Server.close: that one cuts quiet connections at once, with requests on their way.
      const closed = new Promise<void>((resolve) => {
        NetServer.prototype.close.call(server, () => resolve());
      });
      const left = await traffic.quiet(silence, timeLimit);
      server.close();
      server.closeAllConnections();
      await closed;
      return left;
    },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'the port is not allowed for this user',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up now',
};

async function listen(server: Server, address: Address): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''] ?? error.message;
      reject(new ListenError(`cannot listen on ${formatAddress(address)}: ${reason}`));
    });
    server.listen(address.port, address.host, resolve);
  });
}

interface Traffic {
  /**
   * Resolves to 0 when no connection is left or all have been silent for a while, or to the number of
   * open requests when the time is up.
   */
  quiet(silence: number, timeLimit: number): Promise<number>;
}

function watchTraffic(server: Server): Traffic {
  const open = { connections: 0, requests: 0 };
  let onChange = (): void => undefined;
  const count = (
    what: keyof typeof open,
    end: { once(event: 'close', listener: () => void): unknown },
  ): void => {
    open[what] += 1;
    onChange();
    end.once('close', () => {
      open[what] -= 1;
      onChange();
    });
  };
  server.on('connection', (socket) => count('connections', socket));
  server.on('request', (_, response) => count('requests', response));
  return {
    quiet: (silence, timeLimit) =>
      new Promise((resolve) => {
        let silent: NodeJS.Timeout | undefined;
        const finish = (): void => {
          clearTimeout(silent);
          clearTimeout(limit);
          onChange = () => undefined;
          resolve(open.requests);
        };
        const limit = setTimeout(finish, timeLimit);
        onChange = () => {
          clearTimeout(silent);
          if (open.requests > 0) return;
          silent = setTimeout(finish, open.connections === 0 ? 0 : silence);
        };
        onChange();
      }),
  };
}
