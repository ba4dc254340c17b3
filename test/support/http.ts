/** A small HTTP client for tests: exact about what it sends and what comes back. */
import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends one request, as POST unless it says otherwise. @throws Error of the connection */
export function send(
  url: string,
  { method = 'POST', headers = {}, body, agent }: Sent = {},
): Promise<Received> {
  return new Promise((resolve, reject) => {
    // Node announces no body for methods that seldom have one.
    const isAnnounced = body === undefined || 'transfer-encoding' in headers;
    const all = isAnnounced ? headers : { ...headers, 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { method, headers: all, ...(agent && { agent }) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends a JSON body. */
export function sendJson(url: string, body: unknown, options: Omit<Sent, 'body'> = {}): Promise<Received> {
  return send(url, { ...options, body: JSON.stringify(body) });
}

/** Writes bytes to a port and returns everything that comes back until the other side closes. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}
