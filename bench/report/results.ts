import type { Benchmark } from '../benchmark.js';
import type { Figure } from '../figure.js';
import type { Machine } from './machine.js';

/** One run of the suite. */
export interface Results {
  /** Day of the run, ISO 8601. */
  readonly date: string;
  readonly rounds: number;
  readonly machine: Machine;
  readonly groups: readonly ResultGroup[];
}

export interface ResultGroup {
  readonly benchmark: Pick<Benchmark, 'name' | 'title' | 'explains'>;
  readonly figures: readonly Figure[];
}

export function allFigures({ groups }: Results): readonly Figure[] {
  return groups.flatMap(({ figures }) => figures);
}
