/** Tables of text that fit a terminal. */
import { displayWidth } from '../store/code-frame.js';

export type Cells = readonly string[];

const GAP = 2;
/** Columns that are never made narrower than this. */
const NARROWEST = 16;

/** Columns of a terminal. Other output is for programs such as grep, which want one line a row. */
export function widthOf({ isTTY, columns }: NodeJS.WriteStream): number {
  return isTTY ? columns : Infinity;
}

/**
 * Lays out a table: columns as wide as their contents; where they are too wide together, the widest ones
 * are wrapped.
 *
 * @param width columns of the terminal; `Infinity` for output that no one looks at
 * @returns lines joined by LF, without one at the end
 */
export function formatTable(head: Cells, rows: readonly Cells[], width: number): string {
  const all = [head.map((title) => title.toUpperCase()), ...rows];
  const natural = head.map((_, column) => Math.max(...all.map((cells) => displayWidth(cells[column] ?? ''))));
  const widths = fit(natural, width - GAP * (head.length - 1));
  return all.flatMap((cells) => rowLines(cells, widths)).join('\n');
}

/** Takes from the widest columns until they fit. */
function fit(natural: readonly number[], available: number): readonly number[] {
  const widths = [...natural];
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width, 0) - available;
    const widest = Math.max(...widths);
    if (excess <= 0 || widest <= NARROWEST) return widths;
    const column = widths.indexOf(widest);
    const next = Math.max(NARROWEST, ...widths.filter((width) => width < widest));
    widths[column] = Math.max(next, widest - excess);
  }
}

function rowLines(cells: Cells, widths: readonly number[]): readonly string[] {
  const wrapped = cells.map((cell, column) => wrap(cell, widths[column] ?? Infinity));
  const height = Math.max(...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((lines, column) => pad(lines[line] ?? '', widths[column] ?? 0))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Breaks a text between words; a word that is too long, within. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = cut(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

function cut(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && displayWidth(piece + character) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
