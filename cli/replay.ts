/** `callgate replay`: what would another rule set have decided about recorded events? */
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { RuleSet } from '../engine/rule-set.js';
import { openRuleStore } from '../server/rules.js';
import { forPeople } from '../server/paths.js';
import { loadConfig, type Config } from '../store/config.js';
import { formatProblems } from '../store/report.js';
import { configFileOf } from './config-file.js';
import { openLines } from './replay/lines.js';
import { createProgress } from './replay/progress.js';
import { replay, type ReplayResult } from './replay/replay.js';
import { reportReplay } from './replay/report.js';
import { paintFor } from './suite/style.js';
import { orUserError, UserError } from './suite/user-error.js';

interface ReplayCommandOptions {
  readonly rules: string;
  readonly config?: string;
  readonly samples: number;
  readonly failOn?: number;
  readonly json?: true;
}

const SAMPLES = 3;

export function registerReplay(program: Command): void {
  program
    .command('replay')
    .description('Judge the events of a decision log by other rules and print what flips.')
    .argument('<log>', 'decision log, plain or .gz; `-`: standard input')
    .requiredOption('--rules <folder>', 'rules folder to judge by')
    .option('--config <file>', 'configuration file (default: config.yaml here, else the shipped one)')
    .option('--samples <number>', 'lines to show of each change', readCount, SAMPLES)
    .option('--fail-on <number>', 'exit 1 when more than this number flip', readCount)
    .option('--json', 'print JSON')
    .addHelpText('after', NOTE)
    .action((log: string, options: ReplayCommandOptions) => orUserError(() => run(log, options)));
}

const NOTE = `
A line can be judged again when it keeps the facts that the rules ask for:
  decisionLog: { to: file, facts: ["*"], text: full }
Others are counted with the reason. Exits 1 when no line could be judged.`;

function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}

async function run(log: string, options: ReplayCommandOptions): Promise<void> {
  const config = await readConfig(options.config);
  const ruleSet = await loadRules(config, resolve(options.rules));
  const source = await openLines(log);
  const progress = createProgress(process.stderr, source.progress);
  const result = await replay(source.lines, {
    ruleSet,
    policyOf: (id) => config.apps.find((app) => app.id === id),
    samples: options.samples,
    onLine: progress.onLine,
  }).finally(progress.end);
  const text =
    options.json === true
      ? JSON.stringify(result, null, 2)
      : reportReplay(result, paintFor(process.stdout, process.env));
  process.stdout.write(`${text}\n`);
  if (fails(result, options.failOn)) process.exitCode = 1;
}

/** A log of which nothing could be judged proves nothing. */
function fails({ lines, judged, flips }: ReplayResult, failOn: number | undefined): boolean {
  return (lines > 0 && judged === 0) || (failOn !== undefined && flips > failOn);
}

async function readConfig(named: string | undefined): Promise<Config> {
  const { config, problems } = await loadConfig({ file: configFileOf(named), environment: process.env });
  if (config === null) throw new UserError(formatProblems(problems));
  return config;
}

async function loadRules(config: Config, rules: string): Promise<RuleSet> {
  const folder = forPeople(rules);
  const store = openRuleStore({ ...config, rules: { type: 'folder', folder: rules } }, (error) =>
    process.emitWarning(String(error)),
  );
  const { problems } = await store.load();
  const ruleSet = store.current();
  await store.close();
  if (ruleSet === null) throw new UserError(formatProblems(problems, { folder }));
  return ruleSet;
}
