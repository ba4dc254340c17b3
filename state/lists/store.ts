/** Where live lists are kept. */
import type { AddOutcome, ListReader, RemoveOutcome } from './book.js';
import type { WantedEntry } from './entry.js';
import type { ListFollower, ListUpdate } from './updates.js';

export interface ListStoreStatus {
  readonly store: 'memory' | 'redis';
  /** Whether lists can be changed, and changes from elsewhere are seen. */
  readonly isConnected: boolean;
  /** What is wrong, for people; `null` when nothing is. */
  readonly problem: string | null;
}

/** The store cannot take a change now; nothing was changed that was not told. The message is for people. */
export class ListStoreError extends Error {}

export interface LiveListStore {
  /** What this process knows: all that it has changed itself, and what others changed up to a second ago. */
  readonly reader: ListReader;
  /**
   * Adds entries, or gives those that are there another reason, owner or end. It is kept when this resolves.
   * Values are as `faultOfValue` wants them.
   *
   * @returns what became of each entry
   * @throws ListStoreError, ListFull
   */
  add(list: string, entries: readonly WantedEntry[]): Promise<readonly AddOutcome[]>;
  /** @throws ListStoreError */
  remove(list: string, values: readonly string[]): Promise<readonly RemoveOutcome[]>;
  /** All that is there, in updates that each are short work. Lists may change meanwhile. */
  updates(): Iterator<ListUpdate>;
  /** Tells changes from now on. @returns how to stop */
  follow(follower: ListFollower): () => void;
  status(): ListStoreStatus;
  close(): Promise<void>;
}
