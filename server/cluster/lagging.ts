/** Which workers have other rules than the rest. */

/** A worker's rules, and since when it has had them, in milliseconds. */
export interface Holding {
  readonly revision: string | null;
  readonly since: number;
}

/** Milliseconds that workers may differ: they read the same files, but not at the same moment. */
const TOLERANCE = 5_000;

/** The revision that most workers have; of several, the one that came last. */
export function majorityOf(holdings: readonly Holding[]): string | null {
  const groups = [...new Set(holdings.map(({ revision }) => revision))].map((revision) => {
    const members = holdings.filter((holding) => holding.revision === revision);
    return { revision, size: members.length, since: firstOf(members) };
  });
  groups.sort((left, right) => right.size - left.size || right.since - left.since);
  return groups[0]?.revision ?? null;
}

/** For each worker, whether it has had another revision than the majority for too long. */
export function laggingOf(holdings: readonly Holding[], now: number): readonly boolean[] {
  const majority = majorityOf(holdings);
  const since = firstOf(holdings.filter(({ revision }) => revision === majority));
  return holdings.map(
    (holding) => holding.revision !== majority && now - Math.max(since, holding.since) > TOLERANCE,
  );
}

/** When the first of them came. */
function firstOf(holdings: readonly Holding[]): number {
  return Math.min(...holdings.map(({ since }) => since));
}
