/** Counts what is asked of a state store, and how long it takes. */
import type { StateAnswer, StateCommand, StateStore } from '../../engine/state.js';
import { createLatency, type LatencyCounts } from '../metrics/latency.js';

export interface StateUsageCounts {
  /** Commands by type. */
  readonly commands: Readonly<Record<StateCommand['type'], number>>;
  /** Runs that were not answered. */
  readonly failed: number;
  /** Runs that the process answered by itself, because the shared store could not be asked. */
  readonly local: number;
}

export interface StateUsage {
  counts(): StateUsageCounts;
  /** How long runs took, those that failed included. */
  latency(): LatencyCounts;
}

/** @returns the store to ask from now on */
export function observeStore(observed: StateStore): {
  readonly store: StateStore;
  readonly usage: StateUsage;
} {
  const commands: Record<StateCommand['type'], number> = { count: 0, distinct: 0, label: 0, claim: 0 };
  const latency = createLatency();
  let failed = 0;
  let local = 0;

  function answered(answer: StateAnswer, began: number): StateAnswer {
    latency.observe(performance.now() - began);
    if (answer.isLocal) local += 1;
    return answer;
  }

  function notAnswered(error: unknown, began: number): never {
    latency.observe(performance.now() - began);
    failed += 1;
    throw error;
  }

  return {
    store: {
      run(asked) {
        for (const { type } of asked) commands[type] += 1;
        const began = performance.now();
        const answer = observed.run(asked);
        if (!(answer instanceof Promise)) return answered(answer, began);
        return answer.then(
          (known) => answered(known, began),
          (error: unknown) => notAnswered(error, began),
        );
      },
    },
    usage: {
      counts: () => ({ commands: { ...commands }, failed, local }),
      latency: () => latency.counts(),
    },
  };
}
