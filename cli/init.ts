/** `callgate init`: writes a first configuration with rules and tests. */
import { relative } from 'node:path';
import { Option, type Command } from 'commander';
import { PLATFORM_NAMES, type PlatformName } from '../adapters/index.js';
import { writeStarter } from './init/write.js';
import { orUserError } from './suite/user-error.js';

const BOTH = 'both';

interface InitOptions {
  readonly platform: PlatformName | typeof BOTH;
  readonly force?: true;
}

export function registerInit(program: Command): void {
  program
    .command('init')
    .description('Write a commented configuration, starter rules and their tests.')
    .argument('[folder]', 'where to', '.')
    .addOption(
      new Option('--platform <name>', 'who will call').choices([...PLATFORM_NAMES, BOTH]).default(BOTH),
    )
    .option('--force', 'overwrite files that are there')
    .action((folder: string, options: InitOptions) =>
      orUserError(() => {
        init(folder, options);
        return Promise.resolve();
      }),
    );
}

function init(folder: string, { platform, force }: InitOptions): void {
  const written = writeStarter(folder, platform === BOTH ? PLATFORM_NAMES : [platform], force === true);
  const isHere = relative('', folder) === '';
  const lines = [
    ...written.map((path) => `  wrote ${path}`),
    '',
    'Next:',
    ...(isHere ? [] : [`  cd ${folder}`]),
    '  callgate check',
    '  callgate test',
    '  callgate start',
    '  callgate webhooks --help   what to switch on at the platform',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
