/** Metrics about rules: what is in force, what it does, and how the last reloads went. */
import type { Severity } from '../../engine/problem.js';
import type { RuleSet } from '../../engine/rule-set.js';
import type { Family, Rows } from './family.js';
import type { MetricSources } from './sources.js';

export function ruleFamilies({ gates, ruleStore, reloads, fleetRedis }: MetricSources): readonly Family[] {
  const { ruleCounts } = gates;
  const keepCurrent = createKeeper(ruleStore, (ids) => ruleCounts.keep(ids));
  return [
    {
      name: 'callgate_rule_hits_total',
      help: 'How often a rule in force matched: once for each target that it was judged for.',
      type: 'counter',
      labels: ['rule', 'mode'],
      read: () => {
        keepCurrent();
        return ruleCounts.hits().map(({ rule, mode, count }) => [[rule, mode], count]);
      },
    },
    {
      name: 'callgate_rule_errors_total',
      help: 'How often a rule in force could not be judged.',
      type: 'counter',
      labels: ['rule'],
      read: () => {
        keepCurrent();
        return ruleCounts.errors().map(({ rule, count }) => [[rule], count]);
      },
    },
    {
      name: 'callgate_strikes_total',
      help: 'Decisions on a target that gave a strike, by ladder.',
      type: 'counter',
      labels: ['ladder'],
      read: () => ruleCounts.strikes().map(([ladder, count]) => [[ladder], count]),
    },
    {
      name: 'callgate_labels_total',
      help: 'Decisions on a target that gave a label, by label.',
      type: 'counter',
      labels: ['label'],
      read: () => ruleCounts.labels().map(([label, count]) => [[label], count]),
    },
    {
      name: 'callgate_rules_info',
      help: 'Revision of the rules in force; the value is the number of processes that judge by it.',
      type: 'gauge',
      labels: ['revision'],
      read: () => [[[ruleStore.current()?.revision ?? 'none'], 1]],
    },
    {
      name: 'callgate_rules_release',
      help: 'Number of the release in force; of several processes, the oldest. None without published rules.',
      type: 'gauge',
      aggregator: 'min',
      read: () => {
        const { release } = ruleStore.status();
        return release === null ? [] : [[[], release.number]];
      },
    },
    {
      name: 'callgate_fleet_redis_connected',
      help: '1 while there is a connection to Redis for rules, signs of life and the stream of decisions.',
      type: 'gauge',
      aggregator: 'min',
      read: () => (fleetRedis === undefined ? [] : [[[], Number(fleetRedis.status().connected)]]),
    },
    {
      name: 'callgate_rules',
      help: 'Rules in force, by mode.',
      type: 'gauge',
      labels: ['mode'],
      aggregator: 'max',
      read: () => Object.entries(ruleStore.status().rules).map(([mode, number]) => [[mode], number]),
    },
    {
      name: 'callgate_rule_files',
      help: 'Rule files in force.',
      type: 'gauge',
      aggregator: 'max',
      read: () => ruleStore.status().files,
    },
    {
      name: 'callgate_list_entries',
      help: 'Entries of each list in force.',
      type: 'gauge',
      labels: ['list'],
      aggregator: 'max',
      read: () => [...(ruleStore.current()?.listSizes ?? [])].map(([list, size]) => [[list], size]),
    },
    {
      name: 'callgate_reloads_total',
      help: 'Attempts to put the rule files in force, by outcome.',
      type: 'counter',
      labels: ['outcome'],
      aggregator: 'max',
      read: () => Object.entries(reloads()).map(([outcome, number]) => [[outcome], number]),
    },
    {
      name: 'callgate_rules_refused',
      help: '1 while the rule files have errors, so that an older revision is in force.',
      type: 'gauge',
      aggregator: 'max',
      read: () => Number(ruleStore.status().lastReload?.outcome === 'refused'),
    },
    {
      name: 'callgate_rules_kept',
      help: '1 while the rules in force were kept from before a restart, because the rule files have errors.',
      type: 'gauge',
      aggregator: 'max',
      read: () => Number(ruleStore.status().source === 'last-good'),
    },
    {
      name: 'callgate_last_reload_timestamp_seconds',
      help: 'When the rule files were last read, in seconds since 1970.',
      type: 'gauge',
      aggregator: 'max',
      read: () => (ruleStore.status().lastReload?.at ?? 0) / 1000,
    },
    {
      name: 'callgate_last_reload_duration_seconds',
      help: 'How long the last reload took.',
      type: 'gauge',
      aggregator: 'max',
      read: () => (ruleStore.status().lastReload?.durationMs ?? 0) / 1000,
    },
    {
      name: 'callgate_rule_problems',
      help: 'Problems that the last reload found, by severity.',
      type: 'gauge',
      labels: ['severity'],
      aggregator: 'max',
      read: () => problemRows(ruleStore.status()),
    },
  ];
}

/** Forgets the rules that are gone, once for each rule set. */
function createKeeper(
  ruleStore: Pick<MetricSources['ruleStore'], 'current'>,
  keep: (ids: ReadonlySet<string>) => void,
): () => void {
  let seen: RuleSet | null = null;
  let ids: ReadonlySet<string> = new Set();
  return () => {
    const current = ruleStore.current();
    if (current !== seen) {
      seen = current;
      ids = new Set(current?.rules.map(({ id }) => id));
    }
    keep(ids);
  };
}

function problemRows({ lastReload }: ReturnType<MetricSources['ruleStore']['status']>): Rows {
  const numbers: Record<Severity, number> = { error: 0, warning: 0 };
  for (const { severity } of lastReload?.problems ?? []) numbers[severity] += 1;
  return Object.entries(numbers).map(([severity, number]) => [[severity], number]);
}
