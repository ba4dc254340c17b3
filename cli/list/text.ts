/** What `callgate list` prints for people. */
import { printable } from '../../store/code-frame.js';
import { isList, isRecord, type JsonRecord } from '../../store/data.js';
import { formatTable, widthOf } from '../table-text.js';
import type { Counts, Described, ShownList } from './commands.js';
import type { InvalidLine } from './import-file.js';

export function listsText({ lists, problem }: JsonRecord): string {
  const all = isList(lists) ? lists.filter(isRecord) : [];
  const trouble = typeof problem === 'string' ? [`Attention: ${problem}.`, ''] : [];
  if (all.length === 0) return [...trouble, 'There are no live lists.'].join('\n');
  const rows = all.map((list) => [
    text(list['name']),
    text(list['entries']),
    text(list['changedAt']),
    list['isDeclared'] === true ? 'yes' : 'NO',
  ]);
  return [...trouble, table(['list', 'entries', 'changed', 'in the rules'], rows)].join('\n');
}

export function listText({ list, entries }: ShownList): string {
  const total = Number(list['entries']);
  const unused = list['isDeclared'] === true ? [] : ['No rule file declares this list.'];
  if (entries.length === 0) return [...unused, 'The list is empty.'].join('\n');
  const rows = entries.map((entry) => [
    text(entry['value']),
    text(entry['reason']),
    text(entry['owner']),
    text(entry['addedAt']),
    text(entry['expiresAt']),
  ]);
  const left = total - entries.length;
  return [
    ...unused,
    table(['value', 'reason', 'owner', 'added', 'expires'], rows),
    ...(left > 0 ? ['', `${left} more: --limit NUMBER, or --all`] : []),
  ].join('\n');
}

export function entryText(entry: Described): string {
  return Object.entries(entry)
    .map(([name, value]) => `${name}: ${printable(text(value))}`)
    .join('\n');
}

/** Such as `banned_users: 2 added, 1 unchanged`. */
export function changeText(list: string, counts: Counts, isDryRun: boolean): string {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  const parts = found.map(([what, count]) => `${count} ${what}`);
  const result = parts.length === 0 ? 'nothing to do' : parts.join(', ');
  return `${printable(list)}: ${result}${isDryRun ? ' (dry run: nothing was changed)' : ''}`;
}

export function importText(
  list: string,
  file: string,
  counts: Counts,
  invalid: readonly InvalidLine[],
  isDryRun: boolean,
): string {
  const lines = invalid.map(({ line, message }) => `  ${printable(file)}:${line}  ${printable(message)}`);
  return [changeText(list, counts, isDryRun), ...lines].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return formatTable(
    head,
    rows.map((row) => row.map(printable)),
    widthOf(process.stdout),
  );
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
