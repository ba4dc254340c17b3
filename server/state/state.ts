/** Where this process keeps what rules remember. */
import type { Logger } from 'pino';
import type { StateStore } from '../../engine/state.js';
import type { StateSettings } from '../../store/config.js';
import { openMemoryState } from './memory-state.js';
import { openRedisState } from './redis-state.js';
import type { StateUsage } from './usage.js';

/** What a store in memory holds. */
export interface StateHoldings {
  readonly keys: number;
  /** Keys that were dropped because there were too many. */
  readonly dropped: number;
  /** `null` where nothing is kept over a restart. */
  readonly snapshot: {
    /** Milliseconds since 1970; `null` when nothing was saved yet. */
    readonly savedAt: number | null;
    /** `null` before the first one of this process. */
    readonly durationMs: number | null;
    readonly failures: number;
  } | null;
}

/** What a shared store is still to be told, since it could not be asked. */
export interface StateBacklog {
  readonly waiting: number;
  /** Commands that it will never be told, because there were too many. */
  readonly lost: number;
}

export interface State {
  readonly type: StateSettings['type'];
  readonly store: StateStore;
  /** The same without a stand-in: rejects when the shared store cannot be asked. Reads may be of moments to come. */
  readonly direct: StateStore;
  /** Plain data for `GET /status`, without secrets; moments are ISO 8601. */
  status(): Readonly<Record<string, unknown>>;
  /** What was asked of the store by this process. */
  readonly usage: StateUsage;
  /** Absent where this process holds nothing. */
  readonly holdings?: () => StateHoldings;
  /** Absent where no store is shared. */
  readonly backlog?: () => StateBacklog;
  /** Whether the shared store cannot be asked, and this process remembers for itself. */
  isDegraded(): boolean;
  /** Keeps what shall survive. Does not reject. */
  close(): Promise<void>;
}

/** Opens what the configuration names. Does not reject: without its snapshot or Redis, a store begins empty. */
export async function openState(settings: StateSettings, logger: Logger): Promise<State> {
  return settings.type === 'memory'
    ? openMemoryState(settings, logger)
    : openRedisState(settings.redis, logger);
}
