/** JSON Schema of config.yaml. The descriptions are the documentation of the settings. */
import {
  ADMIN_HOSTS_SCHEMA,
  ADMIN_TOKEN_SCHEMA,
  INSECURE_SCHEMA,
  NETWORKS_SCHEMA,
  SECRET_SCHEMA,
  SIGNATURE_WINDOW_SCHEMA,
  TLS_SCHEMA,
  TRUST_PROXY_SCHEMA,
} from './access-settings.js';
import { DECISION_LOG_SCHEMA } from './decision-log-schema.js';
import {
  AFTER_QUEUE_SCHEMA,
  MAX_CONNECTIONS_SCHEMA,
  MAX_IN_FLIGHT_SCHEMA,
  WORKERS_SCHEMA,
} from './load-settings.js';
import { LOG_SCHEMA, TRACING_SCHEMA } from './log-schema.js';
import { RULES_SCHEMA } from './rules-settings.js';
import { EXPECTS } from './schema-problems.js';
import { LISTEN_PATTERN, LISTEN_WORDS, SIZE_PATTERN } from './settings.js';
import { STATE_SCHEMA } from './state-settings.js';

/** Smallest and largest `bodyLimit`, in bytes. The largest bodies known are batch imports of some 100 KiB. */
export const BODY_LIMITS = { least: 1024, most: 64 * 1024 * 1024 } as const;

/** Path at which the platform is recognized by itself; no app may use it. */
export const SHARED_PATH = '/callback';

const listen = (description: string, standard: string) => ({
  description,
  type: 'string',
  default: standard,
  pattern: LISTEN_PATTERN,
  [EXPECTS]: LISTEN_WORDS,
});

const deadline = (description: string, standard: number, most: number) => ({
  description,
  type: 'integer',
  default: standard,
  minimum: 50,
  maximum: most,
  [EXPECTS]: `a whole number of milliseconds from 50 to ${most}`,
});

const platform = {
  description: 'Who calls: `openim` (OpenIM Server) or `tencent` (Tencent Cloud Chat).',
  type: 'string',
  enum: ['openim', 'tencent'],
} as const;

const COMMON = {
  id: {
    description: 'Name of the app in log lines and in the fact `app.id`.',
    type: 'string',
    pattern: '^[a-z0-9_-]{1,64}$',
    [EXPECTS]: 'up to 64 of the characters a-z, 0-9, _ and -',
  },
  platform,
  path: {
    description: 'Path of the callback URL, such as /openim.',
    type: 'string',
    pattern: '^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+$',
    [EXPECTS]: 'a path such as /openim, without a slash at its end',
  },
  default: {
    description: 'Verdict when no rule decides.',
    type: 'string',
    enum: ['allow', 'refuse'],
    default: 'allow',
  },
  onFailure: {
    description: 'Verdict when a callback cannot be judged: unreadable, forged, too late or a bug.',
    type: 'string',
    enum: ['allow', 'refuse'],
    default: 'allow',
  },
  enforce: {
    description:
      'Whether decisions are carried out. With `false` the app only observes: everything is judged and logged, and every reply is an allow.',
    type: 'boolean',
    default: true,
  },
  networks: NETWORKS_SCHEMA,
  insecure: INSECURE_SCHEMA,
} as const;

const REQUIRED = ['id', 'platform', 'path'] as const;

const OPENIM = {
  deadline: deadline(
    'Milliseconds from arrival within which the reply leaves; keep it below `timeout` in webhooks.yml.',
    1500,
    10_000,
  ),
  dialect: {
    description:
      'How replies are written: `server` as OpenIM servers read them, `documented` as the public documentation prints them.',
    type: 'string',
    enum: ['server', 'documented'],
    default: 'server',
  },
  secret: SECRET_SCHEMA,
} as const;

const TENCENT = {
  // Tencent goes on without an answer after 2 s (callback overview, "timeout").
  deadline: deadline(
    'Milliseconds from arrival within which the reply leaves; Tencent waits for 2000 at most.',
    800,
    1999,
  ),
  sdkAppId: {
    description: 'SDKAppID of the application; calls for another one are failures.',
    type: ['integer', 'string'],
    minimum: 1,
    pattern: '^[1-9][0-9]{0,15}$',
    [EXPECTS]: 'the digits of an SDKAppID such as 1400000000',
  },
  token: {
    description: 'Token of the callback authentication; without one, signatures are not checked.',
    type: 'string',
    minLength: 1,
    [EXPECTS]: 'a token; leave the setting out when there is none',
  },
  signatureWindow: SIGNATURE_WINDOW_SCHEMA,
} as const;

const isPlatform = (name: string) => ({
  type: 'object',
  properties: { platform: { const: name } },
  required: ['platform'],
});

/** The settings of each platform beyond those of all apps. */
export const PLATFORM_SETTINGS: Readonly<Record<(typeof platform.enum)[number], readonly string[]>> = {
  openim: Object.keys(OPENIM),
  tencent: Object.keys(TENCENT),
};

/** The schema. */
export const CONFIG_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Callgate configuration',
  type: 'object',
  additionalProperties: false,
  required: ['apps'],
  properties: {
    server: {
      description: 'The listener that platforms call.',
      type: 'object',
      default: {},
      additionalProperties: false,
      properties: {
        listen: listen('Address for callbacks, HOST:PORT.', '127.0.0.1:8080'),
        bodyLimit: {
          description: 'Largest request body: bytes, or a text such as 512kb or 1mb.',
          type: ['integer', 'string'],
          default: '1mb',
          minimum: BODY_LIMITS.least,
          maximum: BODY_LIMITS.most,
          pattern: SIZE_PATTERN,
          [EXPECTS]: 'a size from 1kb to 64mb',
        },
        workers: WORKERS_SCHEMA,
        maxInFlight: MAX_IN_FLIGHT_SCHEMA,
        maxConnections: MAX_CONNECTIONS_SCHEMA,
        afterQueue: AFTER_QUEUE_SCHEMA,
        trustProxy: TRUST_PROXY_SCHEMA,
        tls: TLS_SCHEMA,
      },
    },
    admin: {
      description: 'The listener for health checks and status.',
      type: 'object',
      default: {},
      additionalProperties: false,
      properties: {
        listen: listen('Address for operators, HOST:PORT; keep it private.', '127.0.0.1:8081'),
        token: ADMIN_TOKEN_SCHEMA,
        hosts: ADMIN_HOSTS_SCHEMA,
        tls: TLS_SCHEMA,
      },
    },
    rules: RULES_SCHEMA,
    state: STATE_SCHEMA,
    decisionLog: DECISION_LOG_SCHEMA,
    log: LOG_SCHEMA,
    tracing: TRACING_SCHEMA,
    apps: {
      description: 'The deployments that call, at least one.',
      type: 'array',
      minItems: 1,
      [EXPECTS]: 'a list of at least one app',
      items: {
        type: 'object',
        if: isPlatform('openim'),
        then: {
          type: 'object',
          properties: { ...COMMON, ...OPENIM },
          required: REQUIRED,
          additionalProperties: false,
        },
        else: {
          type: 'object',
          if: isPlatform('tencent'),
          then: {
            type: 'object',
            properties: { ...COMMON, ...TENCENT },
            required: [...REQUIRED, 'sdkAppId'],
            additionalProperties: false,
          },
          else: {
            type: 'object',
            properties: { ...COMMON, ...OPENIM, ...TENCENT, deadline: { type: 'integer' } },
            required: REQUIRED,
            additionalProperties: false,
          },
        },
      },
    },
  },
} as const;
