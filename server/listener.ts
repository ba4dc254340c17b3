/** A listening HTTP server that can be emptied without losing a request. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { TlsFileError } from './access/tls-files.js';
import { createTlsServer, type TlsParts } from './access/tls.js';
import { formatAddress, originOf, type Address } from './address.js';
import { quietMoment } from './quiet-moment.js';

/**
 * Idle connections are kept for this long, in milliseconds: longer than callers keep theirs (Go's default
 * is 90 s), so that it is always the caller who gives one up and none meets a closed connection.
 */
const KEEP_ALIVE = 100_000;
/** Time for callers with an open connection to send what they are about to send, and learn that it ends. */
const SILENCE = 200;

/**
 * Bytes of a request's line and headers. OpenIM passes the `operationID` of its client on as a header, of up
 * to a megabyte (Go net/http `DefaultMaxHeaderBytes`): a client could have Node refuse the callback unread.
 */
const MAX_HEADERS = 1_200_000;

/** How long a connection may take, in milliseconds. Callers that are well give up far earlier. */
export interface Patience {
  /** From the connection, or the end of the last request, until the headers are complete. */
  readonly headers: number;
  /** Until the request is complete. */
  readonly request: number;
  /** Between two looks at which connections have taken too long. */
  readonly look: number;
}

const PATIENCE: Patience = { headers: 10_000, request: 30_000, look: 2_000 };

export interface Listener {
  /** Where it really listens: never port 0. */
  readonly address: Address;
  /** Beginning of its URLs, such as `https://127.0.0.1:8080`. */
  readonly origin: string;
  /**
   * Stops accepting, then waits until every request has its reply and connections are quiet.
   *
   * @param timeLimit milliseconds after which what is left is cut off
   * @param silence milliseconds a connection must be quiet before it is closed from this side
   * @returns requests that were cut off
   */
  drain(timeLimit: number, silence?: number): Promise<number>;
  /** Connections that were closed because there were too many. */
  refusedConnections(): number;
}

/** A listener could not be opened; the message says which and why, for humans. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Answers a request; never rejects. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface ListenerOptions {
  /** Serves HTTPS. */
  readonly tls?: TlsParts | undefined;
  /** Connections that may be open; no limit without it. */
  readonly maxConnections?: number;
  readonly patience?: Patience;
  /** Another process accepts the connections; without it, this one does. */
  readonly connections?: Connections | undefined;
}

/** Connections that another process has accepted. */
export interface Connections {
  /** Where it listens. */
  readonly address: Address;
  /** Calls a function with each connection. */
  onConnection(take: (socket: Socket) => void): void;
}

/** Opens a listener. @throws ListenError */
export async function openListener(
  handle: RequestHandler,
  address: Address,
  { tls, maxConnections = Infinity, patience = PATIENCE, connections }: ListenerOptions = {},
): Promise<Listener> {
  const server = await createHttpServer(address, tls, patience);
  server.on('request', (request, response) => void handle(request, response));
  const traffic = watchTraffic(server, maxConnections);
  const opened =
    connections === undefined ? await listen(server, address) : takeConnections(server, connections);
  return {
    address: opened,
    origin: originOf(opened, tls === undefined ? 'http' : 'https'),
    async drain(timeLimit, silence = SILENCE) {
      await quietMoment(server);
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
    refusedConnections: traffic.refused,
  };
}

async function createHttpServer(
  address: Address,
  tls: TlsParts | undefined,
  patience: Patience,
): Promise<Server> {
  const options = {
    keepAliveTimeout: KEEP_ALIVE,
    headersTimeout: patience.headers,
    requestTimeout: patience.request,
    connectionsCheckingInterval: patience.look,
    maxHeaderSize: MAX_HEADERS,
  };
  if (tls === undefined) return createServer(options);
  try {
    return await createTlsServer(tls, options);
  } catch (error) {
    if (!(error instanceof TlsFileError)) throw error;
    throw new ListenError(`cannot listen on ${formatAddress(address)}: ${error.message}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'the port is not allowed for this user',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up now',
};

/**
 * Makes a server listen.
 *
 * @returns where it really listens
 * @throws ListenError
 */
export async function listen(server: NetServer, address: Address): Promise<Address> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''] ?? error.message;
      reject(new ListenError(`cannot listen on ${formatAddress(address)}: ${reason}`));
    });
    server.listen(address.port, address.host, resolve);
  });
  const bound = server.address();
  return {
    host: address.host,
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
  };
}

function takeConnections(server: Server, { address, onConnection }: Connections): Address {
  // An HTTP server starts to look for slow connections when it listens, which this one never does.
  server.emit('listening');
  onConnection((socket) => {
    socket.allowHalfOpen = true;
    server.emit('connection', socket);
  });
  return address;
}

interface Traffic {
  /**
   * Resolves to 0 when no connection is left or all have been silent for a while, or to the number of
   * open requests when the time is up.
   */
  quiet(silence: number, timeLimit: number): Promise<number>;
  /** Connections that were closed because there were too many. */
  refused(): number;
}

interface Closable {
  on(event: 'close', listener: () => void): unknown;
}

function watchTraffic(server: Server, maxConnections: number): Traffic {
  const open = { connections: 0, requests: 0 };
  let refused = 0;
  let onChange = (): void => undefined;
  const countFor = (what: keyof typeof open): ((end: Closable) => void) => {
    const onClose = (): void => {
      open[what] -= 1;
      onChange();
    };
    return (end) => {
      open[what] += 1;
      onChange();
      // Emitted once anyway; `once` would wrap the listener for each.
      end.on('close', onClose);
    };
  };
  const countConnection = countFor('connections');
  const countRequest = countFor('requests');
  // Not `maxConnections` of the server, which only knows connections that it has accepted itself.
  server.on('connection', (socket) => {
    countConnection(socket);
    if (open.connections <= maxConnections) return;
    refused += 1;
    socket.destroy();
  });
  server.on('request', (_, response) => countRequest(response));
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
    refused: () => refused,
  };
}
