/** What keeps strangers from calling an app, in words for people. */
import type { App } from '../../adapters/index.js';
import type { Config } from '../../store/config.js';

export type Protection = 'secret' | 'signature' | 'networks' | 'client certificates';

/** Everything that a caller must have or be. */
export function protectionOf(app: App, { tls }: Pick<Config['server'], 'tls'>): readonly Protection[] {
  return [
    ...(app.platform === 'openim' && app.secret !== undefined ? (['secret'] as const) : []),
    ...(app.platform === 'tencent' && app.token !== undefined ? (['signature'] as const) : []),
    ...(app.networks === undefined ? [] : (['networks'] as const)),
    ...(tls?.clientCa === undefined ? [] : (['client certificates'] as const)),
  ];
}

/** The app's path as it must be called; a secret is not shown but named. */
export function calledPathOf(app: App): string {
  return app.platform === 'openim' && app.secret !== undefined ? `${app.path}/<secret>` : app.path;
}
