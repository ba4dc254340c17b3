/** `callgate check`: finds all mistakes in the configuration and the rules. */
import { Option, type Command } from 'commander';
import { checkProject } from './check-project.js';
import { CHECK_FORMATS, reportOf, type CheckFormat } from './check-report.js';
import { configFileOf } from './config-file.js';

interface CheckOptions {
  readonly config?: string;
  readonly format: CheckFormat;
  readonly json?: true;
  readonly strict?: true;
}

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('Find all mistakes in the configuration and the rules; exit 1 when there is an error.')
    .option('--config <file>', 'configuration file (default: config.yaml here, else the shipped one)')
    .addOption(new Option('--format <format>', 'how to print').choices(CHECK_FORMATS).default('text'))
    .option('--json', 'the same as --format json')
    .option('--strict', 'exit 1 for warnings as well')
    .action(check);
}

async function check({ config, format, json, strict }: CheckOptions): Promise<void> {
  const result = await checkProject(configFileOf(config), process.env);
  process.stdout.write(reportOf(result, json === true ? 'json' : format));
  const fails = result.problems.some(({ severity }) => severity === 'error' || strict === true);
  if (fails) process.exitCode = 1;
}
