/** What a store in memory holds of one key. */
import { TOKEN_LIFE } from '../../engine/state.js';
import { partsOver, type Parts } from './parts.js';
import { forgetUntil, sizeOf, type Names } from './names.js';

interface Used {
  /** Whether it was asked for since the table last looked. */
  isUsed: boolean;
}

export interface CountCell extends Used, Parts {
  readonly type: 'count';
  /** Milliseconds. */
  readonly window: number;
  /** When each living token was added. */
  tokens: Names;
}

export interface DistinctCell extends Used {
  readonly type: 'distinct';
  /** Milliseconds; the one that was asked for last. */
  window: number;
  members: Names;
}

export interface LabelCell extends Used {
  readonly type: 'label';
  until: number;
}

export interface ClaimCell extends Used {
  readonly type: 'claim';
  readonly until: number;
  readonly token: string;
}

export type Cell = CountCell | DistinctCell | LabelCell | ClaimCell;

/** How much room it takes: 1, and 1 for each name in it. */
export function weigh(cell: Cell): number {
  switch (cell.type) {
    case 'count':
      return 1 + sizeOf(cell.tokens);
    case 'distinct':
      return 1 + sizeOf(cell.members);
    case 'label':
    case 'claim':
      return 1;
  }
}

/** Lets go of what no moment from `now` on needs. @returns whether that is all of it */
export function clear(cell: Cell, now: number): boolean {
  switch (cell.type) {
    case 'count':
      cell.tokens = forgetUntil(cell.tokens, now - TOKEN_LIFE);
      return cell.tokens === undefined && partsOver(cell, now, cell.window);
    case 'distinct':
      cell.members = forgetUntil(cell.members, now - cell.window);
      return cell.members === undefined;
    case 'label':
    case 'claim':
      return cell.until <= now;
  }
}
