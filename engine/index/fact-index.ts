/** Everything that is looked up by the value of one fact. */
import type { PackAutomaton } from '../automata.js';
import type { FactName, FactValue } from '../facts.js';
import { foldedUnitsOf, unitsOf } from '../text-units.js';
import { hashOf } from '../value-hash.js';
import { foldedWords } from '../words.js';
import type { Anchor } from './anchors.js';
import { createPostingsPacker, type PostingsImage } from './postings.js';
import { openTextIndex, packTextIndex, type TextIndexImage } from './text-index.js';
import { findHash, packValueTable, type ValueTableImage } from './value-table.js';

export interface FactIndexImage {
  readonly fact: FactName;
  readonly postings: PostingsImage;
  readonly values: ValueTableImage | null;
  readonly folded: TextIndexImage | null;
  readonly literal: TextIndexImage | null;
}

export interface FactIndexPacker {
  /** @param key hash of a value; a word, a piece or the name of a list */
  add(type: Anchor['type'], key: number | string, rank: number): void;
  /** @param entriesOf entries of a named list */
  pack(entriesOf: (list: string) => readonly string[], packAutomaton: PackAutomaton): FactIndexImage;
}

export function createFactIndexPacker(fact: FactName, eventSets: ArrayLike<number>): FactIndexPacker {
  const postings = createPostingsPacker(eventSets);
  const values = postings.builder<number>();
  const words = postings.builder<string>();
  const pieces = postings.builder<string>();
  // Rules that ask for the same list come together, so that its entries share one posting.
  const members = new Map<string, number[]>();
  const listWords = new Map<string, number[]>();

  return {
    add(type, key, rank) {
      if (typeof key === 'number') {
        values.add(key, rank);
        return;
      }
      switch (type) {
        case 'values':
          values.add(hashOf(key), rank);
          return;
        case 'member':
          addTo(members, key, rank);
          return;
        case 'words':
          words.add(key, rank);
          return;
        case 'list-words':
          addTo(listWords, key, rank);
          return;
        case 'pieces':
          pieces.add(key, rank);
      }
    },
    pack(entriesOf, packAutomaton) {
      for (const [list, source] of members) {
        for (const entry of entriesOf(list)) values.add(hashOf(entry), source);
      }
      for (const [list, source] of listWords) {
        for (const word of foldedWords(entriesOf(list))) words.add(word, source);
      }
      const [byValue, byWord, byPiece] = [values.numbers(), words.numbers(), pieces.numbers()];
      return {
        fact,
        postings: postings.pack(),
        values: byValue.size === 0 ? null : packValueTable(byValue),
        folded: byWord.size === 0 ? null : packTextIndex(byWord, packAutomaton),
        literal: byPiece.size === 0 ? null : packTextIndex(byPiece, packAutomaton),
      };
    },
  };
}

function addTo(sources: Map<string, number[]>, list: string, rank: number): void {
  const source = sources.get(list);
  if (source === undefined) sources.set(list, [rank]);
  else source.push(rank);
}

export interface FactIndex {
  readonly fact: FactName;
  readonly postings: PostingsImage;
  /** Hands over the postings of all anchors that the value fulfils. */
  readonly find: (value: FactValue, found: (posting: number) => void) => void;
}

export function openFactIndex({ fact, postings, values, folded, literal }: FactIndexImage): FactIndex {
  const foldedTexts = folded === null ? undefined : openTextIndex(folded);
  const literalTexts = literal === null ? undefined : openTextIndex(literal);

  function findOne(value: string | number | boolean, found: (posting: number) => void): void {
    const posting = values === null ? -1 : findHash(values, hashOf(value));
    if (posting !== -1) found(posting);
  }

  return {
    fact,
    postings,
    find(value, found) {
      if (typeof value === 'object') {
        for (const entry of value) findOne(entry, found);
        return;
      }
      findOne(value, found);
      if (typeof value !== 'string') return;
      foldedTexts?.find(foldedUnitsOf(value), found);
      literalTexts?.find(unitsOf(value), found);
    },
  };
}
