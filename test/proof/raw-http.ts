/** HTTP written byte by byte, for requests that no client would send. */
import { connect } from 'node:net';
import type { Received } from '../support/http.js';

/**
 * Sends bytes over a connection of their own, piece by piece, and reads the one reply. The request must say
 * `Connection: close`.
 *
 * @throws Error when the connection breaks
 */
export function exchange(port: number, pieces: readonly (string | Buffer)[]): Promise<Received> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
      for (const piece of pieces) socket.write(piece);
    });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      try {
        resolve(parseReply(Buffer.concat(chunks)));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

function parseReply(bytes: Buffer): Received {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) throw new Error(`no reply, but ${bytes.length} bytes`);
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const text = bytes.toString('utf8', end + 4);
  const length = headers['content-length'];
  if (length !== undefined && Number(length) !== Buffer.byteLength(text))
    throw new Error('a part of a reply');
  return { status: Number(first.split(' ')[1]), headers, text };
}

/** The body in chunks of these sizes, the rest in one. */
export function chunked(body: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const cuts = sizes
    .map(
      (
        (sum) => (size) =>
          (sum += size)
      )(0),
    )
    .filter((cut) => cut < body.length);
  const pieces = [0, ...cuts].map((cut, index) => body.subarray(cut, cuts[index] ?? body.length));
  const parts = pieces.filter(({ length }) => length > 0);
  return [
    ...parts.map((part) =>
      Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
    ),
    Buffer.from('0\r\n\r\n'),
  ];
}
