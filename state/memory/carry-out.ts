/** Commands, carried out on cells. */
import {
  MOST_MEMBERS,
  TOKEN_LIFE,
  WINDOW_PARTS,
  type ClaimCommand,
  type CountCommand,
  type DistinctCommand,
  type LabelCommand,
  type StateCommand,
} from '../../engine/state.js';
import type { Cell, ClaimCell, CountCell, LabelCell } from './cell.js';
import { countAfter, forgetUntil, limit, momentOf, see, sizeOf } from './names.js';
import { inOnePiece } from './one-piece.js';
import { addTo, NO_PARTS, partOf, sumFrom } from './parts.js';

/** The cells of a store. */
export interface Cells {
  /** The cell of a key, if it is of this type. */
  find<Type extends Cell['type']>(key: string, type: Type): Extract<Cell, { type: Type }> | undefined;
  /** Keeps a new cell, instead of any other with this key. */
  put(key: string, cell: Cell): void;
  remove(key: string): void;
  /** A cell that is kept holds more names than before, or fewer. */
  grew(names: number): void;
}

/** @returns the result of the command */
export function carryOut(cells: Cells, command: StateCommand): number {
  switch (command.type) {
    case 'count':
      return count(cells, command);
    case 'distinct':
      return distinct(cells, command);
    case 'label':
      return label(cells, command);
    case 'claim':
      return claim(cells, command);
  }
}

function count(cells: Cells, { key, effect, window, at, token }: CountCommand): number {
  const found = cells.find(key, 'count');
  // Parts of another window mean nothing in this one.
  const cell = found?.window === window ? found : undefined;
  const part = partOf(at, window);
  const isNew = effect !== 'read' && !isKnown(cell, token, at);
  if (effect === 'add' && isNew) return add(cells, cell, { key, window, at, token, part });
  return (cell === undefined ? 0 : sumFrom(cell, part - WINDOW_PARTS)) + Number(isNew);
}

function isKnown(cell: CountCell | undefined, token: string, at: number): boolean {
  const added = token === '' ? undefined : momentOf(cell?.tokens, token);
  return added !== undefined && at - added < TOKEN_LIFE;
}

interface Addition extends Pick<CountCommand, 'key' | 'window' | 'at' | 'token'> {
  readonly part: number;
}

function add(cells: Cells, found: CountCell | undefined, addition: Addition): number {
  const { key, window, at, token, part } = addition;
  if (found === undefined) {
    const tokens = token === '' ? undefined : see(undefined, token, at);
    cells.put(key, { type: 'count', isUsed: false, window, part, additions: 1, earlier: NO_PARTS, tokens });
    return 1;
  }
  addTo(found, part);
  if (token !== '') {
    const before = sizeOf(found.tokens);
    found.tokens = see(forgetUntil(found.tokens, at - TOKEN_LIFE), token, at);
    cells.grew(sizeOf(found.tokens) - before);
  }
  return sumFrom(found, part - WINDOW_PARTS);
}

function distinct(cells: Cells, { key, effect, window, at, member }: DistinctCommand): number {
  const found = cells.find(key, 'distinct');
  const first = at - window;
  if (effect === 'read') return countAfter(found?.members, first);
  if (effect === 'assume') {
    const seen = momentOf(found?.members, member);
    const isCounted = seen !== undefined && seen > first;
    return Math.min(MOST_MEMBERS, countAfter(found?.members, first) + (isCounted ? 0 : 1));
  }
  if (found === undefined) {
    cells.put(key, { type: 'distinct', isUsed: false, window, members: see(undefined, member, at) });
    return 1;
  }
  const before = sizeOf(found.members);
  found.window = window;
  found.members = see(forgetUntil(found.members, first), member, at);
  limit(found.members, MOST_MEMBERS);
  cells.grew(sizeOf(found.members) - before);
  return countAfter(found.members, first);
}

function label(cells: Cells, { key, effect, at, until }: LabelCommand): number {
  const found = cells.find(key, 'label');
  switch (effect) {
    case 'set':
      return setLabel(cells, found, key, { at, until });
    case 'clear':
      cells.remove(key);
      return 0;
    case 'read':
      return found !== undefined && at < found.until ? 1 : 0;
  }
}

function setLabel(
  cells: Cells,
  found: LabelCell | undefined,
  key: string,
  { at, until }: Pick<LabelCommand, 'at' | 'until'>,
): number {
  const end = Math.max(found?.until ?? until, until);
  if (found !== undefined) found.until = end;
  else if (at < end) cells.put(key, { type: 'label', isUsed: false, until });
  return at < end ? 1 : 0;
}

function claim(cells: Cells, { key, at, until, token }: ClaimCommand): number {
  const found: ClaimCell | undefined = cells.find(key, 'claim');
  if (found !== undefined && at < found.until) return found.token === token ? 1 : 0;
  if (at < until) cells.put(key, { type: 'claim', isUsed: false, until, token: inOnePiece(token) });
  return 1;
}
