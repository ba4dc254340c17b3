/** Reads files of entries: one a line, or CSV. */
import { faultOfText, faultOfValue, MOST_CHARACTERS, type WantedEntry } from '../../state/lists/entry.js';
import { UserError } from '../suite/user-error.js';
import { readCsv } from './csv.js';
import { parseUntil, UNTIL_WORDS } from './moments.js';

export type FileFormat = 'txt' | 'csv';

export interface ReadEntries {
  /** Of entries with the same value, the last. */
  readonly entries: readonly WantedEntry[];
  /** How many came again. */
  readonly repeated: number;
  readonly invalid: readonly InvalidLine[];
}

export interface InvalidLine {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** What entries get that do not say it themselves. */
export type EntryDefaults = Omit<WantedEntry, 'value'>;

interface Row {
  readonly line: number;
  readonly entry: WantedEntry;
}

/** @throws UserError when it is no file of entries at all */
export function readEntryFile(
  text: string,
  format: FileFormat,
  defaults: EntryDefaults,
  now: number,
): ReadEntries {
  const rows = [...(format === 'csv' ? csvRows(text, defaults, now) : textRows(text, defaults))];
  const invalid = rows.filter((row): row is InvalidLine => 'message' in row);
  const valid = rows.filter((row): row is Row => 'entry' in row);
  const entries = new Map(valid.map(({ entry }) => [entry.value, entry]));
  return { entries: [...entries.values()], repeated: valid.length - entries.size, invalid };
}

/** As list files of rules are read: blanks around, empty lines and `#` comments do not count. */
function* textRows(text: string, defaults: EntryDefaults): Generator<Row | InvalidLine> {
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const value = whole.trim();
    if (value === '' || value.startsWith('#')) continue;
    const fault = faultOfValue(value);
    const line = index + 1;
    yield fault === undefined ? { line, entry: { ...defaults, value } } : { line, message: fault };
  }
}

const COLUMNS = ['value', 'reason', 'owner', 'expires'] as const;
type Column = (typeof COLUMNS)[number];

function* csvRows(text: string, defaults: EntryDefaults, now: number): Generator<Row | InvalidLine> {
  let head: readonly Column[] | undefined;
  for (const record of readCsv(text)) {
    if ('message' in record) yield record;
    else if (head === undefined) head = headOf(record.fields);
    else yield rowOf(record.line, record.fields, head, defaults, now);
  }
  if (head === undefined) throw new UserError(NO_HEAD);
}

const NO_HEAD = `The first line of a CSV file names its columns: value, and any of reason, owner and expires.`;

function headOf(fields: readonly string[]): readonly Column[] {
  const head = fields.map((field) => COLUMNS.find((column) => column === field.trim().toLowerCase()));
  const isKnown = head.every((column) => column !== undefined) && new Set(head).size === head.length;
  if (!isKnown || !head.includes('value')) throw new UserError(NO_HEAD);
  return head;
}

function rowOf(
  line: number,
  fields: readonly string[],
  head: readonly Column[],
  defaults: EntryDefaults,
  now: number,
): Row | InvalidLine {
  if (fields.length !== head.length) {
    return { line, message: `it has ${fields.length} fields, and the first line names ${head.length}` };
  }
  const cell = (column: Column): string => fields[head.indexOf(column)]?.trim() ?? '';
  const [value, reason, owner, expires] = [cell('value'), cell('reason'), cell('owner'), cell('expires')];
  const until = expires === '' ? undefined : parseUntil(expires);
  const fault =
    named('value', faultOfValue(value)) ??
    named('reason', faultOfText(reason, MOST_CHARACTERS.reason)) ??
    named('owner', faultOfText(owner, MOST_CHARACTERS.owner)) ??
    (expires === '' ? undefined : faultOfEnd(until, now));
  if (fault !== undefined) return { line, message: fault };
  return {
    line,
    entry: {
      ...defaults,
      value,
      ...(reason !== '' && { reason }),
      ...(owner !== '' && { owner }),
      ...(until !== undefined && { expiresAt: until }),
    },
  };
}

function named(column: Column, fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `${column}: ${fault}`;
}

function faultOfEnd(until: number | undefined, now: number): string | undefined {
  if (until === undefined) return `expires: expected ${UNTIL_WORDS}`;
  return until <= now ? 'expires: it is past' : undefined;
}
