/** A hash of fact values, the same in every thread and process. */

/** @returns 32 bits, as a signed integer */
export function hashOf(value: string | number | boolean): number {
  const text = typeof value === 'string' ? value : `${typeof value} ${value}`;
  // FNV-1a over UTF-16 code units, then stirred so that the low bits alone spread well.
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
