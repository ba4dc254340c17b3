/** Metrics about the processes that answer callbacks. */
import { Registry } from 'prom-client';
import { register, type Family } from './family.js';
import type { MetricsSnapshot } from './snapshot.js';
import { stateHoldingFamilies, type StateSource } from './state-families.js';

export interface FleetSource {
  /** Processes that there shall be. */
  readonly wanted: number;
  /** How often one was started again because it had ended by itself. */
  readonly restarts: () => number;
  /** What the process that starts the others holds of what rules remember. */
  readonly holdings?: StateSource['holdings'] | undefined;
}

/** A gate in one process: nobody is there to start it again. */
export const ALONE: FleetSource = { wanted: 1, restarts: () => 0 };

export function fleetFamilies({ wanted, restarts }: FleetSource): readonly Family[] {
  return [
    {
      name: 'callgate_processes_wanted',
      help: 'Processes that shall answer callbacks.',
      type: 'gauge',
      // Each process wants itself; only who starts them knows better.
      aggregator: 'max',
      read: () => wanted,
    },
    {
      name: 'callgate_worker_restarts_total',
      help: 'How often a worker was started again because it had ended by itself.',
      type: 'counter',
      read: restarts,
    },
  ];
}

/** The metrics of the process that starts the others, to be added to theirs. */
export function createFleetMetrics(source: FleetSource): () => Promise<MetricsSnapshot> {
  const registry = new Registry();
  for (const family of [...fleetFamilies(source), ...stateHoldingFamilies(source)])
    register(registry, family);
  return () => registry.getMetricsAsJSON();
}
