/** Pages with commands: what they show is what comes out. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { callgate } from './in-process.js';

export type Block =
  /** A file that the reader writes. */
  | { readonly type: 'file'; readonly name: string; readonly text: string }
  /** A command that the reader runs, and what the page says comes out. */
  | { readonly type: 'command'; readonly command: string; readonly output: string };

const FENCED = /^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm;

/**
 * The files (a fence with a language and a name) and commands of a page, in order.
 *
 * @param session language of the fences with commands: `console`, or `shellsession` for those that ask a gate
 * that is running, on a page that has others as well
 */
export function blocksOf(page: string, session = 'console'): readonly Block[] {
  return [...page.matchAll(FENCED)].flatMap(([, language, name, text = '']): readonly Block[] => {
    if (name !== undefined) return [{ type: 'file', name, text }];
    const [first = '', ...rest] = text.split('\n');
    return language === session && first.startsWith('$ ')
      ? [{ type: 'command', command: first.slice(2), output: rest.join('\n').trimEnd() }]
      : [];
  });
}

export function writeBlock(folder: string, { name, text }: Extract<Block, { type: 'file' }>): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const PROGRAM = join(import.meta.dirname, '..', 'support', 'callgate.js');

/** Runs a command as a reader would. One of the two streams is empty, so their order does not matter. */
export async function runDocumented(command: string, folder: string): Promise<string> {
  const [name, ...args] = command.split(' ').slice(1);
  const isPlain = command.startsWith('npx ') && name === 'callgate' && !/['"|]/.test(command);
  const { stdout, stderr } = isPlain ? await callgate(args, folder) : runInShell(command, folder);
  return `${stdout}${stderr}`.trimEnd();
}

function runInShell(command: string, cwd: string): { readonly stdout: string; readonly stderr: string } {
  const script = command.replaceAll('npx callgate', `'${process.execPath}' '${PROGRAM}'`);
  return spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8' });
}

/** The same text without what differs from run to run. */
export function steady(output: string): string {
  return output
    .replace(/\d+\.\d\d s\b/g, '0.00 s')
    .replace(/(event\.time +)\S+/g, '$1TIME')
    .replace(/revision [0-9a-f]{12}/g, 'revision 0');
}
