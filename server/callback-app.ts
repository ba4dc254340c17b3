/** The callback listener's HTTP face: URLs to apps, requests to wire requests, replies to responses. */
import { Router, type RouterContext } from '@koa/router';
import Koa from 'koa';
import type { Logger } from 'pino';
import type { App, Failure, WireRequest } from '../adapters/index.js';
import { SHARED_PATH } from '../store/config-schema.js';
import type { Admission } from './access/admission.js';
import { createBodyReader, type BodyOutcome, type BodyReader } from './body.js';
import { EXPIRED, startDeadline, type Deadline } from './deadline.js';
import { describeError } from './errors.js';
import type { OverloadGuard } from './overload.js';
import type { Pipeline } from './pipeline.js';
import { recognizeApp } from './recognize.js';

/** An app and what answers for it. */
export interface Gate {
  readonly app: App;
  readonly answer: Pipeline;
  /** Admits everybody without it. */
  readonly admit?: Admission;
  /** Whether a callback that is turned away must be read all the same; without it, each is. */
  readonly needsBody?: (head: Omit<WireRequest, 'body'>, turnedAway: Failure) => boolean;
}

export interface CallbackAppParts {
  readonly gates: readonly Gate[];
  /** Bytes. */
  readonly bodyLimit: number;
  /** Whether connections shall end after their current reply. */
  readonly isDraining: () => boolean;
  readonly overload: OverloadGuard;
  readonly logger: Logger;
}

/**
 * Every request at or below an app's path, or {@link SHARED_PATH}, gets status 200 and the adapter's
 * JSON, whatever its method and body: OpenIM never looks at the status, so an HTTP error would be an
 * allow. Everything else is a plain 404.
 */
export function createCallbackApp(parts: CallbackAppParts): Koa {
  const readBody = createBodyReader(parts.bodyLimit);
  const router = new Router();
  const byLength = [...parts.gates].sort((a, b) => b.app.path.length - a.app.path.length);
  for (const gate of byLength) {
    router.all(below(gate.app.path), (ctx) => serve(ctx, gate, parts, readBody));
  }
  router.all(below(SHARED_PATH), async (ctx) => {
    const app = recognizeApp(
      parts.gates.map((gate) => gate.app),
      new URLSearchParams(ctx.querystring),
      subpathOf(ctx),
    );
    const gate = parts.gates.find((candidate) => candidate.app === app);
    if (gate !== undefined) await serve(ctx, gate, parts, readBody);
  });

  const koa = new Koa();
  koa.on('error', (error: unknown) => logHttpError(parts.logger, error));
  koa.use(async (ctx, next) => {
    await next();
    if (parts.isDraining()) ctx.set('Connection', 'close');
  });
  koa.use(router.routes());
  return koa;
}

/**
 * Matches a path and what is below it; the first group is what is below. Servers glue URLs together,
 * so every slash may be several; case is no reason to fail either. Each part is anchored: no input makes it slow.
 */
function below(path: string): RegExp {
  const names = path.split('/').filter((name) => name !== '');
  return new RegExp(`^${names.map((name) => `/+${escapeRegExp(name)}`).join('')}(?:/(.*))?$`, 'i');
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function trimSlashes(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === '/') start += 1;
  while (end > start && text[end - 1] === '/') end -= 1;
  return text.slice(start, end);
}

/** Koa also reports here that a client went away before its reply was written. */
function logHttpError(logger: Logger, error: unknown): void {
  const isTooLate = typeof error === 'object' && error !== null && 'headerSent' in error;
  logger[isTooLate ? 'debug' : 'error']({ cause: 'internal-error' }, describeError(error));
}

/** Writes past Koa, which would derive status, type and length anew from the body. */
function reply(ctx: RouterContext, text: string, isLast: boolean): void {
  ctx.respond = false;
  if (ctx.res.headersSent || !ctx.res.writable) return;
  ctx.res.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...(isLast && { Connection: 'close' }),
  });
  ctx.res.end(text);
}

async function serve(
  ctx: RouterContext,
  gate: Gate,
  { overload, isDraining }: CallbackAppParts,
  readBody: BodyReader,
): Promise<void> {
  const head = headOf(ctx, gate.admit?.(ctx.req));
  const shed = overload.enter(gate.app.deadline);
  // Late and right is better than early and wrong for one whose body is only echoed.
  const waited = shed === undefined ? overload.lag() : 0;
  const deadline = startDeadline(gate.app.deadline - waited);
  try {
    const turnedAway = head.callerFailure ?? shed;
    const isRead = turnedAway === undefined || (gate.needsBody?.(head, turnedAway) ?? true);
    const body = isRead ? await bodyInTime(ctx, readBody, deadline, gate.app) : { bodyFailure: turnedAway };
    const text = await gate.answer(withBody(head, body), deadline, shed);
    reply(ctx, text, isDraining());
  } finally {
    deadline.clear();
    if (shed === undefined) overload.leave();
  }
}

async function bodyInTime(
  ctx: RouterContext,
  readBody: BodyReader,
  deadline: Deadline,
  app: App,
): Promise<BodyOutcome> {
  const outcome = await Promise.race([readBody(ctx), deadline.expired]);
  if (outcome !== EXPIRED) return outcome;
  const message = `the body did not arrive within ${app.deadline} ms`;
  return { bodyFailure: { cause: 'deadline', message } };
}

function subpathOf(ctx: RouterContext): string {
  return trimSlashes(ctx.captures?.[0] ?? '');
}

const NO_QUERY = new URLSearchParams();

function headOf(ctx: RouterContext, callerFailure: Failure | undefined): Omit<WireRequest, 'body'> {
  return {
    method: ctx.method,
    subpath: subpathOf(ctx),
    query: ctx.querystring === '' ? NO_QUERY : new URLSearchParams(ctx.querystring),
    headers: ctx.headers,
    receivedAt: Date.now(),
    ...(callerFailure !== undefined && { callerFailure }),
  };
}

/** The head becomes the request: it is nobody else's, and a copy of it would be made for every callback. */
function withBody(head: Omit<WireRequest, 'body'>, outcome: BodyOutcome): WireRequest {
  return Object.assign(head, 'body' in outcome ? outcome : { body: undefined, ...outcome });
}
