import type { Benchmark } from '../benchmark.js';
import type { Figure } from '../figure.js';
import { assess, type Assessment } from '../targets.js';
import type { Machine } from './machine.js';

/** One run of the suite. */
export interface Results {
  /** Day of the run, ISO 8601. */
  readonly date: string;
  readonly rounds: number;
  readonly machine: Machine;
  readonly groups: readonly ResultGroup[];
  /** Whether all benchmarks were run. */
  readonly isComplete: boolean;
}

export interface ResultGroup {
  readonly benchmark: Pick<Benchmark, 'name' | 'title' | 'explains'>;
  readonly figures: readonly Figure[];
}

/** How the targets fare in a run. */
export function assessResults({ groups, isComplete }: Results): readonly Assessment[] {
  return assess(
    groups.flatMap(({ figures }) => figures),
    isComplete,
  );
}
