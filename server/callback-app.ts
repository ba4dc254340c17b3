/** The callback listener's HTTP face: URLs to apps, requests to wire requests, replies to responses. */
import { Router, type RouterContext } from '@koa/router';
import Koa, { type Context } from 'koa';
import type { Logger } from 'pino';
import type { App, Failure, WireRequest } from '../adapters/index.js';
import { SHARED_PATH } from '../store/config-schema.js';
import type { Admission } from './access/admission.js';
import { createBodyReader, noBody, type BodyReader } from './body.js';
import { startDeadline } from './deadline.js';
import { describeError } from './errors.js';
import type { OverloadGuard } from './overload.js';
import { createPathTable } from './path-table.js';
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
    router.all(below(gate.app.path), (ctx) => serve(ctx, gate, belowOf(ctx), parts, readBody));
  }
  router.all(below(SHARED_PATH), (ctx, next) => {
    const app = recognizeApp(
      parts.gates.map((gate) => gate.app),
      new URLSearchParams(ctx.querystring),
      trimSlashes(belowOf(ctx)),
    );
    const gate = parts.gates.find((candidate) => candidate.app === app);
    return gate === undefined ? next() : serve(ctx, gate, belowOf(ctx), parts, readBody);
  });
  const placeOf = createPathTable(parts.gates);

  const koa = new Koa();
  koa.on('error', (error: unknown) => logHttpError(parts.logger, error));
  // Nearly every path is spelled as it was configured; the router takes all others, at three times the cost.
  koa.use((ctx, next) => {
    const place = placeOf(ctx.path);
    return place === undefined ? next() : serve(ctx, place.gate, place.rest, parts, readBody);
  });
  koa.use(router.routes());
  koa.use((ctx) => {
    if (parts.isDraining()) ctx.set('Connection', 'close');
  });
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

const CONTENT_TYPE = 'application/json; charset=utf-8';

/** Writes past Koa, which would derive status, type and length anew from the body. */
function reply(ctx: Context, text: string, isLast: boolean): void {
  ctx.respond = false;
  const { res } = ctx;
  if (res.headersSent || !res.writable) return;
  const headers = ['Content-Type', CONTENT_TYPE, 'Content-Length', String(Buffer.byteLength(text))];
  if (isLast) headers.push('Connection', 'close');
  res.writeHead(200, headers);
  // `end(text)` would hand two pieces to the system, the second one empty, in a way that costs more.
  res.write(text);
  res.socket?.uncork();
  res.end();
}

/** @param below what follows the app's path, with slashes at either end or none */
async function serve(
  ctx: Context,
  gate: Gate,
  below: string,
  { overload, isDraining }: CallbackAppParts,
  readBody: BodyReader,
): Promise<void> {
  const callerFailure = gate.admit?.(ctx.req);
  const shed = overload.enter(gate.app.deadline);
  // Late and right is better than early and wrong for one whose body is only echoed.
  const waited = shed === undefined ? overload.lag() : 0;
  const deadline = startDeadline(gate.app.deadline - waited);
  try {
    const request = requestOf(ctx, trimSlashes(below), callerFailure);
    const turnedAway = callerFailure ?? shed;
    const isRead = turnedAway === undefined || (gate.needsBody?.(request, turnedAway) ?? true);
    const { body, bodyFailure } = isRead ? await readBody(ctx, deadline) : noBody(turnedAway);
    request.body = body;
    request.bodyFailure = bodyFailure;
    reply(ctx, await gate.answer(request, deadline, shed), isDraining());
  } finally {
    deadline.clear();
    if (shed === undefined) overload.leave();
  }
}

/** What the router has found below the path that matched. */
function belowOf({ captures }: RouterContext): string {
  return captures?.[0] ?? '';
}

const NO_QUERY = new URLSearchParams();

/** The request without its body. */
function requestOf(
  { req, querystring }: Context,
  subpath: string,
  callerFailure: Failure | undefined,
): Draft<WireRequest> {
  return {
    method: req.method ?? '',
    subpath,
    query: querystring === '' ? NO_QUERY : new URLSearchParams(querystring),
    headers: req.headers,
    receivedAt: Date.now(),
    callerFailure,
    body: undefined,
    bodyFailure: undefined,
  };
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };
