/** Finds conditions, and parts of them, that can never hold. */
import type { Condition, Leaf } from '../condition.js';
import type { FactName } from '../facts.js';
import { areInConflict, type Domain } from './conflict.js';
import { partsOf, type Literal, type Part } from './literals.js';

/** Tests that exclude each other. The last is the one that makes it so. */
export interface Contradiction {
  readonly leaf: Leaf;
  readonly literals: readonly Literal[];
}

export interface Contradictions {
  /** Why the whole can never hold. */
  readonly whole?: Contradiction;
  /** Members of `any` that can never hold, while others can. */
  readonly parts: readonly Contradiction[];
}

type ByFact = ReadonlyMap<FactName, readonly Literal[]>;

/** Looks at tests of one fact at a time. */
export function findContradictions(condition: Condition, domain: Domain): Contradictions {
  return examine({ condition, holds: true }, new Map(), domain);
}

/** @param outer what must hold besides */
function examine(part: Part, outer: ByFact, domain: Domain): Contradictions {
  const { literals, choices } = partsOf(part);
  const known = new Map(outer);
  for (const literal of literals) {
    const { fact } = literal.leaf;
    known.set(fact, [...(known.get(fact) ?? []), literal]);
  }
  for (const fact of new Set(literals.map(({ leaf }) => leaf.fact))) {
    const whole = contradictionAmong(known.get(fact) ?? [], domain);
    if (whole !== undefined) return { whole, parts: [] };
  }
  const parts: Contradiction[] = [];
  for (const choice of choices) {
    const found = choice.map((member) => examine(member, known, domain));
    const [first] = found;
    if (first?.whole !== undefined && found.every(({ whole }) => whole !== undefined)) {
      return { whole: first.whole, parts: [] };
    }
    for (const [index, { whole, parts: inner }] of found.entries()) {
      // A part of a `not` that never holds is no mistake: the rest of it says what is excluded.
      if (choice[index]?.holds === true) parts.push(...(whole === undefined ? inner : [whole]));
    }
  }
  return { parts };
}

function contradictionAmong(literals: readonly Literal[], domain: Domain): Contradiction | undefined {
  if (!areInConflict(literals, domain)) return undefined;
  const last = literals.findIndex((_, index) => areInConflict(literals.slice(0, index + 1), domain));
  const literal = literals[last];
  return literal === undefined ? undefined : { leaf: literal.leaf, literals: literals.slice(0, last + 1) };
}
