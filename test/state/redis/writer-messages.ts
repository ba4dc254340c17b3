/** What a test and the processes that write for it tell each other. */
import type { StateCommand } from '../../../engine/state.js';
import type { RedisSettings } from '../../../state/redis/redis.js';

/** What one process does: several writers at the same time, each sending one run after the other. */
export interface Assignment {
  readonly settings: RedisSettings;
  readonly writers: readonly (readonly (readonly StateCommand[])[])[];
}

/** The results of each run of each writer. */
export type Report = readonly (readonly (readonly number[])[])[];
