/** Whether one condition holds whenever another does: found where the tests themselves tell. */
import { ALWAYS, type Condition, type Leaf } from '../condition.js';
import { factDefinition } from '../facts.js';
import { testOf } from '../leaf.js';
import { valuesOf } from './conflict.js';
import { isWithin, lengthsWithin, valuesWithin, type Interval } from './interval.js';
import { wantsPresence } from './literals.js';
import { isList, isLive, testKey } from './operand-text.js';

/** Values that are tried out one by one. */
const MOST_VALUES = 1000;

/** `true` is proven; `false` means that it could not be shown. */
export function implies(strong: Condition, weak: Condition): boolean {
  if (strong === weak || weak === ALWAYS) return true;
  if (weak.type === 'all') return weak.members.every((member) => implies(strong, member));
  if (weak.type === 'any' && weak.members.some((member) => implies(strong, member))) return true;
  switch (strong.type) {
    case 'leaf':
      if (weak.type === 'not') return leafExcludes(strong, weak.member);
      return weak.type === 'leaf' && leafImplies(strong, weak);
    case 'not':
      return weak.type === 'not' && implies(weak.member, strong.member);
    case 'all':
      return strong.members.some((member) => implies(member, weak));
    case 'any':
      return strong.members.every((member) => implies(member, weak));
  }
}

/** A test of a fact that is there rules out its opposite. */
function leafExcludes(strong: Leaf, weak: Condition): boolean {
  if (weak.type !== 'leaf' || strong.fact !== weak.fact) return false;
  if (strong.operator === 'exists' || weak.operator === 'exists') return false;
  const one = testKey(strong);
  const other = testKey(weak);
  return one.key === other.key && one.sense !== other.sense;
}

function leafImplies(strong: Leaf, weak: Leaf): boolean {
  if (strong.fact !== weak.fact) return false;
  if (weak.operator === 'exists') {
    const wanted = wantsPresence({ leaf: weak, holds: true });
    return wanted === wantsPresence({ leaf: strong, holds: true });
  }
  if (strong.operator === 'exists') return false;
  const one = testKey(strong);
  const other = testKey(weak);
  if (one.key === other.key) return one.sense === other.sense;
  return (
    allValuesPass(strong, weak) ||
    isNarrower(strong, weak, valuesWithin) ||
    isNarrower(strong, weak, lengthsWithin) ||
    hasFewerEntries(strong, weak)
  );
}

function allValuesPass(strong: Leaf, { operator, right }: Leaf): boolean {
  const values = valuesOf(strong);
  if (values === undefined || values.length > MOST_VALUES || right.type === 'fact' || isLive(right))
    return false;
  const test = testOf(operator, right);
  return values.every((value) => test(value));
}

function isNarrower(
  strong: Leaf,
  weak: Leaf,
  within: (leaf: Leaf, holds: boolean) => Interval | undefined,
): boolean {
  const inner = within(strong, true);
  const outer = within(weak, true);
  return inner !== undefined && outer !== undefined && isWithin(inner, outer);
}

/** Operators that hold when they do for one of the entries. */
const ANY_ENTRY: ReadonlySet<Leaf['operator']> = new Set(['containsAny', 'startsWith', 'endsWith', 'in']);
/** Operators that hold when no entry is found. */
const NO_ENTRY: ReadonlySet<Leaf['operator']> = new Set(['containsNone', 'notIn']);

function hasFewerEntries(strong: Leaf, weak: Leaf): boolean {
  if (strong.operator !== weak.operator || strong.right.type === 'fact' || weak.right.type === 'fact')
    return false;
  if (isLive(strong.right) || isLive(weak.right)) return false;
  const one = strong.right.operand;
  const other = weak.right.operand;
  if (!isList(one) || !isList(other) || factDefinition(weak.fact).type === 'number') return false;
  if (ANY_ENTRY.has(weak.operator)) return one.entries.every((entry) => other.set.has(entry));
  return NO_ENTRY.has(weak.operator) && other.entries.every((entry) => one.set.has(entry));
}
