/** Tests of one fact that cannot all come out as a condition wants them to. */
import type { Leaf } from '../condition.js';
import { factDefinition, type FactName, type FactValue } from '../facts.js';
import { testOf } from '../leaf.js';
import { intersection, isEmpty, lengthsWithin, valuesWithin, type Interval } from './interval.js';
import { wantsPresence, type Literal } from './literals.js';
import { isList, isLive, isNumberSet, rightKey, testKey } from './operand-text.js';

/** All values that a fact can have, where that is known. */
export type Domain = (fact: FactName) => readonly FactValue[] | undefined;

/** Values that are tried out; with more, the tests are taken to be compatible. */
const MOST_VALUES = 1000;

/** @param literals all on one fact */
export function areInConflict(literals: readonly Literal[], domain: Domain): boolean {
  const presence = literals.map(wantsPresence);
  if (!presence.includes(true)) return false;
  if (presence.includes(false)) return true;
  return CONFLICTS.some((isConflict) => isConflict(literals, domain));
}

type Conflict = (literals: readonly Literal[], domain: Domain) => boolean;

/** Each sees literals on one fact that must be there. */
const CONFLICTS: readonly Conflict[] = [
  areOpposites,
  compareWithItself,
  leaveNoValue,
  (literals) => leaveNothing(literals, valuesWithin),
  (literals) => leaveNothing(literals, lengthsWithin),
  (literals) => areApart(literals, 'startsWith', (text, other) => text.startsWith(other)),
  (literals) => areApart(literals, 'endsWith', (text, other) => text.endsWith(other)),
];

/** One test is wanted to hold and not to hold. */
function areOpposites(literals: readonly Literal[]): boolean {
  const seen = new Map<string, boolean>();
  return literals.some(({ leaf, holds }) => {
    const { key, sense } = whatIsAsked(leaf, holds);
    const wanted = sense === holds;
    const earlier = seen.get(key);
    seen.set(key, wanted);
    return earlier !== undefined && earlier !== wanted;
  });
}

/** When the other fact is absent, a comparison is false without its opposite being true. */
function whatIsAsked(leaf: Leaf, holds: boolean): ReturnType<typeof testKey> {
  const isCertain = holds || leaf.right.type === 'operand';
  return isCertain ? testKey(leaf) : { key: `${leaf.operator} ${rightKey(leaf.right)}`, sense: true };
}

const NEVER_OF_ITSELF: ReadonlySet<Leaf['operator']> = new Set(['notEqual', 'lessThan', 'greaterThan']);

function compareWithItself(literals: readonly Literal[]): boolean {
  return literals.some(
    ({ leaf: { fact, operator, right }, holds }) =>
      right.type === 'fact' && right.fact === fact && NEVER_OF_ITSELF.has(operator) === holds,
  );
}

/** No value that the fact could have passes all tests. */
function leaveNoValue(literals: readonly Literal[], domain: Domain): boolean {
  const values = possibleValues(literals, domain);
  if (values === undefined || values.length > MOST_VALUES) return false;
  return !values.some((value) =>
    literals.every(
      ({ leaf: { operator, right }, holds }) =>
        operator === 'exists' ||
        right.type === 'fact' ||
        isLive(right) ||
        testOf(operator, right)(value) === holds,
    ),
  );
}

function possibleValues(literals: readonly Literal[], domain: Domain): readonly FactValue[] | undefined {
  const fact = literals[0]?.leaf.fact;
  const sets = literals.flatMap(({ leaf, holds }) => (holds ? [valuesOf(leaf)] : []));
  const all = [...sets, fact === undefined ? undefined : domain(fact)];
  return all.reduce(
    (least, values) =>
      values === undefined || (least !== undefined && least.length <= values.length) ? least : values,
    undefined,
  );
}

/** The only values for which a leaf holds, where they can be listed. */
export function valuesOf({ fact, operator, right }: Leaf): readonly FactValue[] | undefined {
  if (right.type !== 'operand' || isLive(right)) return undefined;
  const { operand } = right;
  if (operator === 'equal') return typeof operand === 'object' ? undefined : [operand];
  if (operator !== 'in') return undefined;
  if (isNumberSet(operand)) return [...operand];
  return isList(operand) && factDefinition(fact).type === 'string' ? operand.entries : undefined;
}

function leaveNothing(
  literals: readonly Literal[],
  within: (leaf: Leaf, holds: boolean) => Interval | undefined,
): boolean {
  const intervals = literals.flatMap(({ leaf, holds }) => within(leaf, holds) ?? []);
  return intervals.length > 1 && isEmpty(intersection(intervals));
}

/** Two lists of beginnings (or ends) of which no text can have one each. */
function areApart(
  literals: readonly Literal[],
  operator: Leaf['operator'],
  has: (text: string, other: string) => boolean,
): boolean {
  const lists = literals.flatMap(({ leaf, holds }) => {
    const isOne = holds && leaf.operator === operator && !isLive(leaf.right);
    return isOne &&
      leaf.right.type === 'operand' &&
      isList(leaf.right.operand) &&
      leaf.right.operand.entries.length <= MOST_VALUES
      ? [leaf.right.operand.entries]
      : [];
  });
  return lists.some((texts, index) =>
    lists
      .slice(index + 1)
      .some((others) => !texts.some((text) => others.some((other) => has(text, other) || has(other, text)))),
  );
}
