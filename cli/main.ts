/** The command line. Every command is a file of its own that registers itself. */
import { Command } from 'commander';
import { version } from '../server/version.js';

interface CommandGroup {
  readonly names: readonly string[];
  /** Loaded when it is needed: serving alone brings in half of all packages. */
  readonly load: () => Promise<(program: Command) => void>;
}

/** In the order of the help. */
const COMMANDS: readonly CommandGroup[] = [
  { names: ['init'], load: async () => (await import('./init.js')).registerInit },
  { names: ['start'], load: async () => (await import('./start.js')).registerStart },
  { names: ['check'], load: async () => (await import('./check.js')).registerCheck },
  {
    names: ['commands', 'events', 'facts', 'operators'],
    load: async () => (await import('./tables.js')).registerTables,
  },
  { names: ['test'], load: async () => (await import('./test.js')).registerTest },
  { names: ['explain'], load: async () => (await import('./explain.js')).registerExplain },
  { names: ['replay'], load: async () => (await import('./replay.js')).registerReplay },
  { names: ['list'], load: async () => (await import('./list.js')).registerList },
  { names: ['label', 'strikes'], load: async () => (await import('./label.js')).registerLabel },
  { names: ['publish'], load: async () => (await import('./publish.js')).registerPublish },
  { names: ['rollback'], load: async () => (await import('./rollback.js')).registerRollback },
  { names: ['revisions'], load: async () => (await import('./revisions.js')).registerRevisions },
  { names: ['fleet'], load: async () => (await import('./fleet.js')).registerFleet },
  { names: ['webhooks'], load: async () => (await import('./webhooks.js')).registerWebhooks },
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
  const named = COMMANDS.filter(({ names }) => names.includes(argv[2] ?? ''));
  for (const { load } of named.length === 0 ? COMMANDS : named) (await load())(program);
  await program.parseAsync(argv);
}
