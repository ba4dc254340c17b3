/** The command line. Every command is a file of its own that registers itself. */
import { Command } from 'commander';
import { version } from '../server/version.js';
import { registerCheck } from './check.js';
import { registerExplain } from './explain.js';
import { registerInit } from './init.js';
import { registerReplay } from './replay.js';
import { registerStart } from './start.js';
import { registerTables } from './tables.js';
import { registerTest } from './test.js';
import { registerWebhooks } from './webhooks.js';

const COMMANDS: readonly ((program: Command) => void)[] = [
  registerInit,
  registerStart,
  registerCheck,
  registerTables,
  registerTest,
  registerExplain,
  registerReplay,
  registerWebhooks,
];

/**
 * Runs the command that the arguments name.
 *
 * @param argv as in `process.argv`
 */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('callgate')
    .description('Answers the callbacks of OpenIM Server and Tencent Cloud Chat with rules written in YAML.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError('(callgate --help tells what there is)');
  for (const register of COMMANDS) register(program);
  await program.parseAsync(argv);
}
