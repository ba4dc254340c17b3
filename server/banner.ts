/** What is printed when the server has started. */
import type { App } from '../adapters/index.js';
import { isLoopback } from '../store/access-checks.js';
import type { Config } from '../store/config.js';
import { SHARED_PATH } from '../store/config-schema.js';
import type { RuleStoreStatus } from '../store/rule-store.js';
import { calledPathOf, protectionOf } from './access/protection.js';
import { version } from './version.js';

export interface BannerParts {
  readonly callbackOrigin: string;
  readonly adminOrigin: string;
  readonly apps: readonly App[];
  readonly server: Pick<Config['server'], 'listen' | 'tls'>;
  readonly rules: RuleStoreStatus;
  /** Processes that answer callbacks, where there are several. */
  readonly workers?: number;
  /** Where decisions are logged, in words. */
  readonly decisionLog: string;
}

/** Lines, each with its end. */
export function bannerOf(parts: BannerParts): string {
  const { callbackOrigin, adminOrigin, apps, server, rules, workers, decisionLog } = parts;
  const width = Math.max(...[...apps.map(calledPathOf), SHARED_PATH].map(({ length }) => length));
  const url = (path: string, text: string): string => `${callbackOrigin}${path.padEnd(width)}  ${text}`;
  const rows: readonly (readonly [label: string, text: string])[] = [
    ...apps.map(
      (app, index) =>
        [index === 0 ? 'callbacks' : '', url(calledPathOf(app), describeApp(app, server))] as const,
    ),
    ['', url(SHARED_PATH, 'any app, recognized by the request')],
    ['admin', `${adminOrigin}/status`],
    ['rules', describeRules(rules)],
    ['watching', rules.watching ?? 'nothing: changes need a restart'],
    ['decisions', decisionLog],
    ...(workers === undefined ? [] : [['workers', `${workers} processes`] as const]),
  ];
  const lines = rows.map(([label, text]) => `  ${label.padEnd(9)}  ${text}`);
  return [`Callgate ${version}`, ...lines, ...warnings(apps, server), ''].join('\n');
}

/** What nobody may overlook. */
function warnings(apps: readonly App[], server: BannerParts['server']): readonly string[] {
  const observers = apps.filter(({ enforce }) => enforce === false);
  const open = isLoopback(server.listen.host)
    ? []
    : apps.filter((app) => protectionOf(app, server).length === 0);
  return [
    ...warning('NOT ENFORCING', observers, 'Everything is judged and logged, and every reply is an allow.'),
    ...warning('UNPROTECTED', open, 'Whoever reaches this address can call; see docs/security.md.'),
  ];
}

function warning(word: string, apps: readonly App[], meaning: string): readonly string[] {
  if (apps.length === 0) return [];
  return ['', `  !!  ${word}: ${apps.map(({ id }) => id).join(', ')}`, `  !!  ${meaning}`];
}

function describeApp(app: App, server: BannerParts['server']): string {
  const protection = protectionOf(app, server);
  const needs = protection.length === 0 ? '' : `, needs ${protection.join(' and ')}`;
  const mode = app.enforce === false ? ', NOT ENFORCING' : '';
  return `${app.id} (${app.platform}), default ${app.default}, on failure ${app.onFailure}${needs}${mode}`;
}

/** Such as `12 rules (1 shadow, 2 off) in 3 files, 2 lists, revision 0123456789ab`. */
export function describeRules({
  rules,
  files,
  lists,
  revision,
}: Pick<RuleStoreStatus, 'rules' | 'files' | 'lists' | 'revision'>): string {
  const total = rules.enforce + rules.shadow + rules.off;
  const others = [
    ...(rules.shadow > 0 ? [`${rules.shadow} shadow`] : []),
    ...(rules.off > 0 ? [`${rules.off} off`] : []),
  ];
  const modes = others.length === 0 ? '' : ` (${others.join(', ')})`;
  return `${count(total, 'rule')}${modes} in ${count(files, 'file')}, ${count(lists, 'list')}, revision ${revision ?? 'none'}`;
}

/** Where the rules in force come from. */
export function describeSource({ source }: Pick<RuleStoreStatus, 'source'>): string {
  switch (source) {
    case 'files':
    case 'published':
      return 'rules are in force';
    case 'last-good':
      return 'the last good rules are in force; the rule files are refused';
    case null:
      return 'no rules are in force';
  }
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
