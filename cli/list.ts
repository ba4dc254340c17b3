/** `callgate list`: looks into the live lists of a running gate, and changes them. */
import { extname } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { faultOfValue } from '../state/lists/entry.js';
import { formatProblems } from '../store/report.js';
import { readText } from '../store/read-text.js';
import { common, ownerOption, print, reasonOption, type CommonOptions } from './admin-options.js';
import { openAdminClient } from './list/admin-client.js';
import { addEntries, removeEntries, showEntry, showList, showLists } from './list/commands.js';
import { readEntryFile, type EntryDefaults, type FileFormat } from './list/import-file.js';
import { FOR_WORDS, parseFor, parseUntil, UNTIL_WORDS } from './list/moments.js';
import { changeText, entryText, importText, listsText, listText } from './list/text.js';
import { orUserError, UserError } from './suite/user-error.js';

interface ShowOptions extends CommonOptions {
  readonly limit: number;
  readonly all?: true;
}

interface ChangeOptions extends CommonOptions {
  readonly owner: string;
  readonly dryRun?: true;
}

interface AddOptions extends ChangeOptions {
  readonly reason?: string;
  /** When entries go, in milliseconds since 1970. */
  readonly for?: number;
  readonly until?: number;
}

interface ImportOptions extends AddOptions {
  readonly format?: FileFormat;
}

/** Bytes of a file that are read. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Entries that are shown unless somebody wants more. */
const SHOWN = 100;

export function registerList(program: Command): void {
  const list = program
    .command('list')
    .description('Look into the live lists of a running gate, and change them.')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES);

  common(list.command('show'))
    .description('Print the live lists, the entries of one, or what is known of one entry.')
    .argument('[name]', 'list')
    .argument('[value]', 'entry; exit 1 when it is not in the list')
    .option('--limit <number>', 'most entries to print', readCount, SHOWN)
    .option('--all', 'print all entries')
    .action((name: string | undefined, value: string | undefined, options: ShowOptions) =>
      orUserError(() => show(name, value, options)),
    );

  detailed(changing(common(list.command('add'))))
    .description('Add entries. One that is there gets this reason, owner and end.')
    .argument('<name>', 'list')
    .argument('<value...>', 'entries')
    .action((name: string, values: string[], options: AddOptions) =>
      orUserError(() => add(name, values, options)),
    );

  changing(common(list.command('remove')))
    .description('Remove entries.')
    .argument('<name>', 'list')
    .argument('<value...>', 'entries')
    .action((name: string, values: string[], options: ChangeOptions) =>
      orUserError(() => remove(name, values, options)),
    );

  detailed(changing(common(list.command('import'))))
    .description('Add the entries of a file. Exit 1 when a line of it is not possible.')
    .argument('<name>', 'list')
    .argument('<file>', 'one entry a line with # comments, or CSV: value,reason,owner,expires')
    .addOption(
      new Option('--format <format>', 'instead of what the name of the file says').choices(['txt', 'csv']),
    )
    .action((name: string, file: string, options: ImportOptions) =>
      orUserError(() => importFile(name, file, options)),
    );
}

const EXAMPLES = `
Examples:
  callgate list show
  callgate list add banned_users mallory --reason spam --for 7d
  callgate list import banned_users bans.csv --dry-run
  callgate list remove banned_users mallory

A rule file declares a live list: lists: { banned_users: { live: true } }. docs/live-lists.md tells all of it.`;

function changing(command: Command): Command {
  return ownerOption(command).option('--dry-run', 'only tell what would change');
}

function detailed(command: Command): Command {
  return reasonOption(command)
    .addOption(new Option('--for <time>', 'how long: 30m, 12h, 7d').argParser(readFor).conflicts('until'))
    .option('--until <time>', 'until the end of a day, 2026-12-31, or a moment with its zone', readUntil);
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1.');
  return Number(text);
}

function readFor(text: string): number {
  const end = parseFor(text, Date.now());
  if (end === undefined) throw new InvalidArgumentError(`Expected ${FOR_WORDS}.`);
  return end;
}

function readUntil(text: string): number {
  const end = parseUntil(text);
  if (end === undefined) throw new InvalidArgumentError(`Expected ${UNTIL_WORDS}.`);
  if (end <= Date.now()) throw new InvalidArgumentError('It is past.');
  return end;
}

async function show(
  name: string | undefined,
  value: string | undefined,
  options: ShowOptions,
): Promise<void> {
  const gate = await openAdminClient(options);
  if (name === undefined) {
    const lists = await showLists(gate);
    print(lists, options, () => listsText(lists));
  } else if (value === undefined) {
    const shown = await showList(gate, name, options.all === true ? Infinity : options.limit);
    print({ ...shown.list, page: shown.entries }, options, () => listText(shown));
  } else {
    const entry = await showEntry(gate, name, value);
    if (entry === undefined) throw new UserError(`\`${value}\` is not in the list \`${name}\`.`);
    print(entry, options, () => entryText(entry));
  }
}

async function add(name: string, values: readonly string[], options: AddOptions): Promise<void> {
  const defaults = defaultsOf(options);
  const entries = values.map((value) => ({ ...defaults, value: checkedValue(value) }));
  const gate = await openAdminClient(options);
  const isDryRun = options.dryRun === true;
  const counts = await addEntries(gate, name, entries, isDryRun);
  print({ list: name, dryRun: isDryRun, ...counts }, options, () => changeText(name, counts, isDryRun));
}

async function remove(name: string, values: readonly string[], options: ChangeOptions): Promise<void> {
  const unwanted = { values: values.map(checkedValue), owner: options.owner };
  const gate = await openAdminClient(options);
  const isDryRun = options.dryRun === true;
  const counts = await removeEntries(gate, name, unwanted, isDryRun);
  print({ list: name, dryRun: isDryRun, ...counts }, options, () => changeText(name, counts, isDryRun));
}

async function importFile(name: string, file: string, options: ImportOptions): Promise<void> {
  const format = options.format ?? (extname(file).toLowerCase() === '.csv' ? 'csv' : 'txt');
  const { entries, repeated, invalid } = readEntryFile(
    await textOf(file),
    format,
    defaultsOf(options),
    Date.now(),
  );
  const gate = await openAdminClient(options);
  const isDryRun = options.dryRun === true;
  const counts = { ...(await addEntries(gate, name, entries, isDryRun)), repeated, invalid: invalid.length };
  print({ list: name, dryRun: isDryRun, ...counts, lines: invalid }, options, () =>
    importText(name, file, counts, invalid, isDryRun),
  );
  if (invalid.length > 0) process.exitCode = 1;
}

async function textOf(file: string): Promise<string> {
  const read = await readText(file, file, MOST_BYTES);
  if (read.type === 'text') return read.text;
  throw new UserError(
    read.type === 'absent' ? `${file}: there is no such file.` : formatProblems([read.problem]),
  );
}

function defaultsOf(options: AddOptions): EntryDefaults {
  const { reason = '', owner, for: end = options.until } = options;
  return {
    ...(reason !== '' && { reason }),
    ...(owner !== '' && { owner }),
    ...(end !== undefined && { expiresAt: end }),
  };
}

function checkedValue(text: string): string {
  const value = text.trim();
  const fault = faultOfValue(value);
  if (fault !== undefined) throw new UserError(`\`${text}\` is not possible: ${fault}.`);
  return value;
}
