/** What answers callbacks in a process: apps, rules, logs and the callback listener. */
import type { Logger } from 'pino';
import type { StateStore } from '../engine/state.js';
import type { Redis } from '../state/redis/redis.js';
import type { Config } from '../store/config.js';
import type { Reload, RuleStore, RuleStoreStatus } from '../store/rule-store.js';
import type { Address } from './address.js';
import type { Readiness } from './admin-app.js';
import { describeSource } from './banner.js';
import { createCallbackApp } from './callback-app.js';
import { startDeadline } from './deadline.js';
import { openDecisionLog } from './decision-log/decision-log.js';
import { startFleetBeat } from './fleet-beat.js';
import { createGates } from './gates.js';
import { openListener, type Connections } from './listener.js';
import { createMetrics, type Metrics } from './metrics/registry.js';
import { countReloads } from './metrics/reload-counts.js';
import { createOverloadGuard } from './overload.js';
import { openState, type State } from './state/state.js';
import { statusOf, type ProcessStatus } from './status.js';
import { openTracing } from './tracing/tracing.js';

export interface CallbackServerParts {
  readonly config: Config;
  /** With rules in force. The server watches it, and closes it in the end. */
  readonly ruleStore: RuleStore;
  readonly logger: Logger;
  /** For the stream of decisions and signs of life. The server closes it in the end. */
  readonly fleetRedis?: Redis | undefined;
  /** What rules remember; without it, as configured. The server closes it in the end. */
  readonly state?: State;
  /** Told of every reload after the first load. */
  readonly onReload: (reload: Reload, rules: RuleStoreStatus) => void;
  /** Where connections come from; without it, from the configured address. */
  readonly connections?: Connections;
  /** Milliseconds that open requests and work after replies may take once the server shall close. */
  readonly drainLimit?: number;
}

export interface CallbackServer {
  readonly address: Address;
  /** Such as `http://127.0.0.1:8080`; an app answers at this and its path. */
  readonly origin: string;
  readiness(): Readiness;
  rules(): RuleStoreStatus;
  status(): ProcessStatus;
  readonly metrics: Metrics;
  /** What rules remember, without a stand-in; `undefined` once the server shall close. */
  directState(): StateStore | undefined;
  /** Stops accepting, finishes what is in flight, then closes everything. Later calls wait for the first. */
  close(): Promise<void>;
}

const DRAIN_LIMIT = 10_000;
const LOG_DRAIN_LIMIT = 5_000;
const SPAN_DRAIN_LIMIT = 2_000;

/** Starts to answer callbacks. @throws ListenError */
export async function startCallbackServer(parts: CallbackServerParts): Promise<CallbackServer> {
  const { config, ruleStore, logger, fleetRedis, drainLimit = DRAIN_LIMIT } = parts;
  const atStart = ruleStore.current();
  if (atStart === null) throw new Error('no rules are in force');
  const startedAt = Date.now();
  const phase = { isDraining: false };
  const { maxInFlight, maxConnections, afterQueue: afterCapacity } = config.server;
  const state = parts.state ?? (await openState(config.state, logger));
  const overload = createOverloadGuard({ maxInFlight });
  const decisionLog = openDecisionLog({ settings: config.decisionLog, logger, redis: fleetRedis });
  const tracing = openTracing(config.tracing, logger);
  const gates = createGates({
    apps: config.apps,
    trustProxy: config.server.trustProxy,
    currentRuleSet: () => ruleStore.current() ?? atStart,
    afterCapacity,
    logger,
    state: state.store,
    decisionLog,
    logInterval: config.log.interval,
    tracer: tracing?.tracer,
  });
  const callbackApp = createCallbackApp({
    gates: gates.all,
    bodyLimit: config.server.bodyLimit,
    isDraining: () => phase.isDraining,
    overload,
    logger,
  });
  const listener = await openListener(callbackApp.callback(), config.server.listen, {
    maxConnections,
    connections: parts.connections,
    tls: config.server.tls && { settings: config.server.tls, logger },
  });
  const metrics = createMetrics({
    gates,
    ruleStore,
    reloads: countReloads(ruleStore),
    isReady: () => !phase.isDraining,
    overload,
    refusedConnections: () => listener.refusedConnections(),
    decisionLog,
    fleetRedis,
    spans: tracing?.exporter,
    state,
  });
  ruleStore.onReload((reload) => parts.onReload(reload, ruleStore.status()));
  await ruleStore.watch();
  const heartbeat =
    fleetRedis &&
    startFleetBeat({ redis: fleetRedis, ruleStore, startedAt, isDraining: () => phase.isDraining });

  async function drain(): Promise<void> {
    phase.isDraining = true;
    logger.info({ limitMs: drainLimit }, 'draining');
    heartbeat?.beat();
    const begin = performance.now();
    const cutOff = await listener.drain(drainLimit);
    await within(Math.max(0, drainLimit - (performance.now() - begin)), gates.afterQueue.idle());
    for (const log of gates.failureLogs) log.close();
    await decisionLog?.close(LOG_DRAIN_LIMIT);
    await tracing?.exporter.close(SPAN_DRAIN_LIMIT);
    await heartbeat?.close();
    await ruleStore.close();
    await fleetRedis?.close();
    overload.close();
    // Nothing asks any more, so that what is kept now is all.
    await state.close();
    const { waiting, running } = gates.afterQueue.counts();
    const unfinished = waiting + running;
    if (cutOff + unfinished === 0) logger.info('stopped, nothing was lost');
    else logger.warn({ requests: cutOff, afterCallbacks: unfinished }, 'stopped before all work was done');
  }

  let closing: Promise<void> | undefined;
  return {
    address: listener.address,
    origin: listener.origin,
    readiness: () => ({
      isReady: !phase.isDraining,
      reason: phase.isDraining ? 'draining' : describeSource(ruleStore.status()),
    }),
    rules: () => ruleStore.status(),
    status: () =>
      statusOf({
        gates,
        server: config.server,
        rules: ruleStore.status(),
        decisionLog,
        fleetRedis,
        overload,
        state,
        refusedConnections: listener.refusedConnections(),
        startedAt,
        isDraining: phase.isDraining,
      }),
    metrics,
    directState: () => (phase.isDraining ? undefined : state.direct),
    close: () => (closing ??= drain()),
  };
}

async function within(limit: number, work: Promise<void>): Promise<void> {
  const deadline = startDeadline(limit);
  await Promise.race([work, deadline.expired]);
  deadline.clear();
}
