/** Request bodies: JSON whatever the content type says, and a failure instead of an HTTP error. */
import type { IncomingMessage } from 'node:http';
import Bourne from '@hapi/bourne';
import type { Context } from 'koa';
import bodyParser from 'koa-bodyparser';
import type { Failure } from '../adapters/index.js';
import { EXPIRED, withinDeadline, type Deadline } from './deadline.js';

/** A body that was read, or why it was not. */
export interface BodyOutcome {
  readonly body: unknown;
  readonly bodyFailure: Failure | undefined;
}

/** Reads a body within the time that there is. Never rejects. */
export type BodyReader = (ctx: Context, deadline: Deadline) => Promise<BodyOutcome>;

/** No body, and why. */
export function noBody(bodyFailure: Failure): BodyOutcome {
  return { body: undefined, bodyFailure };
}

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
  return async (ctx, deadline) => {
    const length = plainLength(ctx.req);
    if (length === undefined) {
      const outcome = await withinDeadline(readAnything(ctx), deadline);
      return outcome === EXPIRED ? LATE : outcome;
    }
    if (length <= limit) return readPlain(ctx.req, deadline);
    ctx.req.resume();
    return noBody(tooLarge(limit));
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

/** Node ends the message after as many bytes as were stated, or aborts it with an error. */
function readPlain(req: IncomingMessage, deadline: Deadline): Promise<BodyOutcome> {
  return new Promise((resolve) => {
    let first: Buffer | undefined;
    let further: Buffer[] | undefined;
    req.on('data', (chunk: Buffer) => {
      if (first === undefined) first = chunk;
      else (further ??= [first]).push(chunk);
    });
    req.on('end', () => {
      const bytes = further === undefined ? first : Buffer.concat(further);
      resolve(bytes === undefined ? EMPTY : parse(bytes.toString('utf8')));
    });
    req.on('error', (error) => resolve(noBody(unreadable(error))));
    deadline.onExpired(() => resolve(LATE));
  });
}

const OPENING = /^[ \t\r\n]*[[{]/;
const STRICT = { protoAction: 'error' } as const;

function parse(text: string): BodyOutcome {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (json === '') return EMPTY;
  if (!OPENING.test(json)) return noBody(NO_JSON);
  try {
    return { body: Bourne.parse(json, STRICT), bodyFailure: undefined };
  } catch (error) {
    return noBody(unreadable(error));
  }
}

const EMPTY = noBody({ cause: 'unreadable-body', message: 'the body is empty' });
const LATE = noBody({ cause: 'deadline', message: 'the body did not arrive before the deadline' });
const NO_JSON: Failure = { cause: 'unreadable-body', message: 'the body is not a JSON object or array' };

function createParser(limit: number): (ctx: Context) => Promise<BodyOutcome> {
  const parse = bodyParser({ enableTypes: ['json'], detectJSON: () => true, jsonLimit: `${limit}b` });
  return async (ctx) => {
    guardDecompression(ctx.req);
    try {
      await parse(ctx, ignore);
    } catch (error) {
      // What is still on its way is read and thrown away: an unread rest would block the connection.
      ctx.req.unpipe();
      ctx.req.resume();
      return noBody(detailsOf(error).status === 413 ? tooLarge(limit) : unreadable(error));
    }
    return ctx.request.rawBody === '' ? EMPTY : { body: ctx.request.body, bodyFailure: undefined };
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
function unreadable(error: unknown): Failure {
  if (error instanceof SyntaxError) {
    if (!error.message.includes('prototype')) return NO_JSON;
    return { cause: 'unreadable-body', message: 'the body has a __proto__ key' };
  }
  const { status, code, type } = detailsOf(error);
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
