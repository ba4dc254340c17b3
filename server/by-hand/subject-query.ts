/** Whom a request about strikes and labels means. */
import type { ParsedUrlQuery } from 'node:querystring';
import { FACT_NAMES, isFactName, type EventFactName } from '../../engine/facts.js';
import type { StateScope } from '../../engine/memory.js';
import { enumerate, hintFor } from '../../engine/nearest.js';
import { isUserFact } from '../../engine/state-keys.js';
import type { Subject } from '../../engine/subject.js';
import { Refusal } from '../admin-json.js';

export interface SubjectOptions {
  /** IDs of the configured apps. */
  readonly apps: readonly string[];
  /** Of the label or ladder. */
  readonly scope: StateScope;
  /** Facts that say who it is, unless the request names others. */
  readonly by: readonly EventFactName[];
}

/**
 * Reads `app` (which app; needless where there is one, or where all share) and `type` (what the values are).
 *
 * @param values one for each fact
 * @throws Refusal
 */
export function readSubject(
  values: readonly string[],
  { app, type }: ParsedUrlQuery,
  { apps, scope, by: standard }: SubjectOptions,
): Subject {
  const by = type === undefined ? standard : oneText(type, 'type').split(',').map(readType);
  if (by.length !== values.length) {
    throw new Refusal(400, `\`${by.join('`, `')}\` say whose it is: send one ID for each of them.`);
  }
  return { app: readApp(app, apps, scope), by, values };
}

/** A word for each fact, as a request may have it: `user`, `group`, or the name of the fact. */
export function typeOf(by: readonly EventFactName[]): string {
  return by.map((fact) => (isUserFact(fact) ? 'user' : fact.replace(/\.id$/, ''))).join(',');
}

function readType(word: string): EventFactName {
  if (word === 'user') return 'actor.id';
  if (isFactName(word)) return word;
  const id = `${word}.id`;
  if (isFactName(id)) return id;
  const hint = hintFor(word, ['user', 'group', ...FACT_NAMES]);
  throw new Refusal(400, `There is no type \`${word}\`: it is user, group or the name of a fact. ${hint}`);
}

function readApp(app: string | string[] | undefined, apps: readonly string[], scope: StateScope): string {
  const [only = '', another] = apps;
  if (app === undefined) {
    if (another === undefined || scope === 'all') return only;
    throw new Refusal(400, `Each app has its own: say which \`app\`, ${enumerate(apps)}.`);
  }
  const named = oneText(app, 'app');
  if (apps.includes(named)) return named;
  throw new Refusal(400, `There is no app \`${named}\`. ${hintFor(named, apps)}`);
}

function oneText(value: string | string[], name: string): string {
  if (typeof value === 'string') return value;
  throw new Refusal(400, `\`${name}\` is there more than once.`);
}
