/** The lines around a place, with a marker below it, for a terminal with a fixed-width font. */
import type { Lines, Position } from './text.js';

/** Lines shown before and after the one that matters. */
const CONTEXT = 2;
/** Columns of text shown of a line; longer ones are cut around the marker. */
const MAX_WIDTH = 100;
/** Columns kept before the marker in a line that is cut. */
const LEAD = 60;
const CUT = '…';
const TAB = '  ';

/** Characters that would move the cursor, change colours or reverse the line, and thereby falsify a report. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Clusters that fill two columns: Unicode East Asian Width W and F, and what is drawn as an emoji. */
const WIDE = new RegExp(
  '[\\u1100-\\u115F\\u2E80-\\u303E\\u3041-\\u33FF\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uA000-\\uA4CF' +
    '\\uA960-\\uA97F\\uAC00-\\uD7A3\\uF900-\\uFAFF\\uFE30-\\uFE4F\\uFF00-\\uFF60\\uFFE0-\\uFFE6' +
    '\\u{1F1E6}-\\u{1F1FF}\\u{20000}-\\u{3FFFD}]|\\p{Emoji_Presentation}|\\p{Emoji}\\uFE0F',
  'u',
);
/** Clusters that fill none: lone marks and format characters. */
const EMPTY = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Text from a file or message made safe to print: control characters become visible. */
export function printable(text: string): string {
  return text.replace(/\t/g, TAB).replace(UNSAFE, '\uFFFD');
}

interface Cell {
  readonly text: string;
  readonly width: number;
  /** Offset in the line, in code units. */
  readonly offset: number;
}

function cellsOf(line: string): readonly Cell[] {
  return Array.from(segmenter.segment(line), ({ segment, index }) => {
    const text = printable(segment);
    return { text, width: segment === '\t' ? TAB.length : widthOf(text), offset: index };
  });
}

function widthOf(cluster: string): number {
  if (WIDE.test(cluster)) return 2;
  return EMPTY.test(cluster) ? 0 : 1;
}

/** Columns that a text fills on a terminal. */
export function displayWidth(text: string): number {
  return cellsOf(text).reduce((sum, { width }) => sum + width, 0);
}

/** Cuts a line so that its columns from `from` on are shown. */
function clip(cells: readonly Cell[], from: number): string {
  let shown = from > 0 ? CUT : '';
  let at = 0;
  for (const { text, width } of cells) {
    if (at >= from + MAX_WIDTH) return shown + CUT;
    if (at >= from) shown += text;
    at += width;
  }
  return shown;
}

/** The last column not after `limit` at which a cell begins: a wide character is not cut in two. */
function edgeBefore(cells: readonly Cell[], limit: number): number {
  let at = 0;
  for (const { width } of cells) {
    if (at + width > limit) break;
    at += width;
  }
  return at;
}

/**
 * Shows a place in a text.
 *
 * @returns lines joined by LF, without one at the end
 */
export function codeFrame(lines: Lines, { line, column }: Position): string {
  // Segmenting is slow on lines of megabytes, of which a frame shows no more than this anyway.
  const start = Math.max(0, column - 1 - 20 * MAX_WIDTH);
  const cut = (number: number): string => (lines.line(number) ?? '').slice(start, start + 40 * MAX_WIDTH);
  const before = cellsOf(cut(line)).filter(({ offset }) => offset < column - 1 - start);
  const marker = before.reduce((sum, { width }) => sum + width, 0);
  const from = marker > MAX_WIDTH - 10 ? edgeBefore(before, marker - LEAD) : 0;
  const first = Math.max(1, line - CONTEXT);
  const end = Math.min(lines.count, line + CONTEXT);
  const last = end > line && lines.line(end) === '' ? end - 1 : end;
  const gutter = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const text = clip(cellsOf(cut(number)), from);
    frame.push(`${number === line ? '>' : ' '} ${String(number).padStart(gutter)} | ${text}`.trimEnd());
    if (number !== line) continue;
    const lead = from > 0 ? CUT.length + marker - from : marker;
    frame.push(`  ${' '.repeat(gutter)} | ${' '.repeat(lead)}^`);
  }
  return frame.join('\n');
}
