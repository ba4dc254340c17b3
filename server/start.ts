/** Puts the pieces together and serves. */
import { relative } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../store/config.js';
import { formatProblems } from '../store/report.js';
import type { RuleStore } from '../store/rule-store.js';
import { originOf } from './address.js';
import { createAdminApp } from './admin-app.js';
import { createAnnouncer, type TextOutput } from './announce.js';
import { bannerOf } from './banner.js';
import { createCallbackApp } from './callback-app.js';
import { startDeadline } from './deadline.js';
import { openDecisionLog } from './decision-log/decision-log.js';
import { createGates } from './gates.js';
import { openListener, type Listener } from './listener.js';
import { statusOf } from './status.js';

export interface ServerParts {
  readonly config: Config;
  /** With rules in force. The server watches it, and closes it in the end. */
  readonly ruleStore: RuleStore;
  readonly logger: Logger;
  /** Gets the start-up banner and the reports of reloads. */
  readonly out: TextOutput;
  /** Milliseconds that open requests and work after replies may take once the server shall close. */
  readonly drainLimit?: number;
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:8080`; an app answers at this and its path. */
  readonly callbackOrigin: string;
  readonly adminOrigin: string;
  /** Stops accepting, finishes what is in flight, then closes everything. Later calls wait for the first. */
  close(): Promise<void>;
}

const DRAIN_LIMIT = 10_000;
const LOG_DRAIN_LIMIT = 5_000;
const ADMIN_DRAIN_LIMIT = 1_000;

/** Starts both listeners. @throws ListenError when one cannot be opened; then nothing is left open */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, ruleStore, logger, out, drainLimit = DRAIN_LIMIT } = parts;
  const atStart = ruleStore.current();
  if (atStart === null) throw new Error('no rules are in force');
  const startedAt = Date.now();
  const state = { isDraining: false };
  const decisionLog = openDecisionLog({ settings: config.decisionLog, logger });
  const gates = createGates({
    apps: config.apps,
    currentRuleSet: () => ruleStore.current() ?? atStart,
    logger,
    decisionLog,
  });
  const callbackApp = createCallbackApp({
    gates: gates.all,
    bodyLimit: config.server.bodyLimit,
    isDraining: () => state.isDraining,
    logger,
  });
  const adminApp = createAdminApp({
    readiness: () => ({
      isReady: !state.isDraining,
      reason: state.isDraining ? 'draining' : 'rules are in force',
    }),
    status: () =>
      statusOf({
        gates,
        rules: ruleStore.status(),
        decisionLog,
        startedAt,
        isDraining: state.isDraining,
      }),
  });

  const folder = forPeople(config.rules);
  const announce = createAnnouncer({ logger, out, folder });
  const { problems = [] } = ruleStore.status().lastReload ?? {};
  ruleStore.onReload((reload) => announce(reload, ruleStore.status()));

  const { callbacks, admin } = await openBoth(
    () => openListener(callbackApp.callback(), config.server.listen),
    () => openListener(adminApp.callback(), config.admin.listen),
  );
  await ruleStore.watch();

  const callbackOrigin = originOf(callbacks.address);
  const adminOrigin = originOf(admin.address);
  out.write(
    bannerOf({
      callbackOrigin,
      adminOrigin,
      apps: config.apps,
      rules: ruleStore.status(),
      decisionLog: inWords(config.decisionLog),
    }),
  );
  if (problems.length > 0) out.write(`\n${formatProblems(problems, { folder })}\n\n`);

  async function drain(): Promise<void> {
    state.isDraining = true;
    logger.info({ limitMs: drainLimit }, 'draining');
    const begin = performance.now();
    const cutOff = await callbacks.drain(drainLimit);
    await within(Math.max(0, drainLimit - (performance.now() - begin)), gates.afterQueue.idle());
    await decisionLog?.close(LOG_DRAIN_LIMIT);
    await ruleStore.close();
    await admin.drain(ADMIN_DRAIN_LIMIT, 0);
    const { waiting, running } = gates.afterQueue.counts();
    const unfinished = waiting + running;
    if (cutOff + unfinished === 0) logger.info('stopped, nothing was lost');
    else logger.warn({ requests: cutOff, afterCallbacks: unfinished }, 'stopped before all work was done');
  }

  let closing: Promise<void> | undefined;
  return { callbackOrigin, adminOrigin, close: () => (closing ??= drain()) };
}

async function openBoth(
  openCallbacks: () => Promise<Listener>,
  openAdmin: () => Promise<Listener>,
): Promise<{ callbacks: Listener; admin: Listener }> {
  const callbacks = await openCallbacks();
  try {
    return { callbacks, admin: await openAdmin() };
  } catch (error) {
    await callbacks.drain(0);
    throw error;
  }
}

async function within(limit: number, work: Promise<void>): Promise<void> {
  const deadline = startDeadline(limit);
  await Promise.race([work, deadline.expired]);
  deadline.clear();
}

function inWords({ to, file }: Config['decisionLog']): string {
  switch (to) {
    case 'none':
      return 'not logged';
    case 'stdout':
      return 'logged to standard output';
    case 'file':
      return `logged to ${forPeople(file)}`;
  }
}

/** A path as people would type it here. */
export function forPeople(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}
