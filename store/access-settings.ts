/** Settings about who may call, what they look like in config.yaml and in the program. */
import { resolve } from 'node:path';
import { EXPECTS } from './schema-problems.js';

export const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

/** Files of a TLS listener; absolute paths. */
export interface TlsSettings {
  readonly cert: string;
  readonly key: string;
  /** Clients must show a certificate that one of these has signed. */
  readonly clientCa?: string;
  readonly minVersion: (typeof TLS_VERSIONS)[number];
}

/** How many proxies stand in front, or their addresses and networks. */
export type TrustProxy = number | readonly string[];

/** `server.trustProxy` as the file has it. */
export type TrustProxyData = TrustProxy | false;

/** Most proxies that stand in front of each other. */
const MOST_PROXIES = 16;

const file = (description: string) => ({
  description,
  type: 'string',
  minLength: 1,
  [EXPECTS]: 'the path of a PEM file',
});

export const TLS_SCHEMA = {
  description: 'Serves HTTPS with these PEM files, paths relative to the configuration file.',
  type: 'object',
  additionalProperties: false,
  required: ['cert', 'key'],
  properties: {
    cert: file('Certificate, followed by those between it and its root.'),
    key: file('Private key of the certificate, without a passphrase.'),
    clientCa: file(
      'Certificates of authorities; callers must show a certificate that one of them has signed.',
    ),
    minVersion: {
      description: 'Oldest version of TLS that is spoken.',
      type: 'string',
      enum: TLS_VERSIONS,
      default: 'TLSv1.2',
    },
  },
} as const;

const network = (what: string) => ({
  type: 'string',
  [EXPECTS]: `${what} such as 10.0.0.0/8, 203.0.113.7 or fd00::/8`,
});

export const TRUST_PROXY_SCHEMA = {
  description:
    'Proxies in front that are believed about where a call comes from (X-Forwarded-For): how many there are, or a list of their addresses and networks.',
  type: ['integer', 'boolean', 'array'],
  minimum: 0,
  maximum: MOST_PROXIES,
  minItems: 1,
  items: network('an address or network'),
  [EXPECTS]: `\`false\`, the number of proxies (up to ${MOST_PROXIES}), or a list of their addresses and networks`,
} as const;

export const NETWORKS_SCHEMA = {
  description: 'Addresses and networks that may call; everybody when it is left out.',
  type: 'array',
  minItems: 1,
  items: network('an address or network'),
  [EXPECTS]: 'a list of at least one address or network',
} as const;

export const INSECURE_SCHEMA = {
  description: 'Whether the app may be served beyond this machine although nothing says who may call it.',
  type: 'boolean',
} as const;

export const SECRET_SCHEMA = {
  description: 'Secret in the URL that OpenIM calls: <path>/<secret>, or <path>?secret=<secret>.',
  type: 'string',
  pattern: '^[A-Za-z0-9_-]{16,128}$',
  [EXPECTS]: '16 to 128 of the characters A-Z, a-z, 0-9, _ and -, such as `openssl rand -hex 16` prints',
} as const;

export const SIGNATURE_WINDOW_SCHEMA = {
  description: "Seconds that a signature's RequestTime may be from this machine's clock.",
  type: 'integer',
  default: 300,
  minimum: 1,
  maximum: 86_400,
  [EXPECTS]: 'a whole number of seconds from 1 to 86400',
} as const;

export const ADMIN_TOKEN_SCHEMA = {
  description: 'Token that operators send as `Authorization: Bearer TOKEN`; must be set beyond loopback.',
  type: 'string',
  pattern: '^[\\x21-\\x7e]{16,256}$',
  [EXPECTS]: '16 to 256 characters without spaces, such as `openssl rand -hex 32` prints',
} as const;

export const ADMIN_HOSTS_SCHEMA = {
  description:
    'Names under which operators reach this listener, besides localhost, IP addresses and the name in `listen`.',
  type: 'array',
  items: {
    type: 'string',
    pattern: '^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$',
    [EXPECTS]: 'a host name such as ops.example.com, without a port',
  },
} as const;

/** Paths of a TLS listener relative to a folder, made absolute. */
export function completeTls(tls: TlsSettings | undefined, folder: string): { tls?: TlsSettings } {
  if (tls === undefined) return {};
  const { cert, key, clientCa, minVersion } = tls;
  const files = {
    cert: resolve(folder, cert),
    key: resolve(folder, key),
    ...(clientCa !== undefined && { clientCa: resolve(folder, clientCa) }),
  };
  return { tls: { ...files, minVersion } };
}

/** Nothing where no proxy is trusted. */
export function completeTrustProxy(data: TrustProxyData | undefined): { trustProxy?: TrustProxy } {
  return data === undefined || data === false || data === 0 ? {} : { trustProxy: data };
}
