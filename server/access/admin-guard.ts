/** Who may use the admin listener. */
import { isIP } from 'node:net';
import type { Middleware } from 'koa';
import { secretTest } from '../../adapters/index.js';
import type { Config } from '../../store/config.js';

/** Pages for load balancers and orchestrators, which tell nothing but whether to send callbacks. */
const OPEN_PAGES: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/**
 * Turns away browsers that were led here and callers without the token; {@link OPEN_PAGES} are open to all.
 *
 * A web page can have its own name resolve to this address and then read what it finds (DNS rebinding), but
 * its requests still carry that name as Host. So a Host must be an address, which cannot be rebound,
 * `localhost`, the host of `listen`, or one of `hosts`. There are no CORS headers, so pages from elsewhere
 * cannot read an answer either.
 */
export function createAdminGuard({ listen, hosts = [], token }: Config['admin']): Middleware {
  const names = new Set(['localhost', listen.host, ...hosts].map((name) => name.toLowerCase()));
  const isToken = token === undefined ? undefined : secretTest(token);
  return async (ctx, next) => {
    ctx.set({ 'X-Content-Type-Options': 'nosniff', 'Cross-Origin-Resource-Policy': 'same-origin' });
    if (OPEN_PAGES.has(ctx.path)) {
      await next();
      return;
    }
    const host = hostNameOf(ctx.get('Host'));
    if (isIP(host) === 0 && !names.has(host)) {
      ctx.status = 403;
      ctx.body = 'This name is not one of admin.hosts.\n';
      return;
    }
    if (isToken?.(bearerOf(ctx.get('Authorization'))) === false) {
      ctx.status = 401;
      ctx.set('WWW-Authenticate', 'Bearer');
      ctx.body = 'The admin token is missing or wrong.\n';
      return;
    }
    await next();
  };
}

/** The name or address in a Host header, in lower case, without port and brackets. */
function hostNameOf(header: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header) ?? [];
  return (bracketed ?? plain ?? '').toLowerCase();
}

function bearerOf(header: string): string | undefined {
  return /^bearer +(\S+) *$/i.exec(header)?.[1];
}
