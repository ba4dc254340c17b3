/**
 * Finds rules that are never reached: an earlier rule has a verdict, and matches on the same events
 * whenever they do.
 *
 * Comparing each rule with each would take hours for 100,000 rules. So the earlier ones are filed under
 * what a condition must name to be stronger than theirs, and only those found there are compared.
 */
import type { Condition } from '../condition.js';
import { childOf, problemAt, type Node, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';
import { implies } from './implies.js';
import type { ReachKeys } from './reach-keys.js';

/** Earlier rules that one rule is compared with, at most. More share a place only in odd rule sets. */
const MOST_COMPARED = 100;

/** A rule as far as it matters here. */
export interface OrderedRule extends Pick<Rule, 'id' | 'mode' | 'kinds' | 'stages'> {
  /** Where the rule stands. */
  readonly node: Pick<Node, 'file' | 'path'>;
  readonly hasVerdict: boolean;
  readonly keys: ReachKeys;
  /** Asked for only when the rule is compared with another. */
  readonly condition: () => Condition;
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
  const files = new Map<number, OrderedRule[]>();
  for (const rule of rules) {
    if (rule.mode === 'off') continue;
    const earlier = earlierVerdict(rule, files, before);
    if (earlier !== undefined) {
      unreached.set(rule.id, earlier.id);
      report(neverReached(rule, earlier));
    } else if (rule.hasVerdict && rule.mode === 'enforce') {
      for (const key of rule.keys.filed) {
        const file = files.get(key);
        if (file === undefined) files.set(key, [rule]);
        else file.push(rule);
      }
    }
  }
  return unreached;
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
  files: ReadonlyMap<number, readonly OrderedRule[]>,
  before: Unreached,
): OrderedRule | undefined {
  let compared = 0;
  for (const key of rule.keys.lookedUp) {
    for (const earlier of files.get(key) ?? []) {
      if (covers(earlier, rule, before)) return earlier;
      compared += 1;
      if (compared >= MOST_COMPARED) return undefined;
    }
  }
  return undefined;
}

function covers(earlier: OrderedRule, rule: OrderedRule, before: Unreached): boolean {
  if (earlier.isKnown && rule.isKnown && !before.has(earlier.id)) {
    const found = before.get(rule.id);
    if (found === undefined || found === earlier.id) return found !== undefined;
  }
  return coversEvents(earlier, rule) && implies(rule.condition(), earlier.condition());
}

function coversEvents(wide: OrderedRule, narrow: OrderedRule): boolean {
  return (
    narrow.kinds.every((kind) => wide.kinds.includes(kind)) &&
    narrow.stages.every((stage) => wide.stages.includes(stage))
  );
}
