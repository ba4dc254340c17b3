/** Checks that the tests of a condition do not exclude each other. */
import { leavesOf, type Leaf } from '../condition.js';
import { factDefinition, type FactName, type FactValue } from '../facts.js';
import { KIND_NAMES } from '../kinds.js';
import { enumerate, hintFor } from '../nearest.js';
import { problemAt, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';
import type { Domain } from './conflict.js';
import { findContradictions, type Contradiction } from './contradictions.js';
import { isList, testText } from './operand-text.js';
import { isReference, memberOf, placeOfLeaf } from './place.js';

/**
 * Reports values that facts never have, and conditions (or parts of them) that can never hold.
 *
 * @returns whether the rule can match, as far as its own tests tell
 */
export function checkTests(rule: Rule, platforms: readonly string[], report: Report): boolean {
  if (reportUnknownValues(rule, platforms, report)) return false;
  const { whole, parts } = findContradictions(rule.condition, domainOf(rule, platforms));
  const say = ({ leaf, literals }: Contradiction): string =>
    `\`${leaf.fact}\` cannot meet ${enumerate(literals.map((literal) => `${literal.holds ? '' : 'not '}${testText(literal.leaf)}`))}${literals.length > 1 ? ' at once' : ' here'}`;
  if (whole !== undefined) {
    const message = `The rule \`${rule.id}\` can never match: ${say(whole)}.`;
    report(problemAt(placeOfLeaf(rule, whole.leaf), 'never-matches', message, { severity: 'warning' }));
  }
  for (const part of parts) {
    const place = placeOfLeaf(rule, part.leaf);
    // What is of no use here may be of use elsewhere.
    if (isReference(place)) continue;
    const message = `This member of \`any\` can never hold: ${say(part)}.`;
    report(problemAt(place, 'never-matches', message, { severity: 'warning' }));
  }
  return whole === undefined;
}

function domainOf({ kinds, stages }: Rule, platforms: readonly string[]): Domain {
  return (fact) => {
    if (fact === 'event.kind') return kinds;
    if (fact === 'event.stage') return stages;
    return factDefinition(fact).type === 'boolean' ? [true, false] : wordsOf(fact, platforms);
  };
}

/** The words that a fact can be, in any event. */
function wordsOf(fact: FactName, platforms: readonly string[]): readonly string[] | undefined {
  if (fact === 'platform') return platforms;
  return fact === 'event.kind' ? KIND_NAMES : factDefinition(fact).values;
}

const OF_VALUES: ReadonlySet<Leaf['operator']> = new Set(['equal', 'notEqual', 'in', 'notIn']);

/** @returns whether there were any */
function reportUnknownValues(rule: Rule, platforms: readonly string[], report: Report): boolean {
  let found = false;
  for (const leaf of leavesOf(rule.condition)) {
    const words = OF_VALUES.has(leaf.operator) ? wordsOf(leaf.fact, platforms) : undefined;
    if (words === undefined) continue;
    for (const value of valuesNamed(leaf)) {
      if (typeof value !== 'string' || words.includes(value)) continue;
      found = true;
      const place = placeOfLeaf(rule, leaf);
      report(
        problemAt(
          isReference(place) ? place : memberOf(place, 'value'),
          'unknown-value',
          `\`${leaf.fact}\` is never \`${value}\`.`,
          { severity: 'warning', hint: hintFor(value, words) },
        ),
      );
    }
  }
  return found;
}

function valuesNamed({ right }: Leaf): readonly FactValue[] {
  if (right.type !== 'operand') return [];
  if (typeof right.operand === 'string') return [right.operand];
  return isList(right.operand) ? right.operand.entries : [];
}
