/**
 * Anchors: for a condition, a small set of tests of which at least one must hold whenever the condition
 * does. Rules are looked up by them, so that those that cannot match are never touched.
 */
import { leavesOf, type Condition, type Leaf } from '../condition.js';
import { factDefinition, type FactName } from '../facts.js';
import type { List } from '../list.js';
import type { Operand } from '../operand.js';
import type { OperatorName } from '../operators.js';
import { isStateFact } from '../state-facts.js';
import { foldedWords } from '../words.js';

/** A test that the index can look up, as plain data. Named lists are told by their names. */
export type Anchor = { readonly fact: FactName } & (
  | {
      /** The fact is one of the values; a list fact has one as an entry. */
      readonly type: 'values';
      readonly values: readonly (string | number | boolean)[];
    }
  /** The fact, or an entry of it, is in the list. */
  | { readonly type: 'member'; readonly list: string }
  /** The folded text has one of the folded words. */
  | { readonly type: 'words'; readonly words: readonly string[] }
  /** The folded text has one of the list's entries, folded. */
  | { readonly type: 'list-words'; readonly list: string }
  /** The text has one of the pieces, to the letter. */
  | { readonly type: 'pieces'; readonly pieces: readonly string[] }
);

interface Candidate {
  readonly anchors: readonly Anchor[];
  /** How many callbacks the anchors let through, as a rank: lower is better. */
  readonly cost: number;
}

/** The anchors of a condition, or `undefined` when it has none and must always be tested. */
export function anchorsOf(condition: Condition): readonly Anchor[] | undefined {
  return bestOf(condition)?.anchors;
}

function bestOf(condition: Condition): Candidate | undefined {
  switch (condition.type) {
    case 'leaf':
      return leafCandidate(condition);
    case 'not':
      return undefined;
    case 'all': {
      const candidates = condition.members.flatMap((member) => bestOf(member) ?? []);
      return candidates.reduce<Candidate | undefined>(
        (best, candidate) => (best === undefined || candidate.cost < best.cost ? candidate : best),
        undefined,
      );
    }
    case 'any': {
      const candidates = condition.members.map(bestOf);
      if (!candidates.every((candidate) => candidate !== undefined)) return undefined;
      return {
        anchors: candidates.flatMap(({ anchors }) => anchors),
        cost: Math.max(...candidates.map(({ cost }) => cost)) + 1,
      };
    }
  }
}

function leafCandidate({ fact, operator, right }: Leaf): Candidate | undefined {
  // What is remembered is asked for only when a rule needs it.
  if (right.type !== 'operand' || isStateFact(fact)) return undefined;
  // What a live list holds is only known when a rule asks it.
  if (isList(right.operand) && right.operand.live !== undefined) return undefined;
  const anchor = FOR_OPERATOR[operator]?.(fact, right.operand);
  return anchor && { anchors: [anchor], cost: cost(anchor, right.operand) };
}

/** Facts that have few values let a large part of all callbacks through. */
const COMMONPLACE: ReadonlySet<FactName> = new Set<FactName>([
  'platform',
  'app.id',
  'event.kind',
  'event.stage',
  'command',
  'actor.platform',
  'group.type',
]);

function cost({ fact, type }: Anchor, operand: Operand): number {
  const definition = factDefinition(fact);
  if (COMMONPLACE.has(fact) || definition.type === 'boolean' || definition.values !== undefined) return 1000;
  const scan = type === 'values' || type === 'member' ? 0 : 20;
  return scan + 10 + Math.min(sizeOf(operand), 500) / 10;
}

function sizeOf(operand: Operand): number {
  if (operand instanceof Set) return operand.size;
  return isList(operand) ? operand.entries.length : 1;
}

type ForOperator = (fact: FactName, operand: Operand) => Anchor | undefined;

/** What each operator tells about the facts for which it holds; the others tell nothing. */
const FOR_OPERATOR: Readonly<Partial<Record<OperatorName, ForOperator>>> = {
  equal: (fact, operand) =>
    typeof operand === 'object' ? undefined : { type: 'values', fact, values: [operand] },
  in: (fact, operand) => {
    if (operand instanceof Set) return { type: 'values', fact, values: [...(operand as Set<number>)] };
    return isList(operand) ? membership(fact, operand) : undefined;
  },
  contains: (fact, operand) => {
    if (typeof operand !== 'string') return undefined;
    if (factDefinition(fact).type === 'strings') return { type: 'values', fact, values: [operand] };
    return { type: 'pieces', fact, pieces: [operand] };
  },
  containsAny: (fact, operand) => {
    if (!isList(operand)) return undefined;
    if (factDefinition(fact).type === 'strings') return membership(fact, operand);
    if (operand.name !== '') return { type: 'list-words', fact, list: operand.name };
    return { type: 'words', fact, words: foldedWords(operand.entries) };
  },
  startsWith: (fact, operand) =>
    isList(operand) ? { type: 'pieces', fact, pieces: operand.entries } : undefined,
  endsWith: (fact, operand) =>
    isList(operand) ? { type: 'pieces', fact, pieces: operand.entries } : undefined,
};

/** The named lists of a condition. */
export function listsOf(condition: Condition): readonly List[] {
  return [...leavesOf(condition)].flatMap(({ right }) =>
    right.type === 'operand' && isList(right.operand) && right.operand.name !== '' ? [right.operand] : [],
  );
}

function membership(fact: FactName, { name, entries }: List): Anchor {
  return name === '' ? { type: 'values', fact, values: entries } : { type: 'member', fact, list: name };
}

function isList(operand: Operand): operand is List {
  return typeof operand === 'object' && 'entries' in operand && 'words' in operand;
}
