/** Who may call, checked: networks that are some, and no door open to the world by oversight. */
import { isIP } from 'node:net';
import { isInNetwork, parseNetwork } from '../engine/networks.js';
import type { DataPath } from '../engine/problem.js';
import type { Finding } from './finding.js';
import { isList, isRecord, valueAt } from './data.js';
import { parseListen } from './settings.js';

const LOOPBACK = ['127.0.0.0/8', '::1'].map(parseNetwork).filter((network) => network !== undefined);

/**
 * Whether only this machine can reach a listener on that host. Any name but `localhost` counts as
 * reachable: what it resolves to may change.
 */
export function isLoopback(host: string): boolean {
  return isIP(host) === 0 ? host.toLowerCase() === 'localhost' : isInNetwork(host, LOOPBACK);
}

/** The setting `listen` of a section, when others can reach it. */
function exposed(data: unknown, section: string): string | undefined {
  const listen = valueAt(data, [section, 'listen']);
  const address = typeof listen === 'string' ? parseListen(listen) : undefined;
  return typeof listen === 'string' && address !== undefined && !isLoopback(address.host)
    ? listen
    : undefined;
}

function wrongNetworks(data: unknown, path: DataPath): readonly Finding[] {
  const networks = valueAt(data, path);
  if (!isList(networks)) return [];
  return networks.flatMap((text, index): Finding[] => {
    if (typeof text !== 'string' || isNetwork(text)) return [];
    const message = `Entry ${index + 1}: expected an address or network such as 10.0.0.0/8, 203.0.113.7 or fd00::/8.`;
    return [{ code: 'wrong-value', path: [...path, index], message }];
  });
}

/** Stricter than {@link parseNetwork}, which also reads `10` and `0x7f.1` as addresses. */
function isNetwork(text: string): boolean {
  return isIP(text.split('/', 1)[0] ?? '') !== 0 && parseNetwork(text) !== undefined;
}

/** `true` would not say whom to trust. */
function trustWithoutProxies(data: unknown): readonly Finding[] {
  const path = ['server', 'trustProxy'];
  if (valueAt(data, path) !== true) return [];
  return [
    {
      code: 'wrong-value',
      path,
      message: '`trustProxy`: expected the number of proxies, or a list of their addresses and networks.',
      hint: 'For one proxy in front: `trustProxy: 1`.',
    },
  ];
}

const WAYS_OUT: Readonly<Record<string, string>> = {
  openim:
    '`secret` (a part of the URL), `networks` (who may call) or `server.tls.clientCa` (client certificates)',
  tencent: "`token` (that of the console's callback authentication)",
};

/** What keeps strangers from calling an app. A network of all addresses keeps nobody. */
function isProtected(app: Readonly<Record<string, unknown>>, data: unknown): boolean {
  if (app['platform'] === 'tencent') return app['token'] !== undefined;
  const networks = app['networks'];
  const isWorld =
    !isList(networks) || networks.some((text) => typeof text === 'string' && /\/0+$/.test(text));
  return (
    app['secret'] !== undefined || !isWorld || valueAt(data, ['server', 'tls', 'clientCa']) !== undefined
  );
}

function unprotectedApps(data: unknown): readonly Finding[] {
  const listen = exposed(data, 'server');
  const apps = valueAt(data, ['apps']);
  if (listen === undefined || !isList(apps)) return [];
  return apps.flatMap((app, index): Finding[] => {
    if (!isRecord(app) || app['insecure'] === true || isProtected(app, data)) return [];
    const { id, platform } = app;
    const ways =
      typeof platform === 'string' && Object.hasOwn(WAYS_OUT, platform) ? WAYS_OUT[platform] : undefined;
    if (ways === undefined) return [];
    return [
      {
        code: 'unprotected',
        path: ['apps', index],
        message: `Anybody could call the app \`${String(id)}\`: other machines can reach ${listen}, and nothing says who may call.`,
        hint: `Set ${ways}; or listen on 127.0.0.1; or \`insecure: true\`, where something else keeps strangers out.`,
      },
    ];
  });
}

function unprotectedAdmin(data: unknown): readonly Finding[] {
  const listen = exposed(data, 'admin');
  if (listen === undefined || valueAt(data, ['admin', 'token']) !== undefined) return [];
  return [
    {
      code: 'unprotected',
      path: ['admin', 'listen'],
      message: `Anybody could read the status: other machines can reach ${listen}, and there is no \`token\`.`,
      hint: 'Set `admin.token`, such as `openssl rand -hex 32` prints; or listen on 127.0.0.1.',
    },
  ];
}

/** Checks data of any shape. */
export function checkAccess(data: unknown): readonly Finding[] {
  const apps = valueAt(data, ['apps']);
  const lists: readonly DataPath[] = [
    ['server', 'trustProxy'],
    ...(isList(apps) ? apps.map((_, index) => ['apps', index, 'networks']) : []),
  ];
  return [
    ...lists.flatMap((path) => wrongNetworks(data, path)),
    ...trustWithoutProxies(data),
    ...unprotectedApps(data),
    ...unprotectedAdmin(data),
  ];
}
