/** Finds lists, shared conditions and counters that no rule uses, by itself or through other conditions. */
import { childOf, problemAt, type Report } from '../parse/node.js';
import type { ProblemCode } from '../problem.js';
import type { RuleDocument } from '../rule-set.js';
import { isStateFact, readStateFact } from '../state-facts.js';

const SECTIONS = [
  { section: 'lists', code: 'unused-list', what: 'list' },
  { section: 'conditions', code: 'unused-condition', what: 'condition' },
  { section: 'counters', code: 'unused-counter', what: 'counter' },
] as const satisfies readonly { section: string; code: ProblemCode; what: string }[];

/**
 * Looks at the files as they were written, so that a rule with a mistake elsewhere still uses what it
 * names. Rules that are off use things as well.
 */
export function checkUnused(documents: readonly RuleDocument[], report: Report): void {
  const used = usedNames(documents);
  for (const { file, data } of documents) {
    for (const { section, code, what } of SECTIONS) {
      const members = memberOf(data, section);
      for (const name of Object.keys(isMapping(members) ? members : {})) {
        if (used.has(`${what} ${name}`)) continue;
        const path = childOf({ file, path: [section], value: members }, name, undefined);
        const message = `No rule uses the ${what} \`${name}\`.`;
        report(problemAt(path, code, message, { severity: 'warning', atKey: true, hint: 'Remove it.' }));
      }
    }
  }
}

function usedNames(documents: readonly RuleDocument[]): ReadonlySet<string> {
  const conditions = new Map(
    documents.flatMap(({ data }) => {
      const members = memberOf(data, 'conditions');
      return isMapping(members) ? Object.entries(members) : [];
    }),
  );
  const used = new Set<string>();
  // Counters count under conditions of their own, which may use lists.
  const open: unknown[] = documents.flatMap(({ data }) => [
    memberOf(data, 'rules'),
    memberOf(data, 'counters'),
  ]);
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string') for (const name of countersIn(value)) used.add(`counter ${name}`);
    if (typeof value !== 'object' || value === null) continue;
    const { list, condition, fact }: { list?: unknown; condition?: unknown; fact?: unknown } = value;
    if (typeof list === 'string') used.add(`list ${list}`);
    if (typeof fact === 'string' && isStateFact(fact)) used.add(`counter ${readStateFact(fact).name}`);
    if (typeof condition === 'string' && !used.has(`condition ${condition}`)) {
      used.add(`condition ${condition}`);
      open.push(conditions.get(condition));
    }
    const members: readonly unknown[] = Object.values(value);
    for (const member of members) open.push(member);
  }
  return used;
}

/** Counters that a text for users names. */
function countersIn(text: string): readonly string[] {
  return text.includes('{{')
    ? [...text.matchAll(/\{\{\s*count\.([^\s{}]+)\s*\}\}/g)].map(([, name = '']) => name)
    : [];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memberOf(data: unknown, key: string): unknown {
  return isMapping(data) ? data[key] : undefined;
}
