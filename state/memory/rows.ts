/** Cells as rows of JSON, and back. */
import type { Cell } from './cell.js';
import { entriesOf, see, type Names } from './names.js';
import { fromList, listOf, type Parts } from './parts.js';

/**
 * `[type, key, ...]`:
 * - `["count", key, window, parts, tokens]`
 * - `["distinct", key, window, members]`
 * - `["label", key, until]`
 * - `["claim", key, until, token]`
 *
 * Names are `[name, moment, name, moment, ...]`. Rows of the same key belong together: each has some of the names.
 */
export type Row = readonly [type: Cell['type'], key: string, ...rest: unknown[]];

/** Names in one row: writing a row must not take long. */
const NAMES_PER_ROW = 500;

/** The rows of a cell. */
export function* rowsOf(key: string, cell: Cell): Generator<Row> {
  switch (cell.type) {
    case 'count': {
      const parts = listOf(cell);
      for (const names of piecesOf(cell.tokens)) yield ['count', key, cell.window, parts, names];
      return;
    }
    case 'distinct':
      for (const names of piecesOf(cell.members)) yield ['distinct', key, cell.window, names];
      return;
    case 'label':
      yield ['label', key, cell.until];
      return;
    case 'claim':
      yield ['claim', key, cell.until, cell.token];
  }
}

/** Numbers and texts in a row. */
export function lengthOf(row: Row): number {
  let length = row.length;
  for (const part of row) if (Array.isArray(part)) length += part.length;
  return length;
}

type Flat = readonly (string | number)[];

/** At least one piece. They are made at once: the names may change before the last one is written. */
function piecesOf(names: Names): readonly Flat[] {
  const all = [...entriesOf(names)];
  const pieces: Flat[] = [];
  for (let begin = 0; begin === 0 || begin < all.length; begin += NAMES_PER_ROW)
    pieces.push(all.slice(begin, begin + NAMES_PER_ROW).flat());
  return pieces;
}

/** A row is not one that {@link rowsOf} has made. */
export class WrongRow extends Error {
  constructor() {
    super('it is damaged: a row is wrong');
  }
}

/**
 * The cell of a row.
 *
 * @param found the cell of the rows with this key that came before; its names are taken over
 * @throws WrongRow
 */
export function cellOf(row: Row, found: Cell | undefined): Cell {
  const [type, , first, second, third] = row;
  const number = numberIn(first);
  switch (type) {
    case 'count': {
      const { part, additions, earlier } = partsIn(second);
      const tokens = namesIn(third, found?.type === 'count' ? found.tokens : undefined);
      return { type, isUsed: false, window: number, part, additions, earlier, tokens };
    }
    case 'distinct': {
      const before = found?.type === 'distinct' ? found.members : undefined;
      return { type, isUsed: false, window: number, members: namesIn(second, before) };
    }
    case 'label':
      return { type, isUsed: false, until: number };
    case 'claim':
      if (typeof second !== 'string') throw new WrongRow();
      return { type, isUsed: false, until: number, token: second };
  }
}

const TYPES: ReadonlySet<unknown> = new Set<Cell['type']>(['count', 'distinct', 'label', 'claim']);

export function isRow(value: unknown): value is Row {
  return Array.isArray(value) && TYPES.has(value[0]) && typeof value[1] === 'string';
}

function numberIn(value: unknown): number {
  if (typeof value !== 'number') throw new WrongRow();
  return value;
}

function partsIn(value: unknown): Parts {
  const parts = Array.isArray(value) ? fromList(value.map(numberIn)) : undefined;
  if (parts === undefined) throw new WrongRow();
  return parts;
}

function namesIn(value: unknown, before: Names): Names {
  if (!Array.isArray(value)) throw new WrongRow();
  let names = before;
  for (let index = 0; index < value.length; index += 2) {
    const name: unknown = value[index];
    if (typeof name !== 'string') throw new WrongRow();
    names = see(names, name, numberIn(value[index + 1]));
  }
  return names;
}
