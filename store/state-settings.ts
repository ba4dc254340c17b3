/** The section `state` of config.yaml: where that is kept what rules remember. */
import { dirname, resolve } from 'node:path';
import { DURATION, parseDuration } from '../engine/duration.js';
import type { DataPath } from '../engine/problem.js';
import { isList, isRecord, valueAt } from './data.js';
import type { Finding } from './finding.js';
import { EXPECTS } from './schema-problems.js';

export type StateSettings = MemorySettings | { readonly type: 'redis'; readonly redis: RedisSettings };

export interface MemorySettings {
  readonly type: 'memory';
  /** Absolute path of the snapshot; without it, a restart forgets everything. */
  readonly snapshot?: string;
  /** Milliseconds between two snapshots. */
  readonly every: number;
  readonly maxKeys: number;
}

/** How to reach Redis or Valkey, as `state/redis` wants it. */
export interface RedisSettings {
  readonly mode: 'single' | 'sentinel' | 'cluster';
  readonly urls: readonly string[];
  /** With Sentinel: the name of the master. */
  readonly name?: string;
  readonly prefix: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** The section as the schema lets it through. */
export type StateData = 'memory' | { readonly memory?: MemoryData; readonly redis?: string | RedisData };

interface MemoryData {
  /** The checks let `true` through nowhere. */
  readonly snapshot: string | boolean;
  readonly every: string;
  readonly maxKeys: number;
}

interface RedisData {
  readonly url?: string;
  readonly cluster?: readonly string[];
  readonly sentinel?: { readonly name: string; readonly urls: readonly string[] };
  readonly prefix: string;
  readonly timeout: number;
}

const MEMORY_DEFAULTS: MemoryData = { snapshot: '.callgate/state.json', every: '30s', maxKeys: 1_000_000 };
const REDIS_DEFAULTS = { prefix: 'callgate', timeout: 100 } as const;

const URL_PATTERN = '^rediss?://[^\\s/?#]+(/[0-9]*)?$';
const URL_WORDS = 'a URL such as redis://127.0.0.1:6379 or rediss://user:password@redis.example.com:6379';

const url = (description: string) => ({
  description,
  type: 'string',
  pattern: URL_PATTERN,
  [EXPECTS]: URL_WORDS,
});

const urls = (description: string) => ({
  description,
  type: 'array',
  minItems: 1,
  [EXPECTS]: 'a list of at least one URL',
  items: { type: 'string', pattern: URL_PATTERN, [EXPECTS]: URL_WORDS },
});

const MEMORY_SCHEMA = {
  description: 'Keeps it in the memory of the process; of several processes, in that of the first one.',
  type: 'object',
  additionalProperties: false,
  properties: {
    snapshot: {
      description:
        'File that keeps it over a restart, relative to the configuration file; `false` forgets everything.',
      type: ['string', 'boolean'],
      default: MEMORY_DEFAULTS.snapshot,
      minLength: 1,
      [EXPECTS]: 'the path of a file, or `false`',
    },
    every: {
      description: 'Time between two snapshots; a crash forgets what came after the last one.',
      type: 'string',
      default: MEMORY_DEFAULTS.every,
      pattern: DURATION.source,
      [EXPECTS]: 'a time such as 30s, 5m or 1h',
    },
    maxKeys: {
      description:
        'Counts, labels and the like that are kept at most, at some 200 to 300 bytes each; beyond them, those not used for longest are dropped.',
      type: 'integer',
      default: MEMORY_DEFAULTS.maxKeys,
      minimum: 1000,
      maximum: 100_000_000,
      [EXPECTS]: 'a whole number from 1000 to 100000000',
    },
  },
} as const;

const REDIS_SCHEMA = {
  description: 'Keeps it in Redis or Valkey, for several machines: a URL, or a mapping.',
  type: ['string', 'object'],
  pattern: URL_PATTERN,
  additionalProperties: false,
  [EXPECTS]: `${URL_WORDS}, or a mapping with \`url\`, \`cluster\` or \`sentinel\``,
  properties: {
    url: url('One server.'),
    cluster: urls('Some of the nodes of a Cluster.'),
    sentinel: {
      description: 'Sentinels, and the name of the master that they watch.',
      type: 'object',
      additionalProperties: false,
      required: ['name', 'urls'],
      properties: {
        name: {
          description: 'Name of the master.',
          type: 'string',
          minLength: 1,
          [EXPECTS]: 'the name of a master',
        },
        urls: urls('The sentinels.'),
      },
    },
    prefix: {
      description: 'Begins every key and channel; gates with the same one share everything.',
      type: 'string',
      default: REDIS_DEFAULTS.prefix,
      pattern: '^[A-Za-z0-9_.:-]{1,64}$',
      [EXPECTS]: 'up to 64 of the characters A-Z, a-z, 0-9, _, ., : and -',
    },
    timeout: {
      description: 'Milliseconds that an answer may take; after it the process counts for itself.',
      type: 'integer',
      default: REDIS_DEFAULTS.timeout,
      minimum: 5,
      maximum: 10_000,
      [EXPECTS]: 'a whole number of milliseconds from 5 to 10000',
    },
  },
} as const;

/** The schema of the section. */
export const STATE_SCHEMA = {
  description: 'Where that is kept what rules remember: `memory`, or a mapping with `memory` or `redis`.',
  type: ['string', 'object'],
  default: 'memory',
  pattern: '^memory$',
  additionalProperties: false,
  [EXPECTS]: '`memory`, or a mapping with `memory` or `redis`',
  properties: { memory: MEMORY_SCHEMA, redis: REDIS_SCHEMA },
} as const;

/** @throws Error when the checks have not let it through */
export function completeState(data: StateData, file: string): StateSettings {
  if (data !== 'memory' && data.redis !== undefined) return { type: 'redis', redis: redisOf(data.redis) };
  const { snapshot, every, maxKeys } = { ...MEMORY_DEFAULTS, ...(data === 'memory' ? {} : data.memory) };
  const milliseconds = parseDuration(every);
  if (milliseconds === undefined) throw new Error('A time was let through that cannot be read.');
  return {
    type: 'memory',
    ...(typeof snapshot === 'string' && { snapshot: resolve(dirname(file), snapshot) }),
    every: milliseconds,
    maxKeys,
  };
}

function redisOf(data: string | RedisData): RedisSettings {
  if (typeof data === 'string') return { mode: 'single', urls: [data], ...REDIS_DEFAULTS };
  const { url: one, cluster, sentinel, prefix, timeout } = data;
  const common = { prefix, timeout };
  if (cluster !== undefined) return { mode: 'cluster', urls: cluster, ...common };
  if (sentinel !== undefined)
    return { mode: 'sentinel', urls: sentinel.urls, name: sentinel.name, ...common };
  return { mode: 'single', urls: one === undefined ? [] : [one], ...common };
}

/** Checks what the schema cannot say: what excludes each other, and whether URLs and times can be read. */
export function checkState(data: unknown): readonly Finding[] {
  const path = ['state'];
  const redis = valueAt(data, [...path, 'redis']);
  const every = valueAt(data, [...path, 'memory', 'every']);
  const snapshot = valueAt(data, [...path, 'memory', 'snapshot']);
  return [
    ...exactlyOne(data, path, ['memory', 'redis']),
    ...exactlyOne(data, [...path, 'redis'], ['url', 'cluster', 'sentinel']),
    ...(typeof redis === 'string' ? checkUrl(redis, [...path, 'redis']) : []),
    ...urlsIn(redis).flatMap(([text, below]) => checkUrl(text, [...path, 'redis', ...below])),
    ...(typeof every === 'string' && parseDuration(every) === undefined
      ? [wrong([...path, 'memory', 'every'], '`every`: expected a time of up to a year.')]
      : []),
    ...(snapshot === true
      ? [wrong([...path, 'memory', 'snapshot'], '`snapshot`: expected the path of a file, or `false`.')]
      : []),
  ];
}

function exactlyOne(data: unknown, path: DataPath, keys: readonly string[]): readonly Finding[] {
  const value = valueAt(data, path);
  if (!isRecord(value)) return [];
  const present = keys.filter((key) => value[key] !== undefined);
  const names = keys.map((key) => `\`${key}\``).join(', ');
  if (present.length === 0) return [{ code: 'missing-key', path, message: `One of ${names} is missing.` }];
  return present.slice(1).map((key) => wrong([...path, key], `Only one of ${names} can be set.`));
}

function urlsIn(redis: unknown): readonly (readonly [text: string, path: DataPath])[] {
  const places: readonly DataPath[] = [['url'], ['cluster'], ['sentinel', 'urls']];
  return places.flatMap((path) => {
    const value = valueAt(redis, path);
    const all: readonly (readonly [unknown, DataPath])[] = isList(value)
      ? value.map((item, index) => [item, [...path, index]] as const)
      : [[value, path]];
    return all.flatMap(([text, place]) => (typeof text === 'string' ? [[text, place] as const] : []));
  });
}

function checkUrl(text: string, path: DataPath): readonly Finding[] {
  return URL.canParse(text) ? [] : [wrong(path, `Expected ${URL_WORDS}.`)];
}

function wrong(path: DataPath, message: string): Finding {
  return { code: 'wrong-value', path, message };
}
