/**
 * Anchors: for a condition, a small set of tests of which at least one must hold whenever the condition
 * does. Rules are looked up by them, so that those that cannot match are never touched.
 */
import type { Condition, Leaf } from '../condition.js';
import { factDefinition, type FactName, type FactValue } from '../facts.js';
import type { List } from '../list.js';
import type { Operand } from '../operand.js';
import type { OperatorName } from '../operators.js';

/** A test that the index can look up. */
export type Anchor =
  /** The fact is the value; a list fact has it as an entry. */
  | { readonly type: 'value'; readonly fact: FactName; readonly value: FactValue }
  /** The fact, or an entry of it, is in the list. */
  | { readonly type: 'member'; readonly fact: FactName; readonly list: List }
  /** The folded text has one of the words. */
  | { readonly type: 'words'; readonly fact: FactName; readonly list: List }
  /** The text has one of the pieces, to the letter. */
  | { readonly type: 'pieces'; readonly fact: FactName; readonly pieces: readonly string[] };

interface Candidate {
  readonly anchors: readonly Anchor[];
  /** How many callbacks the anchors let through, as a rank: lower is better. */
  readonly cost: number;
}

/** Lists up to this length are looked up entry by entry; longer ones by asking the list. */
const SHORT_LIST = 64;

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
  if (right.type !== 'operand') return undefined;
  const anchors = FOR_OPERATOR[operator]?.(fact, right.operand);
  return anchors === undefined ? undefined : { anchors, cost: cost(fact, anchors) };
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

function cost(fact: FactName, anchors: readonly Anchor[]): number {
  const { type, values } = factDefinition(fact);
  if (COMMONPLACE.has(fact) || type === 'boolean' || values !== undefined) return 1000;
  const scan = anchors.some((anchor) => anchor.type === 'words' || anchor.type === 'pieces') ? 20 : 0;
  return scan + 10 + Math.min(anchors.length, 500) / 10;
}

type ForOperator = (fact: FactName, operand: Operand) => readonly Anchor[] | undefined;

const isOneOf: ForOperator = (fact, operand) => {
  if (operand instanceof Set) {
    return [...operand].map((value) => ({ type: 'value', fact, value: value as number }));
  }
  return isList(operand) ? membership(fact, operand) : undefined;
};

const isEqual: ForOperator = (fact, operand) =>
  typeof operand === 'object' ? undefined : [{ type: 'value', fact, value: operand }];

/** What each operator tells about the facts for which it holds; the others tell nothing. */
const FOR_OPERATOR: Readonly<Partial<Record<OperatorName, ForOperator>>> = {
  equal: isEqual,
  in: isOneOf,
  contains: (fact, operand) => {
    if (typeof operand !== 'string') return undefined;
    if (factDefinition(fact).type === 'strings') return [{ type: 'value', fact, value: operand }];
    return [{ type: 'pieces', fact, pieces: [operand] }];
  },
  containsAny: (fact, operand) => {
    if (!isList(operand)) return undefined;
    if (factDefinition(fact).type === 'strings') return membership(fact, operand);
    return [{ type: 'words', fact, list: operand }];
  },
  startsWith: (fact, operand) =>
    isList(operand) ? [{ type: 'pieces', fact, pieces: operand.entries }] : undefined,
  endsWith: (fact, operand) =>
    isList(operand) ? [{ type: 'pieces', fact, pieces: operand.entries }] : undefined,
};

function membership(fact: FactName, list: List): readonly Anchor[] {
  if (list.entries.length > SHORT_LIST) return [{ type: 'member', fact, list }];
  return list.entries.map((value) => ({ type: 'value', fact, value }));
}

function isList(operand: Operand): operand is List {
  return typeof operand === 'object' && 'entries' in operand && 'words' in operand;
}
