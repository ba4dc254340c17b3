/** What a JSON Schema cannot say about config.yaml. Works on data with other mistakes in it. */
import { factsMatching } from '../engine/fact-patterns.js';
import { FACT_NAMES } from '../engine/facts.js';
import { hintFor } from '../engine/nearest.js';
import type { DataPath, Problem, ProblemCode } from '../engine/problem.js';
import { checkAccess } from './access-checks.js';
import { BODY_LIMITS, PLATFORM_SETTINGS, SHARED_PATH } from './config-schema.js';
import { isList, isRecord, valueAt } from './data.js';
import type { Finding } from './finding.js';
import { BUFFER_SIZES, ROTATE_SIZES } from './decision-log-schema.js';
import { checkNeedsRedis, checkRulesSettings } from './rules-settings.js';
import { LISTEN_WORDS, parseListen, parseSize } from './settings.js';
import { checkState } from './state-settings.js';

type Check = (data: unknown) => readonly Finding[];

/** A setting that apps have, with the place of each. */
function settings(data: unknown, key: string): readonly { value: string; path: DataPath }[] {
  const apps = valueAt(data, ['apps']);
  if (!isList(apps)) return [];
  return apps.flatMap((app, index) => {
    const value = isRecord(app) ? app[key] : undefined;
    const isText = typeof value === 'string' || typeof value === 'number';
    return isText ? [{ value: String(value), path: ['apps', index, key] }] : [];
  });
}

/** Finds values that an earlier app has already. */
function repeated(key: string, code: ProblemCode, say: (value: string) => string): Check {
  return (data) => {
    const seen = new Set<string>();
    return settings(data, key).flatMap(({ value, path }) => {
      if (!seen.has(value)) {
        seen.add(value);
        return [];
      }
      return [{ code, path, message: say(value) }];
    });
  };
}

/** URL paths are compared without case, as the router of the server does. */
function isAtOrBelow(path: string, other: string): boolean {
  return `${path.toLowerCase()}/`.startsWith(`${other.toLowerCase()}/`);
}

const overlappingPaths: Check = (data) => {
  const all = settings(data, 'path');
  return all.flatMap(({ value, path }, index): Finding[] => {
    const clash = (other: string): boolean => isAtOrBelow(value, other) || isAtOrBelow(other, value);
    const say = (other: string, whose: string): Finding => ({
      code: 'wrong-value',
      path,
      message:
        value === other
          ? `The path \`${value}\` is ${whose}.`
          : `The path \`${value}\` overlaps with \`${other}\`, ${whose}.`,
      hint: 'Give each app a path of its own, none below another.',
    });
    if (clash(SHARED_PATH)) return [say(SHARED_PATH, 'the one that all apps share')];
    const earlier = all.slice(0, index).find((other) => clash(other.value));
    return earlier === undefined ? [] : [say(earlier.value, `the path of another app`)];
  });
};

const listenAddresses: Check = (data) => {
  const paths: readonly DataPath[] = [
    ['server', 'listen'],
    ['admin', 'listen'],
  ];
  const [server, admin] = paths.map((path) => {
    const text = valueAt(data, path);
    return typeof text === 'string' ? { path, text, address: parseListen(text) } : undefined;
  });
  const wrong = [server, admin].flatMap((setting): Finding[] => {
    if (setting === undefined || setting.address !== undefined) return [];
    const message = `\`listen\`: expected ${LISTEN_WORDS}.`;
    return [{ code: 'wrong-value', path: setting.path, message }];
  });
  const isSame =
    server?.address !== undefined &&
    server.address.port !== 0 &&
    server.address.host === admin?.address?.host &&
    server.address.port === admin.address.port;
  if (!isSame) return wrong;
  const message = 'Callbacks and operators cannot share one address.';
  return [...wrong, { code: 'wrong-value', path: admin.path, message }];
};

/** A size within limits, written as text: of a number, the schema compares it. */
function sizeBetween(path: DataPath, { least, most }: { least: number; most: number }, words: string): Check {
  return (data) => {
    const size = valueAt(data, path);
    const bytes = typeof size === 'string' || typeof size === 'number' ? parseSize(size) : undefined;
    if (bytes === undefined || (bytes >= least && bytes <= most)) return [];
    return [{ code: 'wrong-value', path, message: `\`${String(path.at(-1))}\`: expected ${words}.` }];
  };
}

const loggedFacts: Check = (data) => {
  const patterns = valueAt(data, ['decisionLog', 'facts']);
  if (!isList(patterns)) return [];
  return patterns.flatMap((pattern, index): Finding[] => {
    if (typeof pattern !== 'string' || factsMatching(pattern).length > 0) return [];
    const message = `Unknown fact \`${pattern}\`.`;
    return [
      {
        code: 'unknown-fact',
        path: ['decisionLog', 'facts', index],
        message,
        hint: hintFor(pattern, FACT_NAMES),
      },
    ];
  });
};

const hashKey: Check = (data) => {
  const path = ['decisionLog', 'text'];
  if (valueAt(data, path) !== 'hash' || valueAt(data, ['decisionLog', 'hashKey']) !== undefined) return [];
  const message = 'Hashes need a secret key: without one, anybody could try words until the hash fits.';
  return [
    {
      code: 'missing-key',
      path,
      message,
      hint: 'For example `hashKey: ${CALLGATE_LOG_KEY}`, made by `openssl rand -hex 32`.',
    },
  ];
};

const CHECKS: readonly Check[] = [
  repeated('id', 'duplicate-id', (id) => `Another app has the id \`${id}\` already.`),
  repeated('sdkAppId', 'wrong-value', (id) => `Another app has the sdkAppId ${id} already.`),
  overlappingPaths,
  listenAddresses,
  sizeBetween(['server', 'bodyLimit'], BODY_LIMITS, 'a size from 1kb to 64mb'),
  sizeBetween(['decisionLog', 'rotate', 'size'], ROTATE_SIZES, 'a size from 1kb to 102400mb'),
  sizeBetween(['decisionLog', 'buffer'], BUFFER_SIZES, 'a size from 64kb to 1024mb'),
  loggedFacts,
  hashKey,
  checkState,
  checkRulesSettings,
  (data) => checkNeedsRedis(data, ['decisionLog', 'redis']),
  checkAccess,
];

/** Checks configuration data of any shape. */
export function checkConfig(data: unknown, file: string): readonly Problem[] {
  return CHECKS.flatMap((check) => check(data)).map((finding) => ({ ...finding, file, severity: 'error' }));
}

/** A better hint for a setting that belongs to apps of the other platform. */
export function withPlatformHint(problem: Problem, data: unknown): Problem {
  const [root, index, key] = problem.path;
  if (problem.code !== 'unknown-key' || root !== 'apps' || index === undefined || typeof key !== 'string') {
    return problem;
  }
  const platform = valueAt(data, ['apps', index, 'platform']);
  const owner = Object.entries(PLATFORM_SETTINGS).find(
    ([name, keys]) => name !== platform && keys.includes(key),
  );
  if (owner === undefined) return problem;
  return { ...problem, hint: `\`${key}\` is a setting of ${owner[0]} apps.` };
}
