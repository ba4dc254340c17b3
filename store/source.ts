/** A file that was read, as far as reports need it: where in its text a value stands. */
import type { DataPath, LocatedProblem, Problem } from '../engine/problem.js';
import { codeFrame } from './code-frame.js';
import { linesOf, START, type Lines, type Position } from './text.js';

export interface Source {
  readonly file: string;
  readonly lines: Lines;
  /**
   * Place of the value at a path, or of its key; where there is none, of its nearest ancestor that is there.
   */
  readonly locate: (path: DataPath, atKey?: boolean) => Position;
}

/** A plain text file. A path is the number of a line, from 0. */
export function textSource(file: string, text: string): Source {
  const lines = linesOf(text);
  return {
    file,
    lines,
    locate([index]) {
      const isLine = typeof index === 'number' && lines.line(index + 1) !== undefined;
      return isLine ? { line: index + 1, column: 1 } : START;
    },
  };
}

/** Puts a problem into its place. Without a source it stands at the beginning and has no frame. */
export function locateProblem(problem: Problem, source: Source | undefined): LocatedProblem {
  return placeProblem(problem, source, source?.locate(problem.path, problem.atKey) ?? START);
}

/** A problem at a place that is known already. */
export function placeProblem(
  problem: Problem,
  source: Source | undefined,
  position: Position,
): LocatedProblem {
  const frame = source === undefined ? '' : codeFrame(source.lines, position);
  return { ...problem, ...position, frame };
}
