/** What is printed when the server has started. */
import type { App } from '../adapters/index.js';
import { SHARED_PATH } from '../store/config-schema.js';
import type { RuleStoreStatus } from '../store/rule-store.js';
import { version } from './version.js';

export interface BannerParts {
  readonly callbackOrigin: string;
  readonly adminOrigin: string;
  readonly apps: readonly App[];
  readonly rules: RuleStoreStatus;
  /** Where decisions are logged, in words. */
  readonly decisionLog: string;
}

/** Lines, each with its end. */
export function bannerOf({ callbackOrigin, adminOrigin, apps, rules, decisionLog }: BannerParts): string {
  const width = Math.max(...[...apps.map(({ path }) => path), SHARED_PATH].map(({ length }) => length));
  const url = (path: string, text: string): string => `${callbackOrigin}${path.padEnd(width)}  ${text}`;
  const rows: readonly (readonly [label: string, text: string])[] = [
    ...apps.map((app, index) => [index === 0 ? 'callbacks' : '', url(app.path, describeApp(app))] as const),
    ['', url(SHARED_PATH, 'any app, recognized by the request')],
    ['admin', `${adminOrigin}/status`],
    ['rules', describeRules(rules)],
    ['watching', rules.watching ?? 'nothing: changes need a restart'],
    ['decisions', decisionLog],
  ];
  const lines = rows.map(([label, text]) => `  ${label.padEnd(9)}  ${text}`);
  return [`Callgate ${version}`, ...lines, ...warnings(apps), ''].join('\n');
}

/** What nobody may overlook. */
function warnings(apps: readonly App[]): readonly string[] {
  const observers = apps.filter(({ enforce }) => enforce === false).map(({ id }) => id);
  if (observers.length === 0) return [];
  return [
    '',
    `  !!  NOT ENFORCING: ${observers.join(', ')}`,
    '  !!  Everything is judged and logged, and every reply is an allow.',
  ];
}

function describeApp(app: App): string {
  const mode = app.enforce === false ? ', NOT ENFORCING' : '';
  return `${app.id} (${app.platform}), default ${app.default}, on failure ${app.onFailure}${mode}`;
}

/** Such as `12 rules (1 shadow, 2 off) in 3 files, 2 lists, revision 0123456789ab`. */
export function describeRules({ rules, files, lists, revision }: RuleStoreStatus): string {
  const total = rules.enforce + rules.shadow + rules.off;
  const others = [
    ...(rules.shadow > 0 ? [`${rules.shadow} shadow`] : []),
    ...(rules.off > 0 ? [`${rules.off} off`] : []),
  ];
  const modes = others.length === 0 ? '' : ` (${others.join(', ')})`;
  return `${count(total, 'rule')}${modes} in ${count(files, 'file')}, ${count(lists, 'list')}, revision ${revision ?? 'none'}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
