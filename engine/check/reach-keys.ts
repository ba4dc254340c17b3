/** Under which keys rules are filed and looked up, so that not every rule is compared with every other. */
import { ALWAYS, type Condition, type Leaf } from '../condition.js';
import type { FactName } from '../facts.js';
import { hashOf } from '../value-hash.js';
import { valuesOf } from './conflict.js';
import { isList, isLive, testKey } from './operand-text.js';

/** Entries of a list under which a rule is filed one by one; a longer list is filed as a whole. */
const MOST_ENTRIES = 64;

/** Keys of rules, as hashes: two keys that share one only make for a comparison in vain. */
export interface ReachKeys<T> {
  /** A rule is filed under each; every stronger condition is looked up under one of them. */
  readonly filed: T;
  /** A rule is looked up under each, those that few rules share first. */
  readonly lookedUp: T;
}

/** Lists of numbers, one after the other. */
export interface NumberLists {
  /** Where each list begins, and at last where the last one ends. */
  readonly starts: Uint32Array;
  readonly numbers: Int32Array;
}

export function reachKeys(condition: Condition): ReachKeys<readonly number[]> {
  return { filed: hashes(filedUnder(condition)), lookedUp: hashes(lookedUp(condition)) };
}

function hashes(keys: readonly string[]): readonly number[] {
  return [...new Set(keys.map(hashOf))];
}

const EVERYTHING = '*';
const underValue = (fact: FactName, value: unknown): string => `${fact} = ${JSON.stringify(value)}`;
const underWord = (fact: FactName, word: string): string => `${fact} ~ ${word}`;
const underTest = (leaf: Leaf): string => `${leaf.fact} ${testKey(leaf).key}`;
const underFact = (fact: FactName): string => `${fact} ?`;

/** Keys of which a stronger condition is looked up under one. */
function filedUnder(condition: Condition): readonly string[] {
  if (condition === ALWAYS) return [EVERYTHING];
  switch (condition.type) {
    case 'leaf':
      return leafFiledUnder(condition);
    case 'not':
      return [EVERYTHING];
    case 'any':
      return condition.members.flatMap(filedUnder);
    case 'all': {
      // A stronger condition is stronger than each member, so any one will do.
      const all = condition.members.map(filedUnder);
      return all.reduce((best, keys) => (rank(keys) < rank(best) ? keys : best));
    }
  }
}

/** Few rules share a value or a word, many share a fact. */
function rank(keys: readonly string[]): number {
  return keys.some((key) => key.endsWith(' ?')) ? 1 : keys.includes(EVERYTHING) ? 2 : 0;
}

function leafFiledUnder(leaf: Leaf): readonly string[] {
  const { fact, operator } = leaf;
  const values = valuesOf(leaf);
  if (values !== undefined && values.length <= MOST_ENTRIES) {
    return values.map((value) => underValue(fact, value));
  }
  if (isLive(leaf.right)) return [underTest(leaf)];
  if (operator === 'containsAny') {
    const words = wordsOf(leaf);
    return words.length <= MOST_ENTRIES ? words.map((word) => underWord(fact, word)) : [underTest(leaf)];
  }
  return operator === 'matches' || operator === 'contains' ? [underTest(leaf)] : [underFact(fact)];
}

function wordsOf({ right }: Leaf): readonly string[] {
  return right.type === 'operand' && isList(right.operand) ? right.operand.entries : [];
}

/** Keys under which weaker conditions are filed, the ones that few share first. */
function lookedUp(condition: Condition): readonly string[] {
  const keys = [...keysOf(condition)];
  return [
    ...keys.filter((key) => !key.endsWith(' ?')),
    ...keys.filter((key) => key.endsWith(' ?')),
    EVERYTHING,
  ];
}

function* keysOf(condition: Condition): Generator<string> {
  switch (condition.type) {
    case 'leaf':
      yield* leafKeys(condition);
      return;
    case 'not':
      return;
    case 'all':
      for (const member of condition.members) yield* keysOf(member);
      return;
    case 'any': {
      // What is weaker than the whole is weaker than the first member.
      const [first] = condition.members;
      if (first !== undefined) yield* keysOf(first);
    }
  }
}

function* leafKeys(leaf: Leaf): Generator<string> {
  const { fact } = leaf;
  const [value] = valuesOf(leaf) ?? [];
  if (value !== undefined) yield underValue(fact, value);
  const [word] = leaf.operator === 'containsAny' ? wordsOf(leaf) : [];
  if (word !== undefined) yield underWord(fact, word);
  yield underTest(leaf);
  yield underFact(fact);
}
