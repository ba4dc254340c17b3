/** The reply that allows, with what it must repeat and what rules change. */
import type { Rewrite, Ruling } from '../../engine/decision.js';
import type { FactName } from '../../engine/facts.js';
import type { Callback, JsonObject, Reply, Shortfall } from '../adapter.js';
import type { Dialect } from './app.js';
import { contentKeys } from './content.js';
import { joined, rewriteEvent, type Rewritten } from './rewrites.js';
import type { OpenimReply, OpenimRow } from './row.js';
import { targetFields, type JudgedTarget } from './targets.js';
import { copyMembers } from './wire.js';

const CODES: Readonly<Record<Dialect, JsonObject>> = {
  server: { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: 0 },
  documented: { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: '0' },
};

const PLAIN: Readonly<Record<Dialect, Reply>> = {
  server: { body: CODES.server, shortfalls: [] },
  documented: { body: CODES.documented, shortfalls: [] },
};

/** The allow that means nothing more. */
export function plainAllow(dialect: Dialect, shortfalls: readonly Shortfall[] = []): Reply {
  return shortfalls.length === 0 ? PLAIN[dialect] : { body: CODES[dialect], shortfalls };
}

/** Facts that a reply can replace for the event as a whole. */
export function eventRewrites(columns: OpenimReply): readonly string[] {
  return [...Object.keys(columns.rewrites ?? {}), ...Object.keys(columns.object?.rewrites ?? {})];
}

/** Facts that a reply can replace for single targets. */
export function targetRewrites(columns: OpenimReply): readonly string[] {
  return Object.keys(columns.targets?.rewrites ?? {});
}

function differ(one: Rewrite, other: Rewrite): boolean {
  if ('set' in one && 'set' in other) return one.set !== other.set;
  return 'set' in one || 'set' in other;
}

interface Sorted {
  readonly rewrites: ReadonlyMap<FactName, Rewrite>;
  readonly shortfalls: readonly Shortfall[];
}

/** The rewrites of the event as a whole, the first for each fact, and those that no reply carries. */
function sorted(columns: OpenimReply, rulings: readonly Ruling[]): Sorted {
  const ofEvent = new Set(eventRewrites(columns));
  const ofOthers = new Set<string>([...targetRewrites(columns), ...(columns.elsewhere ?? [])]);
  const rewrites = new Map<FactName, Rewrite>();
  const reasons = new Map<FactName, string>();
  for (const [fact, rewrite] of rulings.flatMap((ruling) => [...ruling.rewrites])) {
    const first = rewrites.get(fact);
    if (!ofEvent.has(fact)) {
      if (!ofOthers.has(fact)) reasons.set(fact, 'the reply to this command cannot change it');
    } else if (first === undefined) rewrites.set(fact, rewrite);
    else if (differ(first, rewrite)) reasons.set(fact, 'the targets differ in it; the first one counted');
  }
  return {
    rewrites,
    shortfalls: [...reasons].map(([fact, reason]) => ({ effect: `rewrite ${fact}`, reason })),
  };
}

/** The fields that must be repeated, as far as the request has them. */
function echoed(columns: OpenimReply, body: JsonObject): Rewritten {
  const fields = copyMembers(body, columns.echo ?? {});
  const missing = Object.keys(columns.echo ?? {}).filter((key) => !Object.hasOwn(fields, key));
  const reason = `the request lacks ${missing.join(', ')}, which the reply must repeat`;
  return { fields, shortfalls: missing.length === 0 ? [] : [{ effect: 'allow', reason }] };
}

/**
 * Allows the callback.
 *
 * @param rulings those that allow
 * @param targets all targets, the refused ones included, which are left out of the reply's list
 */
export function allow(
  dialect: Dialect,
  row: OpenimRow,
  callback: Callback,
  rulings: readonly Ruling[],
  targets: readonly JudgedTarget[],
): Reply {
  const { reply: columns } = row;
  const { rewrites, shortfalls } = sorted(columns, rulings);
  const facts = callback.outcome.type === 'event' ? callback.outcome.event.facts : undefined;
  const { fields, shortfalls: more } = joined([
    echoed(columns, callback.body),
    rewriteEvent(columns, contentKeys(row.content), rewrites, callback.body, facts),
    targetFields(columns.targets, targets),
  ]);
  return { body: { ...CODES[dialect], ...fields }, shortfalls: [...shortfalls, ...more] };
}
