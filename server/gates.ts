/** Every configured app with all that answers for it. */
import type { Logger } from 'pino';
import { adapterFor, type App } from '../adapters/index.js';
import type { RuleSet } from '../engine/rule-set.js';
import { createAfterQueue, type AfterQueue } from './after-queue.js';
import type { Gate } from './callback-app.js';
import { createAppCounters, type AppCounters } from './counters.js';
import type { DecisionLog } from './decision-log/decision-log.js';
import { describeError } from './errors.js';
import { createPipeline } from './pipeline.js';

/** After-callbacks that may wait for judgement, and that are judged at the same time. */
const AFTER_CAPACITY = 10_000;
const AFTER_CONCURRENCY = 64;
/** Milliseconds that the rules may take over an after-callback. */
const AFTER_TIME_LIMIT = 10_000;

export interface CountedGate extends Gate {
  readonly counters: AppCounters;
}

export interface Gates {
  readonly all: readonly CountedGate[];
  readonly afterQueue: AfterQueue;
}

export interface GatesParts {
  readonly apps: readonly App[];
  readonly currentRuleSet: () => RuleSet;
  readonly logger: Logger;
  readonly decisionLog?: DecisionLog | undefined;
}

export function createGates({ apps, currentRuleSet, logger, decisionLog }: GatesParts): Gates {
  const afterQueue = createAfterQueue({
    capacity: AFTER_CAPACITY,
    concurrency: AFTER_CONCURRENCY,
    timeLimit: AFTER_TIME_LIMIT,
    onError: (error) =>
      logger.error({ cause: 'internal-error' }, `after-callback not judged: ${describeError(error)}`),
  });
  const all = apps.map((app) => {
    const counters = createAppCounters();
    const answer = createPipeline({
      app,
      adapter: adapterFor(app),
      currentRuleSet,
      afterQueue,
      counters,
      decisionLog,
      logger: logger.child({ app: app.id }),
    });
    return { app, answer, counters };
  });
  return { all, afterQueue };
}
