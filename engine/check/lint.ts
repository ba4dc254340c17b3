/** Checks beyond validity: rules that are understood, but cannot do what their author meant. */
import { childOf, problemAt, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';
import type { RuleContext, RuleDocument } from '../rule-set.js';
import { checkCapabilities } from './capabilities.js';
import { checkEvents } from './events.js';
import { checkTests } from './never.js';
import { checkPriorities } from './priorities.js';
import { checkReached } from './unreachable.js';
import { checkUnused } from './unused.js';
import { commandTable } from './reach.js';

/** Reports what keeps rules from having an effect. Operators want to know at every load. */
export function checkEffects(
  rules: readonly Rule[],
  { capabilities, platforms }: RuleContext,
  report: Report,
): void {
  const table = commandTable(capabilities);
  for (const rule of rules) {
    if (rule.mode === 'off') continue;
    if (checkTests(rule, platforms, report)) checkEvents(rule, table, report);
    checkCapabilities(rule, table, report);
  }
  checkReached(rules, report);
}

/** Reports what authors could do better, though the rules work. */
export function checkStyle(rules: readonly Rule[], documents: readonly RuleDocument[], report: Report): void {
  checkUnused(documents, report);
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
