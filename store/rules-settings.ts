/** The section `rules` of config.yaml: which rules shall be in force. */
import { dirname, resolve } from 'node:path';
import type { DataPath } from '../engine/problem.js';
import { isRecord, valueAt } from './data.js';
import type { Finding } from './finding.js';
import { EXPECTS } from './schema-problems.js';

/** Where rules come from; absolute paths. */
export type RulesSettings =
  | { readonly type: 'folder'; readonly folder: string }
  | {
      readonly type: 'redis';
      /** PEM file of the key that a release must be signed with; without it, any is taken. */
      readonly publicKey?: string;
    };

/** The section as the schema lets it through. */
export type RulesData =
  string | { readonly folder?: string; readonly redis?: boolean; readonly publicKey?: string };

export const RULES_SCHEMA = {
  description:
    'Where the rules come from: a folder of rule files, relative to the configuration file, or what `callgate publish` has published.',
  type: ['string', 'object'],
  default: 'rules',
  minLength: 1,
  additionalProperties: false,
  [EXPECTS]: 'the path of a folder, or a mapping with `folder` or `redis: true`',
  properties: {
    folder: {
      description: 'Folder of the rule files, relative to the configuration file.',
      type: 'string',
      minLength: 1,
      [EXPECTS]: 'the path of a folder',
    },
    redis: {
      description:
        'Whether the rules are those that `callgate publish` has published over the Redis of `state`.',
      type: 'boolean',
    },
    publicKey: {
      description:
        'PEM file of the Ed25519 key that published rules must be signed with; without it, whoever can write to Redis can publish.',
      type: 'string',
      minLength: 1,
      [EXPECTS]: 'the path of a PEM file',
    },
  },
} as const;

export function completeRules(rules: RulesData, file: string): RulesSettings {
  const pathOf = (path: string): string => resolve(dirname(file), path);
  if (typeof rules === 'string') return { type: 'folder', folder: pathOf(rules) };
  const { folder, publicKey } = rules;
  if (folder !== undefined) return { type: 'folder', folder: pathOf(folder) };
  return { type: 'redis', ...(publicKey !== undefined && { publicKey: pathOf(publicKey) }) };
}

/** The folder that a section of any shape names; `undefined` when it names none. */
export function folderNamedBy(rules: unknown): string | undefined {
  const folder = isRecord(rules) ? rules['folder'] : rules;
  return typeof folder === 'string' ? folder : undefined;
}

/** What a mapping must and must not have together. */
export function checkRulesSettings(data: unknown): readonly Finding[] {
  const path = ['rules'];
  const rules = valueAt(data, path);
  if (!isRecord(rules)) return [];
  const { folder, redis, publicKey } = rules;
  if (redis !== true) {
    return [
      ...(folder === undefined ? [missing(path)] : []),
      ...(publicKey === undefined ? [] : [useless([...path, 'publicKey'])]),
    ];
  }
  if (folder !== undefined) return [both([...path, 'folder'])];
  return checkNeedsRedis(data, [...path, 'redis']);
}

/** A setting that needs Redis without one in `state`. */
export function checkNeedsRedis(data: unknown, path: DataPath): readonly Finding[] {
  if (valueAt(data, path) === undefined || valueAt(data, ['state', 'redis']) !== undefined) return [];
  return [
    {
      code: 'missing-key',
      path,
      message: `\`${path.join('.')}\` uses the Redis of \`state\`, and there is none.`,
      hint: 'For example `state: { redis: redis://127.0.0.1:6379 }`.',
    },
  ];
}

function missing(path: DataPath): Finding {
  const message = 'Nothing says where the rules come from.';
  return { code: 'missing-key', path, message, hint: 'Set `folder: rules` or `redis: true`.' };
}

function both(path: DataPath): Finding {
  const message = 'With `redis: true`, no folder is read.';
  return { code: 'wrong-value', path, message, hint: '`callgate publish FOLDER` publishes one.' };
}

function useless(path: DataPath): Finding {
  const message = 'A key is for published rules only, with `redis: true`.';
  return { code: 'wrong-value', path, message };
}
