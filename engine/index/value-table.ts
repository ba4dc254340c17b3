/**
 * Values to postings. Only the values' hashes are kept: two values that share one are found together,
 * which is a candidate too many now and then and never one too few.
 */

export interface ValueTableImage {
  readonly hashes: Int32Array;
  /** Number of a posting, plus 1; 0 is a free slot. The size is a power of two. */
  readonly postings: Int32Array;
}

/** @param numbers of postings by hash */
export function packValueTable(numbers: ReadonlyMap<number, number>): ValueTableImage {
  const size = 2 ** Math.ceil(Math.log2(Math.max(8, numbers.size * 1.6)));
  const table = { hashes: new Int32Array(size), postings: new Int32Array(size) };
  for (const [hash, posting] of numbers) {
    const slot = slotOf(table, hash);
    table.hashes[slot] = hash;
    table.postings[slot] = posting + 1;
  }
  return table;
}

/** @returns the number of the posting, or -1 */
export function findHash(table: ValueTableImage, hash: number): number {
  return (table.postings[slotOf(table, hash)] ?? 0) - 1;
}

function slotOf({ hashes, postings }: ValueTableImage, hash: number): number {
  let slot = hash & (postings.length - 1);
  while (postings[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & (postings.length - 1);
  return slot;
}
