/** Problems as text for people. */
import { isAbsolute } from 'node:path';
import type { LocatedProblem } from '../engine/problem.js';
import { printable } from './code-frame.js';

export interface ReportOptions {
  /** Put before the file names, such as the rules folder. */
  readonly folder?: string;
}

/** Problems in reading order: by file, line, column, then code. */
export function sortProblems(problems: readonly LocatedProblem[]): readonly LocatedProblem[] {
  return [...problems].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * A report: a heading for each problem (`rules/spam.yaml:12:9 error unknown-fact  Message`), the lines
 * around it and what to do, then how many there are.
 *
 * @returns lines joined by LF, without one at the end; empty when there are no problems
 */
export function formatProblems(problems: readonly LocatedProblem[], options: ReportOptions = {}): string {
  if (problems.length === 0) return '';
  const entries = sortProblems(problems).map((problem) => formatProblem(problem, options));
  return [...entries, summarize(problems)].join('\n\n');
}

function formatProblem(problem: LocatedProblem, { folder }: ReportOptions): string {
  const { line, column, severity, code, message, frame, hint } = problem;
  const place = `${printable(joinPath(folder, problem.file))}:${line}:${column}`;
  const parts = [`${place} ${severity} ${code}  ${printable(message)}`];
  if (frame !== '') parts.push(frame);
  if (hint !== undefined) parts.push(`  hint: ${printable(hint)}`);
  return parts.join('\n');
}

function joinPath(folder: string | undefined, file: string): string {
  if (folder === undefined || isAbsolute(file)) return file;
  return file === '.' ? folder : `${folder.replace(/\/$/, '')}/${file}`;
}

/** How many problems of each severity in how many files: `2 errors, 1 warning in 2 files`. */
export function summarize(problems: readonly LocatedProblem[]): string {
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const parts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  const files = new Set(problems.map(({ file }) => file)).size;
  return `${parts.join(', ')} in ${count(files, 'file')}`;
}
