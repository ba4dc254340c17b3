/**
 * Folding: the form in which words are looked for in text.
 *
 * Writers evade word lists with capitals, full-width letters, accents written apart and invisible
 * characters; folding takes these differences away (Unicode NFKC, lower case, without characters that
 * take no room) and remembers which piece of the original each folded character came from.
 */

/** Characters that take no room when shown, such as the zero-width space that splits a word. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Text that NFKC leaves alone and whose lower case has the same length: ASCII, kana, CJK ideographs. */
const PLAIN = /^[\t\n\r -~\u3001\u3002\u3041-\u3096\u30A1-\u30FA\u4E00-\u9FFF]*$/;

/** A character with the marks that belong to it, which are composed together, and what hides among them. */
export const CLUSTER = /\P{M}[\p{M}\p{Default_Ignorable_Code_Point}]*|\p{M}+/gu;

export interface FoldedText {
  readonly text: string;
  /**
   * Range in the original text of each code unit of `text`; absent when both have the same length
   * and positions.
   */
  readonly origin?: { readonly starts: readonly number[]; readonly ends: readonly number[] };
}

/** Folds a text and keeps the way back to the original positions. */
export function foldWithOrigin(original: string): FoldedText {
  if (PLAIN.test(original)) return { text: original.toLowerCase() };
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  for (const { 0: cluster, index } of original.matchAll(CLUSTER)) {
    const folded = foldCluster(cluster);
    text += folded;
    for (let unit = 0; unit < folded.length; unit += 1) {
      starts.push(index);
      ends.push(index + cluster.length);
    }
  }
  return { text, origin: { starts, ends } };
}

/** Folds a text. */
export function fold(original: string): string {
  return foldWithOrigin(original).text;
}

/** Folds one of the {@link CLUSTER}s of a text. */
export function foldCluster(cluster: string): string {
  return cluster.replace(INVISIBLE, '').normalize('NFKC').toLowerCase();
}

/** Number of characters as a reader of the code counts them: Unicode code points. */
export function codePointCount(text: string): number {
  let count = 0;
  for (const unused of text) count += unused === '' ? 0 : 1;
  return count;
}
