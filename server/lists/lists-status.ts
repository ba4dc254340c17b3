/** What `GET /status` tells about live lists. */
import type { ListSummary } from '../../state/lists/book.js';
import type { LiveListStore } from '../../state/lists/store.js';

/** Plain data for JSON. Moments are ISO 8601 in UTC. */
export function listsStatusOf(
  store: LiveListStore,
  declared: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    ...store.status(),
    lists: listsOf(store, declared).map((list) => describeList(list, declared)),
  };
}

/** The lists that rules name, and those that have entries though no rule names them. */
export function listsOf(store: LiveListStore, declared: readonly string[]): readonly ListSummary[] {
  const kept = store.reader.summaries().filter(({ entries }) => entries > 0);
  const names = new Set([...declared, ...kept.map(({ name }) => name)]);
  return [...names].sort().map((name) => store.reader.summary(name));
}

export interface ListDescription {
  readonly name: string;
  readonly entries: number;
  /** Counts the changes. */
  readonly version: number;
  readonly changedAt: string | null;
  /** Whether the rules in force name it. */
  readonly isDeclared: boolean;
}

export function describeList(
  { name, entries, version, changedAt }: ListSummary,
  declared: readonly string[],
): ListDescription {
  return {
    name,
    entries,
    version,
    changedAt: changedAt === 0 ? null : new Date(changedAt).toISOString(),
    isDeclared: declared.includes(name),
  };
}
