/** A condition as a tree of marked lines. */
import type { Finding } from '../../engine/finding.js';
import type { PlacedCondition } from '../../engine/placed.js';
import type { Paint } from '../suite/style.js';
import { showLeaf, showValues } from './words.js';

const UNREACHED: Finding = { holds: undefined, members: [] };

/** `✓` true, `✗` false, `·` not reached. */
export function mark(holds: boolean | undefined, paint: Paint): string {
  if (holds === undefined) return paint('dim', '·');
  return holds ? paint('green', '✓') : paint('red', '✗');
}

/** @param finding without one, nothing was reached */
export function treeLines(
  condition: PlacedCondition,
  finding: Finding = UNREACHED,
  paint: Paint,
  indent = '',
): readonly string[] {
  const shared = condition.shared === undefined ? '' : paint('dim', `  (condition ${condition.shared})`);
  const head = `${indent}${mark(finding.holds, paint)} `;
  if (condition.type === 'leaf') {
    const values =
      finding.holds === undefined ? '' : paint('dim', `  ${showValues(condition.leaf, finding)}`);
    return [`${head}${showLeaf(condition)}${shared}${values}`];
  }
  return [
    `${head}${condition.type}${shared}`,
    ...condition.members.flatMap((member, index) =>
      treeLines(member, finding.members[index], paint, `${indent}  `),
    ),
  ];
}
