/**
 * Finds priorities that change the order in which a file reads.
 *
 * In one file, a rule without `priority` stands where it is read. A rule with one that is judged on the
 * other side of it, although both are on the same event, surprises the reader: either all such rules say
 * their priority, or their order in the file is the order of judging.
 */
import type { Kind } from '../kinds.js';
import { problemAt, type Node, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';
import { memberOf } from './place.js';

/** @param rules in judging order */
export function checkPriorities(rules: readonly Rule[], report: Report): void {
  const byFile = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.mode === 'off') continue;
    const file = byFile.get(rule.node.file);
    if (file === undefined) byFile.set(rule.node.file, [rule]);
    else file.push(rule);
  }
  for (const file of byFile.values()) {
    const asWritten = [...file].sort((left, right) => indexOf(left) - indexOf(right));
    reportMoved(asWritten, (priority) => priority > 0, 'before', 'above', report);
    reportMoved([...asWritten].reverse(), (priority) => priority < 0, 'after', 'below', report);
  }
}

/** Walks through a file and reports rules that have moved past one that was met before. */
function reportMoved(
  rules: readonly Rule[],
  hasMoved: (priority: number) => boolean,
  when: 'before' | 'after',
  where: 'above' | 'below',
  report: Report,
): void {
  const unmoved = new Map<string, Rule>();
  for (const rule of rules) {
    const place = priorityOf(rule);
    if (place === undefined) {
      for (const event of eventsOf(rule)) if (!unmoved.has(event)) unmoved.set(event, rule);
      continue;
    }
    const other = hasMoved(rule.priority) ? firstOn(rule, unmoved) : undefined;
    if (other === undefined) continue;
    report(
      problemAt(
        place,
        'mixed-priorities',
        `\`${rule.id}\` is judged ${when} \`${other.id}\`, which stands ${where} it and has no priority.`,
        { severity: 'warning', hint: 'Give both a `priority`, or write them in the order of judging.' },
      ),
    );
  }
}

function firstOn(rule: Rule, unmoved: ReadonlyMap<string, Rule>): Rule | undefined {
  for (const event of eventsOf(rule)) {
    const other = unmoved.get(event);
    if (other !== undefined) return other;
  }
  return undefined;
}

function eventsOf({ kinds, stages }: Rule): readonly `${Kind} ${string}`[] {
  return kinds.flatMap((kind) => stages.map((stage) => `${kind} ${stage}` as const));
}

/** Where the priority is written, if it is. */
function priorityOf({ node }: Rule): Node | undefined {
  const place = memberOf(node, 'priority');
  return place.value === undefined || place.value === null ? undefined : place;
}

/** The position of a rule in its file. */
function indexOf({ node }: Rule): number {
  return Number(node.path.at(-1));
}
