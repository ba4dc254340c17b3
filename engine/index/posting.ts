/** Ranks of the rules that share an anchor. A rank is a rule's place in the order of judging. */
export type Posting = number[];

/** The posting of a key, made when there is none yet. */
export function postingOf<K>(postings: Map<K, Posting>, key: K): Posting {
  let posting = postings.get(key);
  if (posting === undefined) {
    posting = [];
    postings.set(key, posting);
  }
  return posting;
}
