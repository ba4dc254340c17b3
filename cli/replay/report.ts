/** The result of a replay as text for people. */
import { printable } from '../../store/code-frame.js';
import type { Paint } from '../suite/style.js';
import type { ChangeRow, ReplayResult, Sample } from './replay.js';

/** Rows of a table that are shown. */
const MOST_ROWS = 20;

/** @returns lines, without a line break at the end */
export function reportReplay(result: ReplayResult, paint: Paint): string {
  const { lines, judged, flips, changes, actors, notJudged, isExact } = result;
  const sections = [
    [`${number(lines)} ${lines === 1 ? 'line' : 'lines'}, ${number(judged)} judged again`],
    section(
      'not judged, because',
      notJudged.map((row) => [number(row.lines), row.reason]),
      paint,
    ),
    [
      flips === 0
        ? paint('green', 'nothing flips')
        : paint('bold', `${number(flips)} flip${flips === 1 ? '' : 's'}`),
    ],
    section(
      'by rule',
      changes.map((row) => [number(row.count), row.change, `${row.before} => ${row.now}`]),
      paint,
    ),
    section(
      'by actor',
      actors.map((row) => [number(row.flips), row.actor === '' ? '(nobody)' : row.actor]),
      paint,
    ),
    samplesOf(changes, paint),
    isExact
      ? []
      : ['There are so many different rows that rare ones were forgotten: counts are at least these.'],
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

type Row = readonly string[];

/** A table: numbers to the right, all other columns but the last padded. */
function section(title: string, rows: readonly Row[], paint: Paint): readonly string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MOST_ROWS).map((row) => row.map(printable));
  const width = (column: number): number => Math.max(...shown.map((row) => row[column]?.length ?? 0));
  const cell = (text: string, column: number, row: Row): string => {
    if (column === 0) return text.padStart(width(0));
    return column === row.length - 1 ? text : text.padEnd(width(column));
  };
  const left = rows.length - shown.length;
  return [
    paint('bold', title),
    ...shown.map((row) => `  ${row.map((text, column) => cell(text, column, row)).join('  ')}`),
    ...(left > 0 ? [paint('dim', `  and ${number(left)} more`)] : []),
  ];
}

function samplesOf(changes: readonly ChangeRow[], paint: Paint): readonly string[] {
  const rows = changes.slice(0, MOST_ROWS).filter(({ samples }) => samples.length > 0);
  if (rows.length === 0) return [];
  return [
    paint('bold', 'samples'),
    ...rows.flatMap((row) => [
      `  ${row.change}  ${printable(row.before)} => ${printable(row.now)}`,
      ...row.samples.map((sample) => paint('dim', `    ${inWords(sample)}`)),
    ]),
  ];
}

function inWords({ line, id, time, kind, actor, target }: Sample): string {
  const who = target === '' ? actor : `${actor} to ${target}`;
  return printable(`line ${line}  ${time}  ${id}  ${kind}  ${who}`);
}
