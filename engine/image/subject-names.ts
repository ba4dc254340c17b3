/** The ladders and labels that rules name, declared or not. */
import { factsOfCondition } from '../condition.js';
import { factsToFill } from '../effects.js';
import type { SubjectNames } from '../memory.js';
import type { Rule } from '../parse/rules.js';
import { isStateFact, readStateFact } from '../state-facts.js';

/** Those that rules give or look at, in whatever mode they are. */
export function subjectNamesOf(rules: readonly Pick<Rule, 'condition' | 'effects'>[]): SubjectNames {
  const ladders = new Set<string>();
  const labels = new Set<string>();
  for (const { condition, effects } of rules) {
    for (const fact of [...factsOfCondition(condition), ...factsToFill(effects)].filter(isStateFact)) {
      const { kind, name } = readStateFact(fact);
      if (kind === 'strikes') ladders.add(name);
      if (kind === 'label') labels.add(name);
    }
    for (const { ladder } of effects.strikes) ladders.add(ladder);
    for (const { name } of effects.labels) labels.add(name);
  }
  return { ladders: [...ladders], labels: [...labels] };
}

export function joinNames(all: readonly SubjectNames[]): SubjectNames {
  return {
    ladders: [...new Set(all.flatMap(({ ladders }) => ladders))],
    labels: [...new Set(all.flatMap(({ labels }) => labels))],
  };
}
