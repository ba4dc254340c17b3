/** `callgate start`: loads configuration and rules, serves until a signal. */
import { constants } from 'node:os';
import { pino, type Logger } from 'pino';
import type { Command } from 'commander';
import { describeError } from '../server/errors.js';
import { ListenError } from '../server/listener.js';
import { openRuleStore } from '../server/rules.js';
import { forPeople, startServer, type RunningServer } from '../server/start.js';
import { loadConfig, type Config } from '../store/config.js';
import { formatProblems } from '../store/report.js';
import type { RuleStore } from '../store/rule-store.js';
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

async function start(options: StartOptions): Promise<void> {
  const logger = createLogger();
  try {
    const config = await readConfig(options);
    const ruleStore = await loadRules(config, logger);
    // Decisions on standard output are for programs; then people read standard error.
    const out = config.decisionLog.to === 'stdout' ? process.stderr : process.stdout;
    const server = await startServer({ config, ruleStore, logger, out });
    keepGoing(logger);
    closeOnSignal(server, logger);
  } catch (error) {
    if (!(error instanceof StartError || error instanceof ListenError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** JSON lines on standard error; standard output is for people. Written in the background, and at exit. */
function createLogger(): Logger {
  return pino(
    { timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: process.stderr.fd, sync: false }),
  );
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

async function loadRules(config: Config, logger: Logger): Promise<RuleStore> {
  const ruleStore = openRuleStore(config, (error) =>
    logger.error({ cause: 'internal-error' }, `rule store: ${describeError(error)}`),
  );
  const { outcome, problems } = await ruleStore.load();
  if (outcome === 'refused')
    throw new StartError(formatProblems(problems, { folder: forPeople(config.rules) }));
  return ruleStore;
}

/** A mistake in one callback must not end those of everybody else. */
function keepGoing(logger: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ cause: 'internal-error' }, `${event}: ${describeError(error)}`);
    });
  }
}

/** The first signal drains and exits with 0, a second one exits at once, as the signal itself would have. */
function closeOnSignal(server: RunningServer, logger: Logger): void {
  let isClosing = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isClosing) process.exit(128 + constants.signals[signal]);
      isClosing = true;
      logger.info({ signal }, 'asked to stop');
      server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          logger.fatal({ cause: 'internal-error' }, `closing failed: ${describeError(error)}`);
          process.exit(1);
        },
      );
    });
  }
}
