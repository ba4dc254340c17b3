/** Finds lists and shared conditions that no rule uses, by itself or through other conditions. */
import { childOf, problemAt, type Report } from '../parse/node.js';
import type { ProblemCode } from '../problem.js';
import type { RuleDocument } from '../rule-set.js';

const SECTIONS = [
  { section: 'lists', code: 'unused-list', what: 'list' },
  { section: 'conditions', code: 'unused-condition', what: 'condition' },
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
  const open: unknown[] = documents.map(({ data }) => memberOf(data, 'rules'));
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    const { list, condition }: { list?: unknown; condition?: unknown } = value;
    if (typeof list === 'string') used.add(`list ${list}`);
    if (typeof condition === 'string' && !used.has(`condition ${condition}`)) {
      used.add(`condition ${condition}`);
      open.push(conditions.get(condition));
    }
    const members: readonly unknown[] = Object.values(value);
    for (const member of members) open.push(member);
  }
  return used;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memberOf(data: unknown, key: string): unknown {
  return isMapping(data) ? data[key] : undefined;
}
