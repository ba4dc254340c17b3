/** What all JSON pages of the admin listener do alike. */
import type { Context } from 'koa';
import type { Logger } from 'pino';
import { describeError } from './errors.js';
import { BadRequest, readJsonBody, TooLarge } from './json-body.js';

/** An answer other than what was asked for; the message is for people. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly allow?: string,
  ) {
    super(message);
  }
}

/** @throws Refusal */
export function demandMethod({ method }: Context, possible: readonly string[]): void {
  if (possible.includes(method)) return;
  throw new Refusal(405, `${method} is not possible here.`, possible.join(', '));
}

/**
 * The pieces of a path below its first one, decoded; `undefined` when that is another, one of them is empty, or
 * they cannot be decoded.
 */
export function piecesBelow(first: string, path: string): readonly string[] | undefined {
  const [, found, ...rest] = path.split('/');
  if (found !== first || rest.includes('')) return undefined;
  try {
    return rest.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** Reads a body. @throws Refusal, BadRequest, TooLarge */
export function jsonOf(ctx: Context): Promise<unknown> {
  if (ctx.is('application/json') !== 'application/json') {
    throw new Refusal(415, 'The content type must be application/json.');
  }
  return readJsonBody(ctx.req);
}

export interface AnswerOptions {
  /** What the page is about, for the log. */
  readonly about: string;
  readonly logger: Logger;
  /** Knows further errors. */
  readonly refusalOf?: (error: unknown) => Refusal | undefined;
}

/** Answers with what the work comes to, or with `{ error }`. */
export async function answerJson(
  ctx: Context,
  work: () => Promise<unknown>,
  { about, logger, refusalOf = () => undefined }: AnswerOptions,
): Promise<void> {
  ctx.set('Cache-Control', 'no-store');
  try {
    send(ctx, 200, await work());
  } catch (error) {
    const refusal = refusalOf(error) ?? commonRefusal(error);
    if (refusal === undefined) {
      logger.error({ cause: 'internal-error' }, `${about}: ${describeError(error)}`);
    }
    const { status, message, allow } = refusal ?? UNEXPECTED;
    if (allow !== undefined) ctx.set('Allow', allow);
    send(ctx, status, { error: message });
  }
}

const UNEXPECTED = new Refusal(500, 'Something went wrong: see the log of the gate.');

function commonRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof BadRequest) return new Refusal(400, `${error.message}.`);
  if (error instanceof TooLarge) return new Refusal(413, `${error.message}.`);
  return undefined;
}

function send(ctx: Context, status: number, body: unknown): void {
  ctx.status = status;
  ctx.set('Content-Type', 'application/json; charset=utf-8');
  ctx.body = `${JSON.stringify(body, null, 2)}\n`;
}
