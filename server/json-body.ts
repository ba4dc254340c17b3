/** JSON that operators send to the admin listener. */
import type { IncomingMessage } from 'node:http';
import Bourne from '@hapi/bourne';

/** What is wrong with a request; the message is for people. */
export class BadRequest extends Error {}

/** The body is too large. */
export class TooLarge extends Error {}

/** Bytes of a body. */
export const MOST_BYTES = 1024 * 1024;

/** Reads a body. @throws BadRequest, TooLarge */
export async function readJsonBody(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of req) {
      // Whatever the stream is read as, a request delivers buffers.
      const piece = chunk as Buffer;
      bytes += piece.length;
      if (bytes <= MOST_BYTES) chunks.push(piece);
    }
  } catch {
    throw new BadRequest('the body has not come whole');
  }
  if (bytes > MOST_BYTES) throw new TooLarge(`the body is larger than ${MOST_BYTES} bytes`);
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return Bourne.parse(text, { protoAction: 'error' });
  } catch {
    throw new BadRequest('the body is no JSON');
  }
}
