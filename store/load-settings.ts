/** Settings of `server` about load: how much is taken on at once, and by how many processes. */
import { EXPECTS } from './schema-problems.js';

const count = (description: string, standard: number, most: number) => ({
  description,
  type: 'integer',
  default: standard,
  minimum: 1,
  maximum: most,
  [EXPECTS]: `a whole number from 1 to ${most}`,
});

export const MAX_IN_FLIGHT_SCHEMA = count(
  'Callbacks that a process answers at the same time; further ones get the failure verdict at once.',
  1000,
  1_000_000,
);

export const MAX_CONNECTIONS_SCHEMA = count(
  'Open connections to a process; further ones are closed.',
  10_000,
  1_000_000,
);

export const AFTER_QUEUE_SCHEMA = count(
  'After-callbacks of a process that may wait for judgement once they are acknowledged; more are dropped and counted.',
  10_000,
  100_000,
);

const MOST_WORKERS = 256;

export const WORKERS_SCHEMA = {
  description: 'Processes that answer callbacks: a number, or `auto` for one per processor core.',
  type: ['integer', 'string'],
  default: 1,
  minimum: 1,
  maximum: MOST_WORKERS,
  pattern: '^(auto|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-6])$',
  [EXPECTS]: `\`auto\` or a whole number from 1 to ${MOST_WORKERS}`,
} as const;

/** The settings as config.yaml has them. */
export interface LoadData {
  readonly maxInFlight: number;
  readonly maxConnections: number;
  readonly afterQueue: number;
  readonly workers: number | string;
}

export interface LoadSettings extends Omit<LoadData, 'workers'> {
  readonly workers: number | 'auto';
}

export function completeLoad({ workers, maxInFlight, maxConnections, afterQueue }: LoadData): LoadSettings {
  return { maxInFlight, maxConnections, afterQueue, workers: workers === 'auto' ? workers : Number(workers) };
}
