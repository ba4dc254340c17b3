import type { Benchmark } from './benchmark.js';
import { decision } from './decision/decision.js';
import { http } from './http/http.js';
import { workers } from './http/workers.js';
import { memory } from './rules/memory.js';
import { reload } from './rules/reload.js';
import { peers } from './decision/peers.js';
import { state } from './state/state.js';

/** All benchmarks, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [decision, peers, state, http, workers, reload, memory];
