/** Options and output that all commands have which ask a running gate. */
import { userInfo } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import { faultOfText, MOST_CHARACTERS } from '../state/lists/entry.js';
import type { AdminOptions } from './list/admin-client.js';

export interface CommonOptions extends AdminOptions {
  readonly json?: true;
}

export function common(command: Command): Command {
  return command
    .option(
      '--url <url>',
      'admin listener, such as http://127.0.0.1:8081 (default: that of the configuration)',
    )
    .option('--token <token>', 'admin token (default: that of the configuration, or CALLGATE_ADMIN_TOKEN)')
    .option('--config <file>', 'configuration file (default: config.yaml here, else the shipped one)')
    .option('--json', 'print JSON');
}

export function ownerOption(command: Command): Command {
  return command.option(
    '--owner <name>',
    'who wants it (default: who runs this)',
    readDetail('owner'),
    userName(),
  );
}

export function reasonOption(command: Command): Command {
  return command.option('--reason <text>', 'why', readDetail('reason'));
}

export function print(data: unknown, { json }: CommonOptions, text: () => string): void {
  process.stdout.write(`${json === true ? JSON.stringify(data, null, 2) : text()}\n`);
}

/** Systems may have no name for whoever runs a program. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? 'unknown';
  }
}

function readDetail(name: 'reason' | 'owner'): (text: string) => string {
  return (text) => {
    const fault = faultOfText(text, MOST_CHARACTERS[name]);
    if (fault !== undefined) throw new InvalidArgumentError(`Not possible: ${fault}.`);
    return text;
  };
}
