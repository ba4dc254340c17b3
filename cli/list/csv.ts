/** Reads CSV strictly (RFC 4180): fields by commas, quotes around those that hold a comma, quote or line break. */

export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvFault {
  readonly line: number;
  readonly message: string;
}

/** A field and what ends it. The quoted form comes first, as a plain field may be empty. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/**
 * Reads records; lines without anything are left out. After a line that is no CSV, reading goes on with the next one.
 */
export function* readCsv(text: string): Generator<CsvRecord | CsvFault> {
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (position < text.length) {
    const begin = line;
    const fields: string[] = [];
    let isWhole = false;
    while (!isWhole) {
      FIELD.lastIndex = position;
      const match = FIELD.exec(text);
      if (match === null) break;
      const [whole, quoted, plain = '', end = ''] = match;
      fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
      position += whole.length;
      line += linesIn(whole);
      isWhole = end !== ',';
    }
    if (isWhole) {
      if (fields.length > 1 || fields[0] !== '') yield { line: begin, fields };
      continue;
    }
    yield { line: begin, message: 'it is no CSV: a quote that is not closed, or not alone around a field' };
    const next = text.indexOf('\n', position);
    const from = position;
    position = next === -1 ? text.length : next + 1;
    line += linesIn(text.slice(from, position));
  }
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
