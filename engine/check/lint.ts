/** Checks beyond validity: rules that are understood, but cannot do what their author meant. */
import { childOf, problemAt, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';
import type { RuleDocument } from '../rule-set.js';
import { checkCapabilities } from './capabilities.js';
import { checkEvents } from './events.js';
import { checkTests } from './never.js';
import { checkGiven } from './never-given.js';
import { checkPriorities } from './priorities.js';
import { checkUnused } from './unused.js';
import type { CommandTable } from './reach.js';

/** Reports what keeps a rule from having an effect. Operators want to know at every load. */
export function checkEffect(
  rule: Rule,
  table: CommandTable,
  platforms: readonly string[],
  report: Report,
): void {
  if (rule.mode === 'off') return;
  if (checkTests(rule, platforms, report)) checkEvents(rule, table, report);
  checkCapabilities(rule, table, report);
}

/** Reports what authors could do better, though the rules work. */
export function checkStyle(rules: readonly Rule[], documents: readonly RuleDocument[], report: Report): void {
  checkUnused(documents, report);
  checkGiven(rules, report);
  checkPriorities(rules, report);
  for (const rule of rules) {
    if (rule.mode !== 'off' && rule.examples.length === 0) reportUntried(rule, report);
  }
}

function reportUntried({ id, node }: Rule, report: Report): void {
  report(
    problemAt(childOf(node, 'id', id), 'no-examples', `The rule \`${id}\` has no examples.`, {
      severity: 'warning',
      hint: 'Add `examples:` with facts for which it shall match, and some for which it shall not.',
    }),
  );
}
