/** What the project promises of its speed. */
import { median, type Figure } from './figure.js';

export interface Target {
  /** The figure that it is about. */
  readonly figure: string;
  readonly label: string;
  readonly limit: number;
  readonly wants: 'at most' | 'at least';
}

export const TARGETS: readonly Target[] = [
  { figure: 'decision.none', label: 'decision, 10,000 rules, none matches', wants: 'at most', limit: 5 },
  { figure: 'decision.one', label: 'decision, 10,000 rules, one matches', wants: 'at most', limit: 30 },
  { figure: 'decision.five', label: 'decision, 10,000 rules, five match', wants: 'at most', limit: 100 },
  { figure: 'decision.growth', label: '100 rules to 100,000, none matching', wants: 'at most', limit: 1.5 },
  { figure: 'list.ids.growth', label: 'list of 100,000 user IDs against 10', wants: 'at most', limit: 1.5 },
  { figure: 'list.words.growth', label: 'list of 100,000 words against 10', wants: 'at most', limit: 1.5 },
  {
    figure: 'peers.stock.ratio',
    label: 'json-rules-engine alone against Callgate',
    wants: 'at least',
    limit: 10_000,
  },
  { figure: 'http.rules', label: 'HTTP: 10,000 rules against none', wants: 'at least', limit: 0.9 },
  {
    figure: 'http.koa',
    label: 'HTTP: Callgate against Koa, router and body parser',
    wants: 'at least',
    limit: 1,
  },
  { figure: 'reload.save', label: 'one of 100 files saved, in force', wants: 'at most', limit: 500 },
  { figure: 'reload.stall', label: 'longest stall meanwhile', wants: 'at most', limit: 20 },
  { figure: 'load.first', label: 'first load of 10,000 rules in 100 files', wants: 'at most', limit: 6 },
  { figure: 'memory.10000', label: 'resident memory, 10,000 rules', wants: 'at most', limit: 150 },
  { figure: 'memory.100000', label: 'resident memory, 100,000 rules', wants: 'at most', limit: 400 },
  { figure: 'workers.two', label: 'two workers against one', wants: 'at least', limit: 1.7 },
];

export interface Assessment {
  readonly target: Target;
  /** The median; `undefined` when the figure could not be measured. */
  readonly value: number | undefined;
  readonly isReached: boolean;
}

/**
 * Compares figures with the targets that are about them. A figure that could not be measured reaches nothing.
 *
 * @param isComplete whether everything was measured: then a target without a figure is missed
 */
export function assess(
  figures: readonly Figure[],
  isComplete: boolean,
  targets: readonly Target[] = TARGETS,
): readonly Assessment[] {
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  return targets.flatMap((target) => {
    const figure = byId.get(target.figure);
    if (figure === undefined && !isComplete) return [];
    const value = figure !== undefined && 'samples' in figure ? median(figure.samples) : undefined;
    return [{ target, value, isReached: value !== undefined && isWithin(value, target) }];
  });
}

function isWithin(value: number, { wants, limit }: Target): boolean {
  return wants === 'at most' ? value <= limit : value >= limit;
}
