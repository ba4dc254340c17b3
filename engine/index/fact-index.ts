/** Everything that is looked up by the value of one fact. */
import type { FactValue } from '../facts.js';
import type { List } from '../list.js';
import { fold } from '../text.js';
import type { Anchor } from './anchors.js';
import { postingOf, type Posting } from './posting.js';
import { createTextIndex, type TextIndex } from './text-index.js';

export interface FactIndex {
  add(anchor: Anchor, rank: number): void;
  /** Hands over the postings of all anchors that the value fulfils. */
  find(value: FactValue, found: (posting: Posting) => void): void;
  /** Hands over all postings: for a fact that is not at hand. */
  all(found: (posting: Posting) => void): void;
}

export function createFactIndex(): FactIndex {
  const values = new Map<FactValue, Posting>();
  const lists = new Map<List, Posting>();
  const wordLists = new Map<List, Posting>();
  const pieces = new Map<string, Posting>();
  let texts: { readonly folded?: TextIndex; readonly literal?: TextIndex } | undefined;

  /** Built at the first look-up, so that adding many rules builds it once. */
  function textIndexes(): NonNullable<typeof texts> {
    const literal = new Map([...pieces].map(([piece, posting]) => [piece, [posting]] as const));
    return (texts ??= {
      ...(wordLists.size > 0 && { folded: createTextIndex(wordsOf(wordLists)) }),
      ...(pieces.size > 0 && { literal: createTextIndex(literal) }),
    });
  }

  function findOne(value: FactValue, found: (posting: Posting) => void): void {
    const posting = values.get(value);
    if (posting !== undefined) found(posting);
    if (typeof value !== 'string') return;
    for (const [list, ranks] of lists) if (list.set.has(value)) found(ranks);
  }

  return {
    add(anchor, rank) {
      texts = undefined;
      switch (anchor.type) {
        case 'value':
          postingOf(values, anchor.value).push(rank);
          return;
        case 'member':
          postingOf(lists, anchor.list).push(rank);
          return;
        case 'words':
          postingOf(wordLists, anchor.list).push(rank);
          return;
        case 'pieces':
          for (const piece of anchor.pieces) postingOf(pieces, piece).push(rank);
      }
    },
    find(value, found) {
      if (typeof value === 'object') {
        for (const entry of value) findOne(entry, found);
        return;
      }
      findOne(value, found);
      if (typeof value !== 'string') return;
      const { folded, literal } = textIndexes();
      folded?.find(fold(value), found);
      literal?.find(value, found);
    },
    all(found) {
      for (const postings of [values, lists, wordLists, pieces])
        for (const posting of postings.values()) found(posting);
    },
  };
}

/** Folded word to the postings of all lists that hold it. */
function wordsOf(lists: ReadonlyMap<List, Posting>): ReadonlyMap<string, readonly Posting[]> {
  const words = new Map<string, Posting[]>();
  for (const [list, posting] of lists) {
    for (const word of new Set(list.entries.map(fold))) {
      if (word === '') continue;
      const postings = words.get(word);
      if (postings === undefined) words.set(word, [posting]);
      else postings.push(posting);
    }
  }
  return words;
}
