/** Replies about single targets: who is let through, and what is changed about each. */
import type { Ruling } from '../../engine/decision.js';
import type { SyncFactSource } from '../../engine/event.js';
import type { JsonObject } from '../adapter.js';
import { isJsonObject, parsePath, valueAt, isArray } from '../path.js';
import type { Callback } from '../adapter.js';
import { rewriteFields, type Rewritten } from './rewrites.js';
import type { OpenimRow, TargetList } from './row.js';
import { copyMembers } from './wire.js';

/** A target with what the rules say about it. */
export interface JudgedTarget {
  readonly ruling: Ruling;
  /** The target as it stands in the request's list. */
  readonly item: unknown;
  readonly facts: SyncFactSource;
}

/** The targets of an event with their rulings; empty when the event has no list, or has failed. */
export function judgedTargets(
  row: OpenimRow,
  callback: Callback,
  rulings: readonly Ruling[],
): readonly JudgedTarget[] {
  if (row.each === undefined || callback.outcome.type !== 'event') return [];
  const { targets } = callback.outcome.event;
  const items = valueAt(callback.body, parsePath(row.each));
  if (!isArray(items) || items.length !== targets.length || rulings.length !== targets.length) return [];
  return rulings.flatMap((ruling, index) => {
    const target = targets[index];
    return target === undefined ? [] : [{ ruling, item: items[index], facts: target.facts }];
  });
}

/** An item for the reply; the fields say what a rule changed about it. */
function replyItem(
  list: TargetList,
  target: JudgedTarget,
): { item: unknown; isChanged: boolean } & Rewritten {
  const { fields, shortfalls } = rewriteFields(list.rewrites ?? {}, target.ruling.rewrites, target.facts);
  const item =
    list.members === undefined || !isJsonObject(target.item)
      ? target.item
      : { ...copyMembers(target.item, list.members), ...fields };
  return { item, isChanged: Object.keys(fields).length > 0, fields, shortfalls };
}

/** The reply's list about single targets; none when everybody passes unchanged. */
export function targetFields(list: TargetList | undefined, targets: readonly JudgedTarget[]): Rewritten {
  if (list === undefined) return { fields: {}, shortfalls: [] };
  const kept = targets.filter(({ ruling }) => ruling.verdict === 'allow');
  const items = kept.map((target) => replyItem(list, target));
  const shortfalls = items.flatMap((item) => item.shortfalls);
  const changed = items.filter(({ isChanged }) => isChanged);
  const isWhole = kept.length === targets.length && changed.length === 0;
  const sent = list.mode === 'amend' ? changed : items;
  const fields: JsonObject = isWhole ? {} : { [list.field]: sent.map(({ item }) => item) };
  return { fields, shortfalls };
}
