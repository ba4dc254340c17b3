/** Text and the places in it. */
import { isUtf8 } from 'node:buffer';

/** A place in a text. Both count from 1; columns count UTF-16 code units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The place where a text begins. */
export const START: Position = { line: 1, column: 1 };

/** A text cut into lines. */
export interface Lines {
  /** Number of lines; an empty text has one. */
  readonly count: number;
  /** Text of a line (from 1) without its line break; `undefined` outside the text. */
  line(number: number): string | undefined;
  /** Place of an offset in code units; offsets outside the text give its nearest end. */
  positionAt(offset: number): Position;
}

/** Finds the lines of a text, which end with LF or CR LF. */
export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const startOf = (number: number): number => starts[number - 1] ?? text.length;
  const line = (number: number): string | undefined => {
    if (number < 1 || number > starts.length) return undefined;
    return text.slice(startOf(number), startOf(number + 1)).replace(/\r?\n$/, '');
  };
  return {
    count: starts.length,
    line,
    positionAt(offset) {
      let [low, high] = [1, starts.length];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (startOf(middle) <= offset) low = middle;
        else high = middle - 1;
      }
      const length = line(low)?.length ?? 0;
      return { line: low, column: Math.min(Math.max(offset - startOf(low), 0), length) + 1 };
    },
  };
}

/** A file's text, or the place of the first byte that is not UTF-8. */
export type Decoded =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'invalid'; readonly text: string; readonly position: Position };

/**
 * Decodes a file as UTF-8. A byte order mark at the beginning is taken away.
 *
 * @returns the text; with the place of the first bad byte, for which a replacement character stands,
 *   when it is not UTF-8
 */
export function decodeText(bytes: Buffer): Decoded {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (isUtf8(bytes)) return { type: 'text', text };
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end !== -1 && isUtf8(bytes.subarray(start, end)); line += 1) {
    start = end + 1;
    end = bytes.indexOf(0x0a, start);
  }
  const column = (linesOf(text).line(line) ?? '').indexOf('\uFFFD') + 1;
  return { type: 'invalid', text, position: { line, column } };
}
