/** What rules are looked up by, as columns of plain data: one entry for each key of each rule. */
import type { FactName } from '../facts.js';
import { decodeJson, encodeJson, shareNumbers } from '../shared-memory.js';
import { hashOf } from '../value-hash.js';
import type { Anchor } from './anchors.js';

export interface AnchorColumns {
  /** By rule: 1 when it has no anchor and must always be tested. */
  readonly always: Uint8Array;
  readonly groups: readonly AnchorGroup[];
}

/** Anchors of one type on one fact. */
export interface AnchorGroup {
  readonly fact: FactName;
  readonly type: Anchor['type'];
  /** Numbers of the rules. */
  readonly rules: Uint32Array;
  /** Of `values`: the values' hashes. */
  readonly hashes: Int32Array | null;
  /** Of all others: JSON of a list with the words, pieces or names of lists. */
  readonly texts: Uint8Array | null;
}

/** The keys of a group, one for each of its rules. */
export function keysOfGroup({ hashes, texts }: AnchorGroup): ArrayLike<number | string> {
  // Written below, and by nobody else.
  return hashes ?? (texts === null ? [] : (decodeJson(texts) as readonly string[]));
}

interface Draft {
  readonly fact: FactName;
  readonly type: Anchor['type'];
  readonly rules: number[];
  readonly keys: (number | string)[];
}

/** @param rules the anchors of each rule; `null` where it has none */
export function packAnchors(rules: readonly (readonly Anchor[] | null)[]): AnchorColumns {
  const drafts = new Map<string, Draft>();
  for (const [number, anchors] of rules.entries()) {
    for (const anchor of anchors ?? []) {
      const { fact, type } = anchor;
      const name = `${type} ${fact}`;
      let draft = drafts.get(name);
      if (draft === undefined) {
        draft = { fact, type, rules: [], keys: [] };
        drafts.set(name, draft);
      }
      for (const key of keysOf(anchor)) {
        draft.rules.push(number);
        draft.keys.push(key);
      }
    }
  }
  return {
    always: shareNumbers(
      Uint8Array,
      rules.map((anchors) => Number(anchors === null)),
    ),
    groups: [...drafts.values()].map(groupOf),
  };
}

function keysOf(anchor: Anchor): readonly (number | string)[] {
  switch (anchor.type) {
    case 'values':
      return anchor.values.map(hashOf);
    case 'words':
      return anchor.words;
    case 'pieces':
      return anchor.pieces;
    case 'member':
    case 'list-words':
      return [anchor.list];
  }
}

function groupOf({ fact, type, rules, keys }: Draft): AnchorGroup {
  return {
    fact,
    type,
    rules: shareNumbers(Uint32Array, rules),
    hashes: type === 'values' ? shareNumbers(Int32Array, keys.map(Number)) : null,
    texts: type === 'values' ? null : encodeJson(keys),
  };
}
