/** What `GET /status` tells. */
import type { App } from '../adapters/index.js';
import type { RuleStoreStatus } from '../store/rule-store.js';
import type { AppCounts } from './counters.js';
import type { DecisionLog } from './decision-log/decision-log.js';
import type { Gates } from './gates.js';
import { version } from './version.js';

export interface StatusParts {
  readonly gates: Gates;
  readonly rules: RuleStoreStatus;
  readonly decisionLog: DecisionLog | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly isDraining: boolean;
}

/** Plain data for JSON. Moments are ISO 8601 in UTC. */
export function statusOf({
  gates,
  rules,
  decisionLog,
  startedAt,
  isDraining,
}: StatusParts): Readonly<Record<string, unknown>> {
  const { lastReload, ...inForce } = rules;
  return {
    version,
    startedAt: isoTime(startedAt),
    state: isDraining ? 'draining' : 'serving',
    ...inForce,
    lastReload:
      lastReload === null
        ? null
        : { ...lastReload, at: isoTime(lastReload.at), durationMs: Math.round(lastReload.durationMs) },
    apps: gates.all.map(({ app }) => describeApp(app)),
    counters: {
      apps: Object.fromEntries(
        gates.all.map(({ app, counters }): [string, AppCounts] => [app.id, counters.snapshot()]),
      ),
      afterQueue: gates.afterQueue.counts(),
      decisionLog: decisionLog?.counts() ?? null,
    },
  };
}

function isoTime(moment: number): string {
  return new Date(moment).toISOString();
}

/** Every setting but the secrets, named one by one: a new setting is not shown before somebody says so. */
function describeApp(app: App): Readonly<Record<string, unknown>> {
  const { id, platform, path, default: standard, onFailure, deadline, enforce = true } = app;
  const common = { id, platform, path, default: standard, onFailure, deadline, enforce };
  switch (app.platform) {
    case 'openim':
      return { ...common, dialect: app.dialect };
    case 'tencent':
      return { ...common, sdkAppId: app.sdkAppId, isSigned: app.token !== undefined };
  }
}
