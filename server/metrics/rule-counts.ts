/** How often each rule matched, how often one could not be judged, and what rules gave besides. */
import type { Decision, RuleMode } from '../../engine/decision.js';

/** Rules, ladders and labels that are counted by name; what further ones do is counted as {@link OTHER_RULES}. */
const MOST_RULES = 1000;

/** Stands for all beyond those that are counted by name; no rule can be called so. */
export const OTHER_RULES = '(other)';

export type JudgedMode = Exclude<RuleMode, 'off'>;

export interface RuleCounts {
  /**
   * Counts a decision: a rule is hit once for each target that it matches.
   *
   * @param isEnforced whether the strikes and labels that it says were given; true by default
   */
  add(decision: Decision, isEnforced?: boolean): void;
  /** Forgets the rules that are gone. @param ids rules in force */
  keep(ids: ReadonlySet<string>): void;
  hits(): readonly { readonly rule: string; readonly mode: JudgedMode; readonly count: number }[];
  errors(): readonly { readonly rule: string; readonly count: number }[];
  /** Strikes by ladder, and labels by name: at most one of each for a target. */
  strikes(): readonly (readonly [ladder: string, count: number])[];
  labels(): readonly (readonly [label: string, count: number])[];
}

/** @param most rules, ladders and labels each that are counted by name */
export function createRuleCounts(most = MOST_RULES): RuleCounts {
  const hits = { enforce: createTable(most), shadow: createTable(most) };
  const errors = createTable(most);
  const given = { strikes: createTable(most), labels: createTable(most) };
  const tables = [hits.enforce, hits.shadow, errors];
  return {
    add({ rulings }, isEnforced = true) {
      for (const ruling of rulings) {
        for (const { rule, mode } of ruling.matched) if (mode !== 'off') hits[mode].add(rule);
        for (const { rule } of ruling.errors) errors.add(rule);
        if (!isEnforced) continue;
        for (const ladder of ruling.strikes) given.strikes.add(ladder);
        for (const label of ruling.labels) given.labels.add(label);
      }
    },
    keep: (ids) => tables.forEach((table) => table.keep(ids)),
    hits: () =>
      (['enforce', 'shadow'] as const).flatMap((mode) =>
        hits[mode].list().map(([rule, count]) => ({ rule, mode, count })),
      ),
    errors: () => errors.list().map(([rule, count]) => ({ rule, count })),
    strikes: given.strikes.list,
    labels: given.labels.list,
  };
}

interface Table {
  add(name: string): void;
  keep(ids: ReadonlySet<string>): void;
  list(): readonly (readonly [name: string, count: number])[];
}

function createTable(most: number): Table {
  const counts = new Map<string, number>();
  return {
    add(one) {
      const name = counts.has(one) || counts.size < most ? one : OTHER_RULES;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    keep(ids) {
      for (const rule of counts.keys()) if (rule !== OTHER_RULES && !ids.has(rule)) counts.delete(rule);
    },
    list: () => [...counts],
  };
}
