/** What `GET /status` tells. */
import type { App } from '../adapters/index.js';
import type { Redis } from '../state/redis/redis.js';
import type { Config } from '../store/config.js';
import type { RuleStoreStatus } from '../store/rule-store.js';
import { protectionOf } from './access/protection.js';
import type { AppCounts } from './counters.js';
import type { DecisionLog } from './decision-log/decision-log.js';
import type { Gates } from './gates.js';
import type { OverloadGuard } from './overload.js';
import type { State } from './state/state.js';
import { version } from './version.js';

export interface StatusParts {
  readonly gates: Gates;
  readonly server: Pick<Config['server'], 'tls'>;
  readonly rules: RuleStoreStatus;
  readonly decisionLog: DecisionLog | undefined;
  /** Absent where the configuration names no Redis. */
  readonly fleetRedis: Pick<Redis, 'status'> | undefined;
  readonly overload: Pick<OverloadGuard, 'counts' | 'worstLag'>;
  readonly state: Pick<State, 'status' | 'usage'>;
  /** Connections that were closed because there were too many. */
  readonly refusedConnections: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly isDraining: boolean;
}

/** What a process tells about itself. */
export interface ProcessStatus {
  readonly state: 'serving' | 'draining';
  readonly revision: string | null;
  /** The worst lag of the event loop within the last 10 to 20 seconds, in milliseconds. */
  readonly eventLoopLagMs: number;
  /** Where that is kept what rules remember. */
  readonly stateStore: Readonly<Record<string, unknown>>;
  /** Numbers that add up over several processes. */
  readonly counters: object;
  readonly [name: string]: unknown;
}

/** Plain data for JSON. Moments are ISO 8601 in UTC. */
export function statusOf({
  gates,
  server,
  rules,
  decisionLog,
  fleetRedis,
  overload,
  state,
  refusedConnections,
  startedAt,
  isDraining,
}: StatusParts): ProcessStatus {
  const { lastReload, ...inForce } = rules;
  return {
    version,
    startedAt: isoTime(startedAt),
    state: isDraining ? 'draining' : 'serving',
    ...inForce,
    // For whoever asks by name.
    memory: undefined,
    release: rules.release === null ? null : { ...rules.release, at: isoTime(rules.release.at) },
    keptAt: rules.keptAt === null ? null : isoTime(rules.keptAt),
    lastReload:
      lastReload === null
        ? null
        : { ...lastReload, at: isoTime(lastReload.at), durationMs: Math.round(lastReload.durationMs) },
    eventLoopLagMs: Math.round(overload.worstLag()),
    stateStore: state.status(),
    fleetRedis: fleetRedis === undefined ? null : describeConnection(fleetRedis),
    apps: gates.all.map(({ app }) => describeApp(app, server)),
    counters: {
      apps: Object.fromEntries(
        gates.all.map(({ app, counters }): [string, AppCounts] => [app.id, counters.snapshot()]),
      ),
      overload: { ...overload.counts(), refusedConnections },
      afterQueue: gates.afterQueue.counts(),
      decisionLog: decisionLog?.counts() ?? null,
      state: state.usage.counts(),
    },
  };
}

function describeConnection({ status }: Pick<Redis, 'status'>): Readonly<Record<string, unknown>> {
  const { since, ...rest } = status();
  return { ...rest, since: isoTime(since) };
}

function isoTime(moment: number): string {
  return new Date(moment).toISOString();
}

/** Every setting but the secrets, named one by one: a new setting is not shown before somebody says so. */
function describeApp(app: App, server: StatusParts['server']): Readonly<Record<string, unknown>> {
  const { id, platform, path, default: standard, onFailure, deadline, enforce = true } = app;
  const common = {
    id,
    platform,
    path,
    default: standard,
    onFailure,
    deadline,
    enforce,
    needs: protectionOf(app, server),
  };
  switch (app.platform) {
    case 'openim':
      return { ...common, dialect: app.dialect };
    case 'tencent':
      return { ...common, sdkAppId: app.sdkAppId };
  }
}
