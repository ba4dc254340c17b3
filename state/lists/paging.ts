/** Pages of many values that are in no order. */

/**
 * The smallest values above a bound, in order: by code units, as `<` compares. Sorts only a few of them at a
 * time, so that a page of a hundred thousand takes milliseconds.
 */
export function smallestAfter(values: Iterable<string>, count: number, after = ''): readonly string[] {
  let smallest: string[] = [];
  let most: string | undefined;
  for (const value of values) {
    if (value <= after || (most !== undefined && value >= most)) continue;
    smallest.push(value);
    if (smallest.length < 2 * count + 64) continue;
    smallest = smallest.sort().slice(0, count);
    most = smallest.at(-1);
  }
  return smallest.sort().slice(0, count);
}
