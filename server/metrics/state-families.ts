/** Metrics about what rules remember. */
import type { State, StateHoldings } from '../state/state.js';
import type { Family, LatencyFamily, Rows } from './family.js';

export type StateSource = Pick<State, 'type' | 'usage' | 'holdings' | 'backlog' | 'isDegraded'>;

/** What a process asks of a store. */
export function stateUsageFamilies({ usage, backlog, isDegraded }: StateSource): readonly Family[] {
  return [
    {
      name: 'callgate_state_commands_total',
      help: 'Counts, labels and claims that rules asked for, by type.',
      type: 'counter',
      labels: ['type'],
      read: () => Object.entries(usage.counts().commands).map(([type, number]) => [[type], number]),
    },
    {
      name: 'callgate_state_failures_total',
      help: 'Times that what rules remember could not be asked for.',
      type: 'counter',
      read: () => usage.counts().failed,
    },
    {
      name: 'callgate_state_local_total',
      help: 'Times that a process answered by itself because the shared store did not.',
      type: 'counter',
      read: () => usage.counts().local,
    },
    {
      name: 'callgate_state_degraded',
      help: '1 while a process remembers for itself because the shared store does not answer.',
      type: 'gauge',
      aggregator: 'max',
      read: () => Number(isDegraded()),
    },
    {
      name: 'callgate_state_waiting_commands',
      help: 'Counts, labels and claims that the shared store is still to be told.',
      type: 'gauge',
      read: () => backlog?.().waiting ?? [],
    },
    {
      name: 'callgate_state_lost_commands_total',
      help: 'Counts, labels and claims that the shared store will never be told, because too many waited.',
      type: 'counter',
      read: () => backlog?.().lost ?? [],
    },
  ];
}

/** How long a store takes. */
export function stateLatencyFamily({ type, usage }: StateSource): LatencyFamily {
  return {
    name: 'callgate_state_duration_seconds',
    help: 'Time until what rules remember was told, per callback that asked.',
    label: 'store',
    read: () => [[type, usage.latency()]],
  };
}

/** What the process that keeps a store in memory holds. */
export function stateHoldingFamilies({
  holdings,
}: {
  readonly holdings?: StateSource['holdings'] | undefined;
}): readonly Family[] {
  if (holdings === undefined) return [];
  const ofSnapshot = (read: (snapshot: NonNullable<StateHoldings['snapshot']>) => number | null): Rows => {
    const { snapshot } = holdings();
    const value = snapshot === null ? null : read(snapshot);
    return value === null ? [] : [[[], value]];
  };
  return [
    {
      name: 'callgate_state_keys',
      help: 'Counts, labels and the like that are held in memory.',
      type: 'gauge',
      read: () => holdings().keys,
    },
    {
      name: 'callgate_state_evictions_total',
      help: 'Keys that were dropped before their time because there were too many.',
      type: 'counter',
      read: () => holdings().dropped,
    },
    {
      name: 'callgate_state_snapshot_age_seconds',
      help: 'Time since the state was last saved; it is not when nothing changes.',
      type: 'gauge',
      read: () => ofSnapshot(({ savedAt }) => (savedAt === null ? null : (Date.now() - savedAt) / 1000)),
    },
    {
      name: 'callgate_state_snapshot_duration_seconds',
      help: 'Time that saving the state took last.',
      type: 'gauge',
      read: () => ofSnapshot(({ durationMs }) => (durationMs === null ? null : durationMs / 1000)),
    },
    {
      name: 'callgate_state_snapshot_failures_total',
      help: 'Times that the state could not be saved.',
      type: 'counter',
      read: () => ofSnapshot(({ failures }) => failures),
    },
  ];
}
