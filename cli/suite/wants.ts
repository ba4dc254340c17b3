/** What can be wanted of a ruling: one row each, with how it is read, what came out, and how several add up. */
import type { Ruling } from '../../engine/decision.js';
import { rewrittenFacts } from '../../engine/effects.js';
import type { SyncFactSource } from '../../engine/event.js';
import { hintFor } from '../../engine/nearest.js';
import { parseFacts } from '../../engine/parse/examples.js';
import {
  problemAt,
  readAnyText,
  readInteger,
  readText,
  readTexts,
  readWord,
  type Node,
  type Report,
} from '../../engine/parse/node.js';
import { isRecord } from '../../store/data.js';
import type { RULING_SHAPE } from './shapes.js';

export type WantName = keyof typeof RULING_SHAPE;

/** A ruling and the facts that it was made on. */
export interface Ruled {
  readonly ruling: Ruling;
  readonly facts: SyncFactSource;
}

interface WantKind {
  /** @param ruleIds IDs of all rules @returns plain data, or `undefined` after a report */
  parse(node: Node, report: Report, ruleIds: readonly string[]): unknown;
  /** What came out of one ruling, to be compared with what is wanted; `null` for nothing. */
  got(ruled: Ruled, want: unknown): unknown;
  /** What came out of the rulings on all targets. */
  merge(parts: readonly unknown[]): unknown;
}

const VERDICTS = ['allow', 'refuse', 'discard', 'none'] as const;

export const WANTS: Readonly<Record<WantName, WantKind>> = {
  verdict: {
    parse: (node, report) => readWord(node, VERDICTS, report),
    got: ({ ruling }, want) => (want === 'none' && ruling.decidedBy === null ? 'none' : ruling.verdict),
    merge: distinct,
  },
  rule: { parse: readRuleId, got: ({ ruling }) => ruling.decidedBy, merge: distinct },
  matched: {
    parse: (node, report, ruleIds) =>
      textNodes(node, report)
        .flatMap((member) => readRuleId(member, report, ruleIds) ?? [])
        .sort(),
    got: ({ ruling }) => ruling.matched.map(({ rule }) => rule).sort(),
    merge: union,
  },
  tag: { parse: readSet, got: ({ ruling }) => [...ruling.tags].sort(), merge: union },
  notify: { parse: readSet, got: ({ ruling }) => [...ruling.notify].sort(), merge: union },
  strike: { parse: readSet, got: ({ ruling }) => [...ruling.strikes].sort(), merge: union },
  label: { parse: readSet, got: ({ ruling }) => [...ruling.labels].sort(), merge: union },
  rewrite: {
    parse: (node, report) => Object.fromEntries(parseFacts(node, report)),
    got: ({ ruling, facts }) => Object.fromEntries(rewrittenFacts(ruling.rewrites, facts)),
    merge: byKey,
  },
  reason: {
    parse: (node, report) => readInteger(node, 1, 99, report),
    got: ({ ruling }) => ruling.refusal?.reason ?? null,
    merge: distinct,
  },
  message: { parse: readAnyText, got: ({ ruling }) => ruling.refusal?.message ?? null, merge: distinct },
  detail: { parse: readAnyText, got: ({ ruling }) => ruling.refusal?.detail ?? null, merge: distinct },
};

function readRuleId(node: Node, report: Report, ruleIds: readonly string[]): string | undefined {
  const id = readText(node, report);
  if (id === undefined || ruleIds.includes(id)) return id;
  const hint = ruleIds.length === 0 ? 'There are no rules.' : hintFor(id, ruleIds);
  report(problemAt(node, 'wrong-value', `There is no rule \`${id}\`.`, { hint }));
  return undefined;
}

/** One text or a list of them, which may be empty: nothing is a thing to want, too. */
function textNodes(node: Node, report: Report): readonly Node[] {
  return Array.isArray(node.value) && node.value.length === 0 ? [] : readTexts(node, report);
}

function readSet(node: Node, report: Report): readonly string[] {
  return textNodes(node, report)
    .map(({ value }) => String(value))
    .sort();
}

/** The only value that is something; a list where there are several. */
function distinct(parts: readonly unknown[]): unknown {
  const different = new Map(
    parts.filter((part) => part !== null).map((part) => [JSON.stringify(part), part]),
  );
  const [first = null, ...others] = different.values();
  return others.length === 0 ? first : [first, ...others];
}

function union(parts: readonly unknown[]): unknown {
  return [...new Set(parts.flat())].sort();
}

function byKey(parts: readonly unknown[]): unknown {
  const records = parts.filter(isRecord);
  const keys = new Set(records.flatMap((record) => Object.keys(record)));
  const values = (key: string): readonly unknown[] =>
    records.filter((record) => Object.hasOwn(record, key)).map((record) => record[key]);
  return Object.fromEntries([...keys].map((key) => [key, distinct(values(key))]));
}
