/** Coverage as a table. */
import { displayWidth } from '../../store/code-frame.js';
import { showLeaf } from '../explain/words.js';
import { percentOf, type Coverage, type LeafCoverage, type RuleCoverage } from './coverage.js';
import type { Paint } from './style.js';
import type { Workbench } from './workbench.js';

const HEADINGS = ['rule', 'matched', 'not matched', 'conditions'] as const;

/** A line per rule, then every outcome that was not seen with its place, then the percentage. */
export function coverageTable(
  { rules, leaves, ...counts }: Coverage,
  { placeOf }: Pick<Workbench, 'placeOf'>,
  paint: Paint,
): string {
  const rows = rules.map(rowOf);
  const width = Math.max(...[HEADINGS[0], ...rows.map(([id]) => id)].map(displayWidth));
  const line = ([id, ...numbers]: readonly string[]): string =>
    `  ${id ?? ''}${' '.repeat(width - displayWidth(id ?? ''))}${numbers.map((text, index) => text.padStart((HEADINGS[index + 1]?.length ?? 0) + 2)).join('')}`;
  const missing = [
    ...rules.flatMap((rule) =>
      missingOfRule(rule).map((what) => `  ${placeOf(rule.traced.rule.node)}  ${what}`),
    ),
    ...leaves.flatMap((leaf) => missingOfLeaf(leaf).map((what) => `  ${placeOf(leaf.leaf.node)}  ${what}`)),
  ].sort();
  return [
    paint('bold', 'Coverage'),
    paint('dim', line(HEADINGS)),
    ...rows.map((row, index) => (isFull(rules[index]) ? line(row) : paint('yellow', line(row)))),
    ...(missing.length === 0 ? [] : ['', 'Not seen in any test:', ...missing]),
    '',
    summaryOf(counts),
  ].join('\n');
}

/** `Coverage 95.8 %: 46 of 48 outcomes seen`. */
export function summaryOf(counts: Pick<Coverage, 'seen' | 'total'>): string {
  return `Coverage ${percentOf(counts)} %: ${counts.seen} of ${counts.total} outcomes seen`;
}

function rowOf({
  traced,
  matched,
  unmatched,
  leaves,
}: RuleCoverage): readonly [string, string, string, string] {
  const full = leaves.filter(({ seenTrue, seenFalse }) => seenTrue && seenFalse).length;
  return [
    traced.rule.id,
    String(matched),
    traced.when === undefined ? '-' : String(unmatched),
    traced.when === undefined ? '-' : `${full}/${leaves.length}`,
  ];
}

function isFull(rule: RuleCoverage | undefined): boolean {
  return (
    rule !== undefined && missingOfRule(rule).length === 0 && rule.leaves.flatMap(missingOfLeaf).length === 0
  );
}

function missingOfRule({ traced, matched, unmatched }: RuleCoverage): readonly string[] {
  const { id } = traced.rule;
  return [
    ...(matched === 0 ? [`${id} never matches`] : []),
    ...(unmatched === 0 && traced.when !== undefined ? [`${id} always matches`] : []),
  ];
}

function missingOfLeaf({ leaf, seenTrue, seenFalse }: LeafCoverage): readonly string[] {
  const text = showLeaf(leaf);
  return [...(seenTrue ? [] : [`${text} is never true`]), ...(seenFalse ? [] : [`${text} is never false`])];
}
