/** Request bodies: JSON whatever the content type says, and a failure instead of an HTTP error. */
import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import bodyParser from 'koa-bodyparser';
import type { Failure } from '../adapters/index.js';

/** A body that was read, or why it was not. */
export type BodyOutcome = { readonly body: unknown } | { readonly bodyFailure: Failure };

export type BodyReader = (ctx: Context) => Promise<BodyOutcome>;

const ignore = (): Promise<void> => Promise.resolve();

/**
 * Reads bodies with koa-bodyparser: strict JSON (an object or array), no `__proto__` keys, gzip,
 * deflate and brotli. A byte order mark is skipped; bytes that are no UTF-8 become U+FFFD.
 *
 * @param limit bytes of a body after decompression
 */
export function createBodyReader(limit: number): BodyReader {
  const parse = bodyParser({ enableTypes: ['json'], detectJSON: () => true, jsonLimit: `${limit}b` });
  return async (ctx) => {
    guardDecompression(ctx.req);
    try {
      await parse(ctx, ignore);
    } catch (error) {
      // What is still on its way is read and thrown away: an unread rest would block the connection.
      ctx.req.unpipe();
      ctx.req.resume();
      return { bodyFailure: failureOf(error, limit) };
    }
    return ctx.request.rawBody === ''
      ? { bodyFailure: { cause: 'unreadable-body', message: 'the body is empty' } }
      : { body: ctx.request.body };
  };
}

/**
 * The parser pipes a compressed body into a stream that it forgets when it gives up: later errors of
 * that stream would end the process, and it would wait forever for a client that has gone.
 */
function guardDecompression(req: IncomingMessage): void {
  if (req.headers['content-encoding'] === undefined) return;
  const pipe = req.pipe.bind(req);
  req.pipe = (destination, options) => {
    destination.on('error', () => undefined);
    req.once('close', () => destination.end());
    return pipe(destination, options);
  };
}

/** The parser's messages are not passed on, since they quote the body. */
function failureOf(error: unknown, limit: number): Failure {
  if (error instanceof SyntaxError) {
    const isPoisoned = error.message.includes('prototype');
    const message = isPoisoned ? 'the body has a __proto__ key' : 'the body is not a JSON object or array';
    return { cause: 'unreadable-body', message };
  }
  const { status, code, type } = detailsOf(error);
  if (status === 413) return { cause: 'body-too-large', message: `the body is larger than ${limit} bytes` };
  const reason = type ?? code ?? status;
  return {
    cause: 'unreadable-body',
    message: `the body could not be read${reason === undefined ? '' : ` (${reason})`}`,
  };
}

function detailsOf(error: unknown): { status?: number; code?: string; type?: string } {
  if (typeof error !== 'object' || error === null) return {};
  return {
    ...('status' in error && typeof error.status === 'number' && { status: error.status }),
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...('type' in error && typeof error.type === 'string' && { type: error.type }),
  };
}
