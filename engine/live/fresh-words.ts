/** Words that are found without being prepared: each can be added and removed at once. */

export interface FreshWords {
  readonly size: number;
  /** Words are folded and not empty. Adding one again changes nothing. */
  add(word: string): void;
  remove(word: string): void;
  /**
   * Runs over a folded text and tells where words begin, and how long they are.
   *
   * @param found ends the search when it says so
   * @returns whether it did
   */
  search(text: string, found: (first: number, length: number) => boolean): boolean;
}

/** Code units of a word's beginning by which it is looked up. */
const HEAD = 3;

export function createFreshWords(): FreshWords {
  const words = new Set<string>();
  /** By beginning: how many words of each length have it. */
  const heads = new Map<string, Map<number, number>>();
  /** By length of a beginning, how many words have such a one. */
  const headLengths = new Int32Array(HEAD + 1);

  function count(word: string, by: 1 | -1): void {
    const head = word.slice(0, HEAD);
    const lengths = heads.get(head) ?? new Map<number, number>();
    const left = (lengths.get(word.length) ?? 0) + by;
    if (left > 0) lengths.set(word.length, left);
    else lengths.delete(word.length);
    if (lengths.size > 0) heads.set(head, lengths);
    else heads.delete(head);
    headLengths[head.length] = (headLengths[head.length] ?? 0) + by;
  }

  return {
    get size() {
      return words.size;
    },
    add(word) {
      if (words.has(word)) return;
      words.add(word);
      count(word, 1);
    },
    remove(word) {
      if (words.delete(word)) count(word, -1);
    },
    search(text, found) {
      if (words.size === 0) return false;
      for (let first = 0; first < text.length; first += 1) {
        for (let head = 1; head <= HEAD; head += 1) {
          if (headLengths[head] === 0 || first + head > text.length) continue;
          for (const length of heads.get(text.slice(first, first + head))?.keys() ?? []) {
            const isWord = first + length <= text.length && words.has(text.slice(first, first + length));
            if (isWord && found(first, length)) return true;
          }
        }
      }
      return false;
    },
  };
}
