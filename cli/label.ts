/** `callgate label` and `callgate strikes`: what a running gate remembers of users and groups, and labels by hand. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseDuration } from '../engine/duration.js';
import { printable } from '../store/code-frame.js';
import type { JsonRecord } from '../store/data.js';
import { common, ownerOption, print, reasonOption, type CommonOptions } from './admin-options.js';
import { openAdminClient } from './list/admin-client.js';
import { FOR_WORDS } from './list/moments.js';
import { orUserError } from './suite/user-error.js';

interface SubjectOptions extends CommonOptions {
  readonly app?: string;
  readonly group?: true;
  readonly type?: string;
}

interface ChangeOptions extends SubjectOptions {
  readonly owner: string;
  readonly reason?: string;
}

interface GiveOptions extends ChangeOptions {
  readonly for: string;
}

export function registerLabel(program: Command): void {
  const label = program
    .command('label')
    .description('Look at labels of users and groups in a running gate, give and remove them.')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES);

  subject(common(label.command('show')))
    .description('Tell whether a user or group has a label, and until when. Exit 1 when not.')
    .argument('<name>', 'label')
    .argument('<id>', 'user or group')
    .action((name: string, id: string, options: SubjectOptions) =>
      orUserError(() => show(name, id, options)),
    );

  reasonOption(ownerOption(subject(common(label.command('give')))))
    .description('Give a label for a time, from now. One that is there ends then, too.')
    .argument('<name>', 'label')
    .argument('<id>', 'user or group')
    .requiredOption('--for <time>', 'how long: 30m, 12h, 7d', readFor)
    .action((name: string, id: string, options: GiveOptions) => orUserError(() => give(name, id, options)));

  reasonOption(ownerOption(subject(common(label.command('remove')))))
    .description('Remove a label.')
    .argument('<name>', 'label')
    .argument('<id>', 'user or group')
    .action((name: string, id: string, options: ChangeOptions) =>
      orUserError(() => remove(name, id, options)),
    );

  const strikes = program
    .command('strikes')
    .description('Look at strikes of users and groups in a running gate.')
    .helpCommand(false);

  subject(common(strikes.command('show')))
    .description('Tell how many strikes a user or group has on a ladder, and when the next one decays.')
    .argument('<ladder>', 'ladder')
    .argument('<id...>', 'user or group; of a ladder by several facts, one ID for each')
    .action((ladder: string, ids: string[], options: SubjectOptions) =>
      orUserError(() => showStrikes(ladder, ids, options)),
    );
}

const EXAMPLES = `
Examples:
  callgate label show muted alice
  callgate label remove muted alice --reason "was a mistake"
  callgate label give muted alice --for 1h --reason insults
  callgate label give closed group_1 --group --for 1d
  callgate strikes show spam alice

Rules say what a label or a strike brings about. docs/remembering.md tells all of it.`;

function subject(command: Command): Command {
  return command
    .option('--app <id>', 'app (default: the only one; needless for what all apps share)')
    .addOption(new Option('--group', 'the ID is that of a group').conflicts('type'))
    .option('--type <type>', 'what the ID is: user, group, or a fact such as channel.id');
}

function readFor(text: string): string {
  if (parseDuration(text) === undefined) throw new InvalidArgumentError(`Expected ${FOR_WORDS}.`);
  return text;
}

async function show(name: string, id: string, options: SubjectOptions): Promise<void> {
  const found = await ask('GET', ['labels', name, id], options);
  const isSet = found['isSet'] === true;
  print(found, options, () => `${nameOf('label', found)}: ${isSet ? untilOf(found['until']) : 'not there'}`);
  if (!isSet) process.exitCode = 1;
}

async function give(name: string, id: string, options: GiveOptions): Promise<void> {
  const { for: length, owner, reason } = options;
  const given = await ask('PUT', ['labels', name, id], options, {}, { for: length, owner, reason });
  print(given, options, () => `${nameOf('label', given)}: given ${untilOf(given['until'])}`);
}

async function remove(name: string, id: string, options: ChangeOptions): Promise<void> {
  const { owner, reason } = options;
  const removed = await ask('DELETE', ['labels', name, id], options, { owner, reason });
  const outcome = removed['wasSet'] === true ? 'removed' : 'was not there';
  print(removed, options, () => `${nameOf('label', removed)}: ${outcome}`);
}

async function showStrikes(ladder: string, ids: readonly string[], options: SubjectOptions): Promise<void> {
  const found = await ask('GET', ['strikes', ladder, ...ids], options);
  const next = found['nextDecayAt'];
  const decay = typeof next === 'string' ? `, the next one decays at ${next}` : '';
  print(found, options, () => `${nameOf('ladder', found)}: ${String(found['strikes'])}${decay}`);
}

type Query = Readonly<Record<string, string | undefined>>;

async function ask(
  method: 'GET' | 'PUT' | 'DELETE',
  path: readonly string[],
  options: SubjectOptions,
  more: Query = {},
  body?: unknown,
): Promise<JsonRecord> {
  const gate = await openAdminClient(options);
  const { app, type, group } = options;
  const all: Query = { app, type: group === true ? 'group' : type, ...more };
  const given = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  const query = given.length === 0 ? '' : `?${given.join('&')}`;
  return gate.ask(method, `/${path.map(encodeURIComponent).join('/')}${query}`, body);
}

/** Such as `muted of alice in openim`, `closed of group g1 in openim`, `fraud of alice in all apps`. */
function nameOf(what: 'label' | 'ladder', { [what]: name, id, type, app }: JsonRecord): string {
  const ids = [id].flat().map(String).join(' ');
  const who = type === 'user' ? ids : `${String(type)} ${ids}`;
  return printable(`${String(name)} of ${who} in ${typeof app === 'string' ? app : 'all apps'}`);
}

function untilOf(moment: unknown): string {
  return `until ${String(moment)}`;
}
