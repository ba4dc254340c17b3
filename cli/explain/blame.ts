/** Why a condition does not hold: the fewest leaves that would have to be otherwise. */
import type { Finding } from '../../engine/finding.js';
import type { PlacedCondition, PlacedLeaf } from '../../engine/placed.js';

export interface Blamed {
  readonly leaf: PlacedLeaf;
  readonly finding: Finding;
}

/** Each leaf of a condition with what was found for it. */
export function* foundLeaves(condition: PlacedCondition, finding: Finding): Generator<Blamed> {
  if (condition.type === 'leaf') {
    yield { leaf: condition, finding };
    return;
  }
  for (const [member, found] of pairs(condition.members, finding.members)) yield* foundLeaves(member, found);
}

/**
 * The fewest leaves that keep a condition from holding. Of an `all`, every member that is false counts;
 * of an `any`, the one that is easiest to make true; within a `not`, it is the other way round.
 *
 * @param finding of a condition that is false, or with `wanted` false, of one that is true
 */
export function blame(condition: PlacedCondition, finding: Finding, wanted = true): readonly Blamed[] {
  if (finding.holds === wanted) return [];
  switch (condition.type) {
    case 'leaf':
      return [{ leaf: condition, finding }];
    case 'not':
      return pairs(condition.members, finding.members).flatMap(([member, found]) =>
        blame(member, found, !wanted),
      );
    case 'all':
    case 'any': {
      const members = pairs(condition.members, finding.members)
        .filter(([, found]) => found.holds !== wanted)
        .map(([member, found]) => blame(member, found, wanted));
      return (condition.type === 'all') === wanted ? members.flat() : fewest(members);
    }
  }
}

function fewest(candidates: readonly (readonly Blamed[])[]): readonly Blamed[] {
  return candidates.reduce((best, one) => (one.length < best.length ? one : best), candidates[0] ?? []);
}

function pairs<A, B>(left: readonly A[], right: readonly B[]): readonly (readonly [A, B])[] {
  return left.flatMap((member, index) => {
    const other = right[index];
    return other === undefined ? [] : [[member, other] as const];
  });
}
