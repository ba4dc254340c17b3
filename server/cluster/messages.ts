/** What the primary and its workers say to each other. Both run the same build, so only the kind is checked. */
import type { ListUpdate } from '../../state/lists/updates.js';
import type { Config } from '../../store/config.js';
import type { Reload, RuleStoreStatus } from '../../store/rule-store.js';
import type { Address } from '../address.js';
import type { MetricsSnapshot } from '../metrics/snapshot.js';
import type { ProcessStatus } from '../status.js';

/** What the primary tells a worker. */
export type Order =
  | ({ readonly type: 'start' } & WorkerTask)
  /** Comes with a socket. */
  | { readonly type: 'connection'; readonly id: number }
  | { readonly type: 'report'; readonly id: number }
  /** A reply about what rules remember (`state/ipc`). */
  | { readonly type: 'state'; readonly text: string }
  /** Live lists: what there is, then `null`, and each change. */
  | { readonly type: 'lists'; readonly update: ListUpdate | null }
  | { readonly type: 'drain' };

export interface WorkerTask {
  /** Number of the worker, from 1; free again when it has ended. */
  readonly slot: number;
  readonly config: Config;
  /** Where the primary accepts connections. */
  readonly address: Address;
  /** File of the last good rules. */
  readonly lastGood: string;
}

/** What a worker tells the primary. */
export type Answer =
  | { readonly type: 'serving'; readonly rules: RuleStoreStatus }
  /** It cannot start; the message is for people. */
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'said'; readonly text: string }
  | { readonly type: 'taken'; readonly id: number }
  | { readonly type: 'reloaded'; readonly reload: Reload; readonly rules: RuleStoreStatus }
  | { readonly type: 'report'; readonly id: number; readonly report: WorkerReport }
  /** A request about what rules remember (`state/ipc`). */
  | { readonly type: 'state'; readonly text: string }
  /** A mistake was caught where nobody knows what it has left behind. */
  | { readonly type: 'unsound' };

/** How a worker is. */
export interface WorkerReport {
  readonly status: ProcessStatus;
  readonly metrics: MetricsSnapshot;
}

const ORDERS: ReadonlySet<unknown> = new Set<Order['type']>([
  'start',
  'connection',
  'report',
  'state',
  'lists',
  'drain',
]);
const ANSWERS: ReadonlySet<unknown> = new Set<Answer['type']>([
  'serving',
  'failed',
  'said',
  'taken',
  'reloaded',
  'report',
  'unsound',
  'state',
]);

export function isOrder(message: unknown): message is Order {
  return ORDERS.has(typeOf(message));
}

export function isAnswer(message: unknown): message is Answer {
  return ANSWERS.has(typeOf(message));
}

function typeOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
}
