/** The admin listener's HTTP face: whether the gate lives, whether it may be sent callbacks, and how it is. */
import Koa, { type Middleware } from 'koa';
import { METRICS_TYPE } from './metrics/registry.js';

export interface Readiness {
  readonly isReady: boolean;
  readonly reason: string;
}

export interface AdminAppParts {
  /** Who may use it; everybody without it. */
  readonly guard?: Middleware;
  readonly readiness: () => Readiness;
  /** Plain data, without secrets, or a promise of it. */
  readonly status: () => unknown;
  /** In the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
  /** The pages of live lists; none without it. */
  readonly lists?: Middleware | undefined;
  /** The pages of labels and strikes; none without it. */
  readonly state?: Middleware | undefined;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function json(body: unknown, status = 200): Answer {
  return { status, type: 'application/json; charset=utf-8', text: JSON.stringify(body, null, 2) };
}

/**
 * `GET /healthz`, `GET /readyz` and `GET /status` with JSON, `GET /metrics` for Prometheus, and the pages of
 * live lists, labels and strikes; 405 for other methods, 404 elsewhere.
 */
export function createAdminApp(parts: AdminAppParts): Koa {
  const pages = new Map<string, () => Answer | Promise<Answer>>([
    ['/healthz', () => json({ status: 'alive' })],
    [
      '/readyz',
      () => {
        const { isReady, reason } = parts.readiness();
        return json({ status: isReady ? 'ready' : 'not ready', reason }, isReady ? 200 : 503);
      },
    ],
    ['/status', async () => json(await parts.status())],
    ['/metrics', async () => ({ status: 200, type: METRICS_TYPE, text: await parts.metrics() })],
  ]);
  const koa = new Koa();
  koa.silent = true;
  if (parts.guard !== undefined) koa.use(parts.guard);
  if (parts.lists !== undefined) koa.use(parts.lists);
  if (parts.state !== undefined) koa.use(parts.state);
  koa.use(async (ctx) => {
    const page = pages.get(ctx.path);
    if (page === undefined) return;
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.status = 405;
      ctx.set('Allow', 'GET, HEAD');
      return;
    }
    const { status, type, text } = await page();
    ctx.status = status;
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Type', type);
    ctx.body = text;
  });
  return koa;
}
