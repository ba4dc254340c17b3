import type { Figure } from './figure.js';

/** What benchmarks are given. */
export interface Surroundings {
  /** How often everything is measured; the median counts. */
  readonly rounds: number;
  /** Tells people how far it is. */
  readonly say: (progress: string) => void;
}

/** A group of figures that are measured together. */
export interface Benchmark {
  /** As in `npm run bench -- NAME`. */
  readonly name: string;
  readonly title: string;
  /** What is measured and how, in Markdown. */
  readonly explains: string;
  measure(surroundings: Surroundings): Promise<readonly Figure[]>;
}
