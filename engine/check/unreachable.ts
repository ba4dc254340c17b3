/**
 * Finds rules that are never reached: an earlier rule has a verdict, and matches on the same events
 * whenever they do.
 *
 * Comparing each rule with each would take hours for 100,000 rules. So the earlier ones are filed under
 * what a condition must name to be stronger than theirs, and only those found there are compared; and of
 * the rules that were there the last time, only with those that are new.
 */
import type { Condition } from '../condition.js';
import { childOf, problemAt, type Node, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';
import { implies } from './implies.js';
import { createReachFiles, type ReachFiles } from './reach-files.js';
import type { NumberLists, ReachKeys } from './reach-keys.js';

/** Earlier rules that one rule is compared with, at most. More share a place only in odd rule sets. */
const MOST_COMPARED = 100;

/** A rule as far as it matters here. */
export interface OrderedRule extends Pick<Rule, 'id' | 'mode' | 'kinds' | 'stages'> {
  /** Where the rule stands. */
  readonly node: Pick<Node, 'file' | 'path'>;
  readonly hasVerdict: boolean;
  /** The keys of the rules in its file, of which it is number `row`. */
  readonly keys: ReachKeys<NumberLists>;
  readonly row: number;
  /** Asked for only when the rule is compared with another. */
  readonly condition: Condition;
  /** Whether the rule was there, the same, when the rules were compared the last time. */
  readonly isKnown: boolean;
}

/** IDs of rules that are never reached, each with the ID of the one that comes first. */
export type Unreached = ReadonlyMap<string, string>;

/**
 * @param rules in judging order
 * @param before what was found the last time; rules known from then are not compared again
 */
export function checkReached(rules: readonly OrderedRule[], before: Unreached, report: Report): Unreached {
  const unreached = new Map<string, string>();
  const files = createReachFiles(rules.reduce((sum, { keys, row }) => sum + lengthOf(keys.filed, row), 0));
  for (const [number, rule] of rules.entries()) {
    if (rule.mode === 'off') continue;
    const earlier = earlierVerdict(rule, rules, files, before);
    if (earlier !== undefined) {
      unreached.set(rule.id, earlier.id);
      report(neverReached(rule, earlier));
    } else if (rule.hasVerdict && rule.mode === 'enforce') {
      files.add(number, rule.keys.filed, rule.row, !isSettled(rule, before));
    }
  }
  return unreached;
}

function lengthOf({ starts }: NumberLists, row: number): number {
  return (starts[row + 1] ?? 0) - (starts[row] ?? 0);
}

/** Whether nothing was found for the rule the last time, which still holds for others of which this is true. */
function isSettled({ id, isKnown }: OrderedRule, before: Unreached): boolean {
  return isKnown && !before.has(id);
}

function neverReached({ id, node }: OrderedRule, earlier: OrderedRule): ReturnType<typeof problemAt> {
  return problemAt(
    childOf({ ...node, value: undefined }, 'id', id),
    'never-reached',
    `The rule \`${id}\` is never reached: \`${earlier.id}\` (${earlier.node.file}) comes first, has a verdict and matches whenever it would.`,
    {
      severity: 'warning',
      hint: 'Give it a higher `priority`, narrow the other rule, or remove it.',
    },
  );
}

function earlierVerdict(
  rule: OrderedRule,
  rules: readonly OrderedRule[],
  files: ReachFiles,
  before: Unreached,
): OrderedRule | undefined {
  const { starts, numbers } = rule.keys.lookedUp;
  const end = starts[rule.row + 1] ?? 0;
  const isOld = isSettled(rule, before);
  let compared = 0;
  for (let at = starts[rule.row] ?? 0; at < end; at += 1) {
    const file = files.find(numbers[at] ?? 0);
    if (file === -1) continue;
    if (isOld && !files.hasNew(file)) {
      // Counted as if they were compared, so that the outcome is the same as the first time.
      compared += files.sizeOf(file);
      if (compared >= MOST_COMPARED) return undefined;
      continue;
    }
    for (let entry = files.first(file); entry !== -1; entry = files.next(entry)) {
      const earlier = rules[files.ruleOf(entry)];
      if (earlier !== undefined && covers(earlier, rule, before)) return earlier;
      compared += 1;
      if (compared >= MOST_COMPARED) return undefined;
    }
  }
  return undefined;
}

function covers(earlier: OrderedRule, rule: OrderedRule, before: Unreached): boolean {
  if (isSettled(earlier, before) && rule.isKnown) {
    const found = before.get(rule.id);
    if (found === undefined || found === earlier.id) return found !== undefined;
  }
  return coversEvents(earlier, rule) && implies(rule.condition, earlier.condition);
}

function coversEvents(wide: OrderedRule, narrow: OrderedRule): boolean {
  return (
    narrow.kinds.every((kind) => wide.kinds.includes(kind)) &&
    narrow.stages.every((stage) => wide.stages.includes(stage))
  );
}
