/** Every configured app with all that answers for it. */
import type { Logger } from 'pino';
import { adapterFor, type App } from '../adapters/index.js';
import type { RuleSet } from '../engine/rule-set.js';
import type { StateStore } from '../engine/state.js';
import type { TrustProxy } from '../store/config.js';
import { createAdmission } from './access/admission.js';
import { createAfterQueue, type AfterQueue } from './after-queue.js';
import type { Gate } from './callback-app.js';
import { createAppCounters, type AppCounters } from './counters.js';
import type { DecisionLog } from './decision-log/decision-log.js';
import { describeError } from './errors.js';
import { createFailureLog, type FailureLog } from './log-repeats.js';
import { createRuleCounts, type RuleCounts } from './metrics/rule-counts.js';
import { needsBody } from './overload-body.js';
import { createPipeline } from './pipeline.js';
import type { Tracer } from './tracing/tracer.js';

/** After-callbacks that are judged at the same time. */
const AFTER_CONCURRENCY = 64;
/** Milliseconds that the rules may take over an after-callback. */
const AFTER_TIME_LIMIT = 10_000;

export interface CountedGate extends Gate {
  readonly counters: AppCounters;
}

export interface Gates {
  readonly all: readonly CountedGate[];
  readonly afterQueue: AfterQueue;
  readonly ruleCounts: RuleCounts;
  /** Of every app, and one of what belongs to none. */
  readonly failureLogs: readonly FailureLog[];
}

export interface GatesParts {
  readonly apps: readonly App[];
  readonly trustProxy?: TrustProxy | undefined;
  readonly currentRuleSet: () => RuleSet;
  /** After-callbacks that may wait for judgement. */
  readonly afterCapacity: number;
  readonly logger: Logger;
  readonly state: StateStore;
  readonly decisionLog?: DecisionLog | undefined;
  /** Milliseconds between two lines about the same kind of failure; 0 writes every one. */
  readonly logInterval: number;
  readonly tracer?: Tracer | undefined;
}

export function createGates({
  apps,
  trustProxy,
  currentRuleSet,
  afterCapacity,
  logger,
  state,
  decisionLog,
  logInterval,
  tracer,
}: GatesParts): Gates {
  const failureLogs: FailureLog[] = [];
  const failureLogOf = (of: Logger): FailureLog => {
    const log = createFailureLog({ logger: of, interval: logInterval });
    failureLogs.push(log);
    return log;
  };
  const common = failureLogOf(logger);
  const ruleCounts = createRuleCounts();
  const afterQueue = createAfterQueue({
    capacity: afterCapacity,
    concurrency: AFTER_CONCURRENCY,
    timeLimit: AFTER_TIME_LIMIT,
    onError: (error) => {
      const cause = 'internal-error';
      const reason = describeError(error);
      common.error({ cause, place: reason }, { cause }, `after-callback not judged: ${reason}`);
    },
  });
  const all = apps.map((app): CountedGate => {
    const counters = createAppCounters();
    const appLogger = logger.child({ app: app.id });
    const adapter = adapterFor(app);
    const answer = createPipeline({
      app,
      adapter,
      currentRuleSet,
      afterQueue,
      counters,
      ruleCounts,
      state,
      decisionLog,
      logger: appLogger,
      failureLog: failureLogOf(appLogger),
      tracer,
    });
    return {
      app,
      answer,
      counters,
      admit: createAdmission(app, trustProxy),
      needsBody: (head, turnedAway) => needsBody(adapter, app, head, turnedAway),
    };
  });
  return { all, afterQueue, ruleCounts, failureLogs };
}
