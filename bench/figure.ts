/** What a benchmark finds out. */

/** Unit of a figure; `times` is a ratio. */
export type Unit = 'µs' | 'ms' | 's' | 'MiB' | 'bytes' | 'callbacks/s' | 'times';

/** A measured figure, or why there is none. */
export type Figure = MeasuredFigure | MissingFigure;

export interface MeasuredFigure {
  /** Stable name that targets refer to, such as `decision.none`. */
  readonly id: string;
  readonly label: string;
  readonly unit: Unit;
  /** One value for each round; never empty. */
  readonly samples: readonly number[];
}

export interface MissingFigure {
  readonly id: string;
  readonly label: string;
  readonly unavailable: string;
}

/** The middle one of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  return (lower + upper) / 2;
}

/** Lowest and highest value. */
export function spread(values: readonly number[]): readonly [low: number, high: number] {
  return [Math.min(...values), Math.max(...values)];
}

/**
 * How many times as much the first is as the second, round by round: what disturbs the machine in one
 * round disturbs both.
 */
export function ratios(first: readonly number[], second: readonly number[]): readonly number[] {
  return first.slice(0, second.length).map((value, round) => value / (second[round] ?? NaN));
}
