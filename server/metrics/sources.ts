/** Where metrics come from: what counts anyway. */
import type { Redis } from '../../state/redis/redis.js';
import type { RuleStore } from '../../store/rule-store.js';
import type { DecisionLog } from '../decision-log/decision-log.js';
import type { Gates } from '../gates.js';
import type { OverloadGuard } from '../overload.js';
import type { SpanExporter } from '../tracing/exporter.js';
import type { ReloadCounts } from './reload-counts.js';
import type { StateSource } from './state-families.js';

export interface MetricSources {
  readonly gates: Gates;
  readonly ruleStore: Pick<RuleStore, 'current' | 'status'>;
  readonly reloads: () => ReloadCounts;
  readonly isReady: () => boolean;
  readonly overload: Pick<OverloadGuard, 'counts' | 'worstLag'>;
  /** Connections that were closed because there were too many. */
  readonly refusedConnections: () => number;
  /** Absent when decisions are not logged. */
  readonly decisionLog: Pick<DecisionLog, 'counts'> | undefined;
  /** Absent where the configuration names no Redis. */
  readonly fleetRedis: Pick<Redis, 'status'> | undefined;
  readonly state: StateSource;
  /** Absent when callbacks are not traced. */
  readonly spans: Pick<SpanExporter, 'counts'> | undefined;
}
