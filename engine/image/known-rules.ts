/** Which rules of a file are the same as the last time, as far as they are compared with others. */
import type { CheckedDocument } from './check.js';
import { ruleNode, type PackedDocument } from './document.js';
import { idsOf } from './outline.js';

export interface CheckedFile {
  readonly packed: PackedDocument;
  readonly checked: CheckedDocument;
}

/** What of a rule decides on which events it matches, and when it is judged. */
const COMPARED = ['on', 'stage', 'mode', 'priority', 'when'] as const;

/**
 * @returns by row: 1 for a rule that was there, in the same order with all others of which this is true
 */
export function knownRules(now: CheckedFile, before: CheckedFile | undefined): ArrayLike<number> {
  const ids = idsOf(now.checked.outlines);
  const known = new Uint8Array(ids.length);
  if (before === undefined) return known;
  if (now.checked === before.checked) return known.fill(1);
  // The same words may stand for something else.
  if (now.checked.basis.hash !== before.checked.basis.hash) return known;
  const rowsBefore = new Map(idsOf(before.checked.outlines).map((id, row) => [id, row]));
  let last = -1;
  for (const [row, id] of ids.entries()) {
    const rowBefore = rowsBefore.get(id) ?? -1;
    if (rowBefore <= last || comparedBy(now, row) !== comparedBy(before, rowBefore)) continue;
    known[row] = 1;
    last = rowBefore;
  }
  return known;
}

function comparedBy({ packed, checked: { outlines } }: CheckedFile, row: number): string {
  const { value } = ruleNode(packed, outlines.positions[row] ?? 0);
  const rule: Readonly<Record<string, unknown>> = { ...(typeof value === 'object' ? value : null) };
  return JSON.stringify([outlines.verdicts[row], ...COMPARED.map((key) => rule[key])]);
}
