/** `callgate revisions`: the releases that one can go back to. */
import type { KeyObject } from 'node:crypto';
import type { Command } from 'commander';
import { readHistory } from '../fleet/history.js';
import { isSigned, type SignedRecord } from '../fleet/record.js';
import { printable } from '../store/code-frame.js';
import { withFleet } from './fleet/session.js';
import { orUserError } from './suite/user-error.js';
import { formatTable, widthOf } from './table-text.js';

interface RevisionsOptions {
  readonly config?: string;
  readonly json?: true;
}

export function registerRevisions(program: Command): void {
  program
    .command('revisions')
    .description('Print the releases that were published, the youngest one first.')
    .option('--config <file>', 'configuration file (default: config.yaml here, else the shipped one)')
    .option('--json', 'print JSON')
    .action((options: RevisionsOptions) => orUserError(() => revisions(options)));
}

function revisions({ config, json }: RevisionsOptions): Promise<void> {
  return withFleet(config, async ({ releases, publicKey }) => {
    const [current] = readHistory([(await releases.current()) ?? '']);
    const history = readHistory(await releases.history());
    const rows = history.map((signed) => rowOf(signed, current?.record.number, publicKey));
    process.stdout.write(json === true ? `${JSON.stringify(rows, null, 2)}\n` : `${tableOf(rows)}\n`);
  });
}

type Row = ReturnType<typeof rowOf>;

function rowOf(signed: SignedRecord, current: number | undefined, publicKey: KeyObject | undefined) {
  const { number, revision, at, by, note, rollbackTo } = signed.record;
  return {
    release: number,
    isCurrent: number === current,
    revision,
    at: new Date(at).toISOString(),
    by,
    note,
    rollbackTo,
    isSigned: signed.signature !== null,
    /** `null` where the configuration names no key to check with. */
    isGenuine: publicKey === undefined ? null : isSigned(signed, publicKey),
  };
}

function tableOf(rows: readonly Row[]): string {
  if (rows.length === 0) return 'Nothing has been published.';
  const cells = rows.map((row) => [
    `${row.release}${row.isCurrent ? ' (current)' : ''}`,
    row.revision,
    row.at,
    row.by,
    signatureText(row),
    [...(row.rollbackTo === null ? [] : [`back to ${row.rollbackTo}`]), row.note].filter(Boolean).join(': '),
  ]);
  const head = ['release', 'revision', 'published', 'by', 'signed', 'note'];
  return formatTable(
    head,
    cells.map((line) => line.map(printable)),
    widthOf(process.stdout),
  );
}

function signatureText({ isSigned, isGenuine }: Row): string {
  if (!isSigned) return 'no';
  if (isGenuine === null) return 'unchecked';
  return isGenuine ? 'yes' : 'BY ANOTHER KEY';
}
