/** Request bodies: JSON whatever the content type says, and a failure instead of an HTTP error. */
import type { IncomingMessage } from 'node:http';
import Bourne from '@hapi/bourne';
import type { Context } from 'koa';
import bodyParser from 'koa-bodyparser';
import type { Failure } from '../adapters/index.js';

/** A body that was read, or why it was not. */
export type BodyOutcome = { readonly body: unknown } | { readonly bodyFailure: Failure };

export type BodyReader = (ctx: Context) => Promise<BodyOutcome>;

const ignore = (): Promise<void> => Promise.resolve();

/**
 * Reads bodies: strict JSON (an object or array), no `__proto__` keys. A byte order mark is skipped; bytes
 * that are no UTF-8 become U+FFFD.
 *
 * A plain body of a stated length, which is what both platforms send, is read here: the parser's streams
 * and decoders cost more than all rules. Everything else (gzip, deflate, brotli, chunks) is
 * koa-bodyparser's, which parses with the same library.
 *
 * @param limit bytes of a body after decompression
 */
export function createBodyReader(limit: number): BodyReader {
  const readAnything = createParser(limit);
  return async (ctx) => {
    const length = plainLength(ctx.req);
    if (length === undefined) return readAnything(ctx);
    if (length > limit) {
      ctx.req.resume();
      return { bodyFailure: tooLarge(limit) };
    }
    try {
      return parse(await textOf(ctx.req));
    } catch (error) {
      return { bodyFailure: failureOf(error, limit) };
    }
  };
}

/** The length of a body that needs no decoding; `undefined` for any other. */
function plainLength({ headers }: IncomingMessage): number | undefined {
  const encoding = headers['content-encoding'] ?? 'identity';
  const length = headers['content-length'];
  return encoding === 'identity' && length !== undefined && headers['transfer-encoding'] === undefined
    ? Number(length)
    : undefined;
}

/** Node ends the message after as many bytes as were stated, or aborts it. */
function textOf(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const [first, second] = chunks;
      const bytes = second === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(chunks);
      resolve(bytes.toString('utf8'));
    });
    req.on('error', reject);
    req.on('close', () => {
      if (!req.complete) reject(Object.assign(new Error('aborted'), { code: 'ECONNABORTED' }));
    });
  });
}

function parse(text: string): BodyOutcome {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (json === '') return EMPTY;
  if (!/^[ \t\r\n]*[[{]/.test(json)) throw new SyntaxError('no object or array');
  const body: unknown = Bourne.parse(json, { protoAction: 'error' });
  return { body };
}

const EMPTY: BodyOutcome = { bodyFailure: { cause: 'unreadable-body', message: 'the body is empty' } };

function createParser(limit: number): BodyReader {
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
    return ctx.request.rawBody === '' ? EMPTY : { body: ctx.request.body };
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

function tooLarge(limit: number): Failure {
  return { cause: 'body-too-large', message: `the body is larger than ${limit} bytes` };
}

/** The parser's messages are not passed on, since they quote the body. */
function failureOf(error: unknown, limit: number): Failure {
  if (error instanceof SyntaxError) {
    const isPoisoned = error.message.includes('prototype');
    const message = isPoisoned ? 'the body has a __proto__ key' : 'the body is not a JSON object or array';
    return { cause: 'unreadable-body', message };
  }
  const { status, code, type } = detailsOf(error);
  if (status === 413) return tooLarge(limit);
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
