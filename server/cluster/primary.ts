/** The gate in several processes: workers answer callbacks, the primary accepts connections and tells how they are. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../../store/config.js';
import type { RuleStoreStatus } from '../../store/rule-store.js';
import { startAdminServer } from '../admin-server.js';
import type { TextOutput } from '../announce.js';
import { createListPages } from '../admin-lists.js';
import { createStatePages } from '../admin-state.js';
import { originOf } from '../address.js';
import { introductionOf } from '../introduction.js';
import { feedProcess, openListStore } from '../lists/gate-lists.js';
import { listsStatusOf } from '../lists/lists-status.js';
import { rulesPlaceOf } from '../rules-place.js';
import type { RunningServer } from '../start.js';
import { openAcceptor } from './acceptor.js';
import { createFleet, type Fleet } from './fleet.js';
import { createFleetAnnouncer } from './fleet-announce.js';
import { readinessOf } from './fleet-status.js';
import { createMember, type Member } from './member.js';
import { openStdoutMerge } from './stdout-merge.js';
import { answerRequest } from '../../state/ipc/answer.js';
import { openDirectState } from '../state/direct.js';
import { openState } from '../state/state.js';
import { createSurvey } from './survey.js';
import { keepWhatIsFixed, workerConfig } from './worker-config.js';

export interface ClusterParts {
  readonly config: Config;
  /** Worker processes. */
  readonly size: number;
  /** File of the last good rules. */
  readonly lastGood: string;
  readonly logger: Logger;
  /** Gets the start-up banner and the reports of reloads. */
  readonly out: TextOutput;
}

export interface RunningCluster extends RunningServer {
  /** Replaces all workers, one after the other, by such with these settings. */
  restart(config: Config): Promise<void>;
}

const WORKER = join(import.meta.dirname, 'worker-main.js');

/** Starts all workers and both listeners. @throws ListenError, WorkerFailure; then nothing is left running */
export async function startCluster(parts: ClusterParts): Promise<RunningCluster> {
  const { size, lastGood, logger, out } = parts;
  const state = { config: parts.config, isDraining: false };
  const startedAt = Date.now();
  const members = (): readonly Member[] => fleet.members();
  const announce = createFleetAnnouncer({ logger, out, folder: rulesPlaceOf(state.config.rules) });
  const decisions = openStdoutMerge(state.config.decisionLog, logger);
  // Redis is asked by each worker itself.
  const memory =
    state.config.state.type === 'memory' ? await openState(state.config.state, logger) : undefined;
  const direct = state.config.state.type === 'redis' ? openDirectState(state.config.state.redis) : undefined;
  const lists = await openListStore(parts);
  async function forget(): Promise<void> {
    await (memory ?? direct)?.close();
    await lists.close();
  }
  // From here to the fleet nothing is waited for: connections come from now on.
  const acceptor = await orElse(openAcceptor(state.config.server.listen, members), forget);
  const declared = (): readonly string[] => rulesOf(members())?.liveLists ?? [];

  function spawn(slot: number): Member {
    const task = { slot, config: workerConfig(state.config, slot), address: acceptor.address, lastGood };
    const child = forkWorker(decisions !== undefined);
    if (child.stdout !== null) decisions?.add(child.stdout);
    const member = createMember(child, task, {
      onServing: acceptor.offer,
      onReload: announce,
      onSaid: (text) => void (slot === 1 && out.write(text)),
      onUnsound: () => void fleet.replace([member]),
      onReturned: acceptor.give,
      onState(text, reply) {
        if (memory !== undefined) answerRequest(memory.store, text, reply);
      },
    });
    void feedProcess(lists, member.tellLists, member.ended);
    return member;
  }

  const fleet: Fleet = createFleet({ size, spawn, logger });
  const survey = createSurvey({
    members,
    logger,
    fleet: { wanted: size, restarts: () => fleet.restarts(), holdings: memory?.holdings },
  });

  const admin = await orElse(
    startAdminServer(state.config.admin, logger, {
      readiness: () => readinessOf(members(), state.isDraining),
      status: async () => ({
        ...(await survey.status({
          size,
          restarts: fleet.restarts(),
          startedAt,
          isDraining: state.isDraining,
          stateStore: memory?.status(),
        })),
        liveLists: listsStatusOf(lists, declared()),
      }),
      metrics: survey.metrics,
      lists: createListPages({ store: lists, declared, logger }),
      state: createStatePages({
        store: () => (state.isDraining ? undefined : (memory ?? direct)?.store),
        memory: () => rulesOf(members())?.memory,
        apps: () => state.config.apps.map(({ id }) => id),
        logger,
      }),
    }),
    async () => {
      await acceptor.close();
      await forget();
    },
  );

  await orElse(fleet.start(), async () => {
    await acceptor.close();
    await admin.close();
    await forget();
  });
  survey.begin();

  const callbackOrigin = originOf(acceptor.address, state.config.server.tls === undefined ? 'http' : 'https');
  const rules = rulesOf(members());
  if (rules !== undefined) {
    out.write(
      introductionOf({
        config: workerConfig(state.config, '*'),
        callbackOrigin,
        adminOrigin: admin.origin,
        rules,
        problems: rules.lastReload?.problems ?? [],
        workers: size,
      }),
    );
  }

  async function drain(): Promise<void> {
    state.isDraining = true;
    logger.info({ workers: members().length }, 'draining');
    survey.end();
    await fleet.drain(acceptor.close);
    await decisions?.close();
    await (memory ?? direct)?.close();
    await admin.close();
    await lists.close();
    logger.info('all workers have ended');
  }

  let closing: Promise<void> | undefined;
  return {
    callbackOrigin,
    adminOrigin: admin.origin,
    async restart(config) {
      const { kept, settings } = keepWhatIsFixed(state.config, config);
      if (settings.length > 0)
        logger.warn({ settings }, 'these settings change when the program is restarted');
      state.config = kept;
      logger.info('restarting all workers, one after the other');
      await fleet.replace(members());
    },
    close: () => (closing ??= drain()),
  };
}

/** Waits for work, and cleans up when it fails. */
async function orElse<T>(work: Promise<T>, cleanUp: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** The rules of the first worker that has any: all of them have the same, but for a moment. */
function rulesOf(members: readonly Member[]): RuleStoreStatus | undefined {
  return members.map((member) => member.rules()?.status).find((status) => status !== undefined);
}

function forkWorker(isStdoutPiped: boolean): ChildProcess {
  return fork(WORKER, [], {
    serialization: 'advanced',
    stdio: ['ignore', isStdoutPiped ? 'pipe' : 'inherit', 'inherit', 'ipc'],
  });
}
