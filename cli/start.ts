/** `callgate start`: loads configuration and rules, serves until a signal. */
import { constants } from 'node:os';
import type { Logger } from 'pino';
import type { Command } from 'commander';
import { WorkerFailure } from '../server/cluster/member.js';
import { startCluster, type ClusterParts, type RunningCluster } from '../server/cluster/primary.js';
import { workersOf } from '../server/cluster/worker-config.js';
import { describeError } from '../server/errors.js';
import { openFleetRedis } from '../server/fleet-redis.js';
import { lastGoodFileOf, NoRulesError, openLoadedRules } from '../server/first-load.js';
import { openGateLists } from '../server/lists/gate-lists.js';
import { ListenError } from '../server/listener.js';
import { keepGoing, outliveOutput } from '../server/keep-going.js';
import { createStandardLog } from '../server/log.js';
import { startServer, type RunningServer } from '../server/start.js';
import { loadConfig, type Config } from '../store/config.js';
import { formatProblems } from '../store/report.js';
import { configFileOf } from './config-file.js';

interface StartOptions {
  readonly config?: string;
  readonly listen?: string;
  readonly shadowAll?: boolean;
}

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('Serve callbacks.')
    .option('--config <file>', 'configuration file (default: config.yaml here, else the shipped one)')
    .option('--listen <host:port>', 'address for callbacks, instead of the configured one')
    .option('--shadow-all', 'only observe: judge and log everything, and allow it')
    .action(start);
}

/** A start that failed for a reason the user can do something about; the message is the whole output. */
class StartError extends Error {}

/** What the user can do something about. */
const STOPPERS = [StartError, NoRulesError, ListenError, WorkerFailure] as const;

async function start(options: StartOptions): Promise<void> {
  outliveOutput();
  try {
    const config = await readConfig(options);
    const logger = createStandardLog(config.log.level);
    // Decisions on standard output are for programs; then people read standard error.
    const out = config.decisionLog.to === 'stdout' ? process.stderr : process.stdout;
    const lastGood = lastGoodFileOf(configFileOf(options.config));
    const starting = startGate({ config, lastGood, logger, out }, () => readConfig(options));
    closeOnSignal(starting, logger);
    await starting;
    keepGoing(logger);
  } catch (error) {
    if (!STOPPERS.some((stopper) => error instanceof stopper) || !(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

async function readConfig({ config: named, listen, shadowAll }: StartOptions): Promise<Config> {
  const { config, problems } = await loadConfig({
    file: configFileOf(named),
    environment: process.env,
    ...(listen !== undefined && { overrides: { listen } }),
  });
  if (config === null) throw new StartError(formatProblems(problems));
  return shadowAll === true ? observing(config) : config;
}

function observing(config: Config): Config {
  return { ...config, apps: config.apps.map((app) => ({ ...app, enforce: false })) };
}

type GateParts = Omit<ClusterParts, 'size'>;

/** In this process, or in several; several are replaced when a signal asks for it. */
async function startGate(parts: GateParts, read: () => Promise<Config>): Promise<RunningServer> {
  const size = workersOf(parts.config);
  if (size === 1) {
    const fleetRedis = openFleetRedis(parts.config, parts.logger);
    const lists = await openGateLists(parts);
    try {
      const ruleStore = await openLoadedRules({ ...parts, fleetRedis, live: lists.live });
      return await startServer({ ...parts, fleetRedis, lists, ruleStore });
    } catch (error) {
      await lists.close();
      throw error;
    }
  }
  const starting = startCluster({ ...parts, size });
  restartOnSignal(starting, read, parts.logger);
  return starting;
}

/**
 * The first signal drains and exits with 0, once the gate has started; a second one exits at once, as the
 * signal itself would have.
 */
function closeOnSignal(starting: Promise<RunningServer>, logger: Logger): void {
  let isClosing = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isClosing) process.exit(128 + constants.signals[signal]);
      isClosing = true;
      logger.info({ signal }, 'asked to stop');
      starting
        .then((server) => server.close())
        .then(
          () => process.exit(0),
          (error: unknown) => {
            logger.fatal({ cause: 'internal-error' }, `closing failed: ${describeError(error)}`);
            process.exit(1);
          },
        );
    });
  }
}

/** SIGHUP reads the configuration again and replaces the workers; a broken one is told and changes nothing. */
function restartOnSignal(
  starting: Promise<RunningCluster>,
  read: () => Promise<Config>,
  logger: Logger,
): void {
  process.on('SIGHUP', () => {
    Promise.all([starting, read()])
      .then(([cluster, config]) => cluster.restart(config))
      .catch((error: unknown) => {
        if (error instanceof StartError) process.stderr.write(`${error.message}\n`);
        const reason = error instanceof StartError ? 'the configuration is broken' : describeError(error);
        logger.error({ cause: 'restart' }, `workers not restarted: ${reason}`);
      });
  });
}
