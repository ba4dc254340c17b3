/** Whether a text begins or ends with one of many entries: a look-up for each length that entries have. */

export interface Affixes {
  add(entry: string): void;
  remove(entry: string): void;
  beginsText(text: string): boolean;
  endsText(text: string): boolean;
}

/** @param has whether a text is an entry */
export function createAffixes(has: (text: string) => boolean): Affixes {
  /** By length, how many entries have it. */
  const lengths = new Map<number, number>();

  function some(text: string, cut: (length: number) => string): boolean {
    for (const length of lengths.keys()) {
      if (length <= text.length && has(cut(length))) return true;
    }
    return false;
  }

  return {
    add: ({ length }) => void lengths.set(length, (lengths.get(length) ?? 0) + 1),
    remove({ length }) {
      const left = (lengths.get(length) ?? 0) - 1;
      if (left > 0) lengths.set(length, left);
      else lengths.delete(length);
    },
    beginsText: (text) => some(text, (length) => text.slice(0, length)),
    endsText: (text) => some(text, (length) => text.slice(text.length - length)),
  };
}
