/** The admin listener's HTTP face: whether the gate lives, whether it may be sent callbacks, and how it is. */
import Koa from 'koa';

export interface Readiness {
  readonly isReady: boolean;
  readonly reason: string;
}

export interface AdminAppParts {
  readonly readiness: () => Readiness;
  /** Plain data, without secrets. */
  readonly status: () => unknown;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `GET /healthz`, `GET /readyz`, `GET /status`, each with JSON; 405 for other methods, 404 elsewhere. */
export function createAdminApp(parts: AdminAppParts): Koa {
  const pages = new Map<string, () => Answer>([
    ['/healthz', () => ({ status: 200, body: { status: 'alive' } })],
    [
      '/readyz',
      () => {
        const { isReady, reason } = parts.readiness();
        return { status: isReady ? 200 : 503, body: { status: isReady ? 'ready' : 'not ready', reason } };
      },
    ],
    ['/status', () => ({ status: 200, body: parts.status() })],
  ]);
  const koa = new Koa();
  koa.silent = true;
  koa.use((ctx) => {
    const page = pages.get(ctx.path);
    if (page === undefined) return;
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.status = 405;
      ctx.set('Allow', 'GET, HEAD');
      return;
    }
    const { status, body } = page();
    ctx.status = status;
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Type', 'application/json; charset=utf-8');
    ctx.body = JSON.stringify(body, null, 2);
  });
  return koa;
}
