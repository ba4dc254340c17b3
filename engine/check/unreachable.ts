/**
 * Finds rules that are never reached: an earlier rule has a verdict, and matches on the same events
 * whenever they do.
 *
 * Comparing each rule with each would take hours for 100,000 rules. So the earlier ones are filed under
 * what a condition must name to be stronger than theirs, and only those found there are compared.
 */
import { ALWAYS, type Condition, type Leaf } from '../condition.js';
import type { FactName } from '../facts.js';
import { childOf, problemAt, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';
import { valuesOf } from './conflict.js';
import { implies } from './implies.js';
import { isList, testKey } from './operand-text.js';

/** Earlier rules that one rule is compared with, at most. More share a place only in odd rule sets. */
const MOST_COMPARED = 100;
/** Entries of a list under which a rule is filed one by one; a longer list is filed as a whole. */
const MOST_ENTRIES = 64;

/** @param rules in judging order */
export function checkReached(rules: readonly Rule[], report: Report): void {
  const files = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.mode === 'off') continue;
    const earlier = earlierVerdict(rule, files);
    if (earlier !== undefined) {
      report(
        problemAt(
          childOf(rule.node, 'id', rule.id),
          'never-reached',
          `The rule \`${rule.id}\` is never reached: \`${earlier.id}\` (${earlier.node.file}) comes first, has a verdict and matches whenever it would.`,
          {
            severity: 'warning',
            hint: 'Give it a higher `priority`, narrow the other rule, or remove it.',
          },
        ),
      );
    } else if (rule.effects.verdict !== null && rule.mode === 'enforce') {
      for (const key of new Set(filedUnder(rule.condition))) {
        const file = files.get(key);
        if (file === undefined) files.set(key, [rule]);
        else file.push(rule);
      }
    }
  }
}

function earlierVerdict(rule: Rule, files: ReadonlyMap<string, readonly Rule[]>): Rule | undefined {
  let compared = 0;
  for (const key of new Set(lookedUp(rule.condition))) {
    for (const earlier of files.get(key) ?? []) {
      if (coversEvents(earlier, rule) && implies(rule.condition, earlier.condition)) return earlier;
      compared += 1;
      if (compared >= MOST_COMPARED) return undefined;
    }
  }
  return undefined;
}

function coversEvents(wide: Rule, narrow: Rule): boolean {
  return (
    narrow.kinds.every((kind) => wide.kinds.includes(kind)) &&
    narrow.stages.every((stage) => wide.stages.includes(stage))
  );
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
