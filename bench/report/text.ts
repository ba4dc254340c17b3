/** Figures as rows of text, for terminals and for Markdown. */
import { median, spread, type Figure } from '../figure.js';
import type { Assessment } from '../targets.js';

/** Three significant digits, more for what is larger, thousands apart. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const UNITS = { times: '×' } as const;

function withUnit(text: string, unit: string): string {
  return unit === 'times' ? `${text}${UNITS.times}` : `${text} ${unit}`;
}

/** Label, median, spread. */
export function figureRow(figure: Figure): readonly string[] {
  if ('unavailable' in figure) return [figure.label, 'not available', figure.unavailable];
  const [low, high] = spread(figure.samples);
  return [
    figure.label,
    withUnit(formatNumber(median(figure.samples)), figure.unit),
    figure.samples.length === 1 ? 'one measurement' : `${formatNumber(low)} to ${formatNumber(high)}`,
  ];
}

export const FIGURE_HEAD = ['figure', 'median', 'lowest to highest'] as const;

/** Label, measured value, limit, whether it is reached. */
export function assessmentRow({ target, value, isReached }: Assessment): readonly string[] {
  return [
    target.label,
    value === undefined ? 'not available' : formatNumber(value),
    `${target.wants} ${formatNumber(target.limit)}`,
    isReached
      ? 'reached'
      : value === undefined
        ? 'not measured'
        : `short by ${shortfall(value, target.limit)}`,
  ];
}

export const ASSESSMENT_HEAD = ['target', 'measured', 'wanted', ''] as const;

function shortfall(value: number, limit: number): string {
  return `${formatNumber((Math.abs(value - limit) / limit) * 100)} %`;
}

/** Cells in columns of equal width; the last column is not padded. */
export function alignRows(rows: readonly (readonly string[])[]): string {
  const widths = columnWidths(rows);
  return rows.map((row) => padCells(row, widths).join('  ').trimEnd()).join('\n');
}

/** A table as prettier writes it. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = columnWidths(rows).map((width) => Math.max(width, 3));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [head = [], ...body] = rows.map((row) => line(padCells(row, widths)));
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  return rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
}

function padCells(row: readonly string[], widths: readonly number[]): readonly string[] {
  return row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
}
