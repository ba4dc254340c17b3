/** Where a server is, and how to enter: what a `redis://` URL says. */

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly database: number;
}

const DEFAULT_PORT = 6379;
const TLS_OF_SCHEME: Readonly<Record<string, boolean>> = { 'redis:': false, 'rediss:': true };

/**
 * Reads `redis://user:password@host:port/database`; `rediss://` means TLS.
 *
 * @throws Error when it is no such URL; its message tells nothing of the URL, which may hold a password
 */
export function parseAddress(url: string): Address {
  const parts = URL.canParse(url) ? new URL(url) : undefined;
  const isTls = TLS_OF_SCHEME[parts?.protocol ?? ''];
  if (parts === undefined || isTls === undefined || parts.hostname === '') {
    throw new Error('not a URL like redis://HOST:PORT or rediss://HOST:PORT');
  }
  const database = parts.pathname.replace(/^\//, '');
  if (!/^\d*$/.test(database))
    throw new Error('what follows the host in a Redis URL is the number of a database');
  return {
    host: parts.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parts.port === '' ? DEFAULT_PORT : Number(parts.port),
    isTls,
    ...(parts.username !== '' && { username: decodeURIComponent(parts.username) }),
    ...(parts.password !== '' && { password: decodeURIComponent(parts.password) }),
    database: Number(database),
  };
}

/** `host:port`, without how to enter. */
export function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

/** Another server that is entered in the same way. */
export function besideOf(address: Address, host: string, port: number): Address {
  return { ...address, host, port };
}

/** Makes texts safe to be shown: the passwords of the addresses are left out of them. */
export function createMask(addresses: readonly Address[]): (text: string) => string {
  const secrets = addresses.flatMap(({ password }) => (password === undefined ? [] : [password]));
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}
