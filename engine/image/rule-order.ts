/** The rules of all files in the order in which they are judged. */
import { childOf, problemAt, type Report } from '../parse/node.js';
import type { Outlines } from './outline.js';

/** Where a rule is told of. */
export interface RuleRow {
  readonly id: string;
  /** Number of the document. */
  readonly document: number;
  /** Number in its outlines. */
  readonly row: number;
}

/** A document as far as the order needs it. */
export interface OrderedDocument {
  readonly file: string;
  readonly ids: readonly string[];
  readonly outlines: Outlines;
}

/**
 * Priority first, then file name, then place in the file. Of rules with the same ID the first in the
 * files counts; the others are reported and left out.
 *
 * @param documents in the order of their names
 */
export function orderRules(documents: readonly OrderedDocument[], report: Report): readonly RuleRow[] {
  const seen = new Map<string, RuleRow>();
  for (const [document, { file, ids, outlines }] of documents.entries()) {
    for (const [row, id] of ids.entries()) {
      const earlier = seen.get(id);
      if (earlier === undefined) {
        seen.set(id, { id, document, row });
        continue;
      }
      const rule = { file, path: ['rules', outlines.positions[row] ?? 0], value: undefined };
      report(
        problemAt(childOf(rule, 'id', id), 'duplicate-id', `There is already a rule \`${id}\`.`, {
          hint: `The other one is in ${documents[earlier.document]?.file ?? 'another file'}.`,
        }),
      );
    }
  }
  const priorityOf = ({ document, row }: RuleRow): number =>
    documents[document]?.outlines.priorities[row] ?? 0;
  return [...seen.values()].sort((left, right) => priorityOf(right) - priorityOf(left));
}
