/** How often each rule matched, and how often one could not be judged. */
import type { Decision, RuleMode } from '../../engine/decision.js';

/** Rules that are counted by name; what further ones do is counted as {@link OTHER_RULES}. */
const MOST_RULES = 1000;

/** Stands for all rules beyond those that are counted by name; no rule can be called so. */
export const OTHER_RULES = '(other)';

export type JudgedMode = Exclude<RuleMode, 'off'>;

export interface RuleCounts {
  /** Counts a decision: a rule is hit once for each target that it matches. */
  add(decision: Decision): void;
  /** Forgets the rules that are gone. @param ids rules in force */
  keep(ids: ReadonlySet<string>): void;
  hits(): readonly { readonly rule: string; readonly mode: JudgedMode; readonly count: number }[];
  errors(): readonly { readonly rule: string; readonly count: number }[];
}

/** @param most rules that are counted by name */
export function createRuleCounts(most = MOST_RULES): RuleCounts {
  const hits = { enforce: createTable(most), shadow: createTable(most) };
  const errors = createTable(most);
  const tables = [hits.enforce, hits.shadow, errors];
  return {
    add({ rulings }) {
      for (const ruling of rulings) {
        for (const { rule, mode } of ruling.matched) if (mode !== 'off') hits[mode].add(rule);
        for (const { rule } of ruling.errors) errors.add(rule);
      }
    },
    keep: (ids) => tables.forEach((table) => table.keep(ids)),
    hits: () =>
      (['enforce', 'shadow'] as const).flatMap((mode) =>
        hits[mode].list().map(([rule, count]) => ({ rule, mode, count })),
      ),
    errors: () => errors.list().map(([rule, count]) => ({ rule, count })),
  };
}

interface Table {
  add(rule: string): void;
  keep(ids: ReadonlySet<string>): void;
  list(): readonly (readonly [rule: string, count: number])[];
}

function createTable(most: number): Table {
  const counts = new Map<string, number>();
  return {
    add(rule) {
      const name = counts.has(rule) || counts.size < most ? rule : OTHER_RULES;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    keep(ids) {
      for (const rule of counts.keys()) if (rule !== OTHER_RULES && !ids.has(rule)) counts.delete(rule);
    },
    list: () => [...counts],
  };
}
