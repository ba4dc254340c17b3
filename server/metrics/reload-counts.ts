/** How often rules were reloaded, by outcome. */
import type { Reload, RuleStore } from '../../store/rule-store.js';

export type ReloadCounts = Readonly<Record<Reload['outcome'], number>>;

/** Counts from now on, the first load included. @returns a function that tells the numbers */
export function countReloads({
  status,
  onReload,
}: Pick<RuleStore, 'status' | 'onReload'>): () => ReloadCounts {
  const counts = { loaded: 0, unchanged: 0, refused: 0 };
  const first = status().lastReload;
  if (first !== null) counts[first.outcome] += 1;
  onReload(({ outcome }) => (counts[outcome] += 1));
  return () => ({ ...counts });
}
