/** Finds strikes and labels that rules look at and none gives. */
import { factsOfCondition } from '../condition.js';
import { hintFor } from '../nearest.js';
import { childOf, problemAt, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';
import { isStateFact, readStateFact } from '../state-facts.js';

const WORDS = { strikes: 'strikes on the ladder', label: 'the label' } as const;

/** Rules that are off count as well: they may be turned on together. */
export function checkGiven(rules: readonly Rule[], report: Report): void {
  const given = {
    strikes: new Set(rules.flatMap(({ effects }) => effects.strikes.map(({ ladder }) => ladder))),
    label: new Set(rules.flatMap(({ effects }) => effects.labels.map(({ name }) => name))),
  };
  for (const { id, node, condition } of rules) {
    const looked = [...factsOfCondition(condition)].filter(isStateFact).map(readStateFact);
    for (const { kind, name } of looked) {
      if (kind === 'count' || given[kind].has(name)) continue;
      const message = `The rule \`${id}\` looks at ${WORDS[kind]} \`${name}\`, which no rule gives.`;
      const hint = given[kind].size === 0 ? 'Let a rule give it.' : hintFor(name, [...given[kind]]);
      report(
        problemAt(childOf(node, 'when', undefined), 'never-given', message, { severity: 'warning', hint }),
      );
    }
  }
}
