/** What those who hold a copy of the live lists are told; plain data. */

export interface ListUpdate {
  readonly list: string;
  /** Values that are there now, each with the moment at which it goes in milliseconds since 1970, or 0. */
  readonly set: readonly string[];
  readonly ends: readonly number[];
  /** Values that have gone. */
  readonly removed: readonly string[];
}

export type ListFollower = (update: ListUpdate) => void;
