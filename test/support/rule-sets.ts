/** Rule sets of code instead of YAML, for tests of what surrounds the rules. */
import { plainRuling, type Decision, type Ruling } from '../../engine/decision.js';
import { NO_MEMORY } from '../../engine/memory.js';
import type { Event } from '../../engine/event.js';
import type { DecisionPolicy, RuleSet } from '../../engine/rule-set.js';

export const REVISION = 'abcdef012345';

/** A rule set that judges with a function. */
export function ruleSetOf(
  decide: (event: Event, policy: DecisionPolicy) => Promise<Decision>,
  revision = REVISION,
): RuleSet {
  return {
    revision,
    rules: [],
    files: 0,
    lists: 0,
    listSizes: new Map(),
    liveLists: [],
    memory: NO_MEMORY,
    decide,
  };
}

/** The same ruling for all targets. */
export function decisionOf(event: Event, ruling: Ruling, revision = REVISION): Decision {
  const rulings = event.targets.length === 0 ? [ruling] : event.targets.map(() => ruling);
  return { revision, rulings };
}

/** Refuses whoever is called mallory; everyone else gets the default. */
export const noMallory: RuleSet = ruleSetOf((event, policy) =>
  Promise.resolve(
    decisionOf(event, plainRuling(event.facts.get('actor.id') === 'mallory' ? 'refuse' : policy.default)),
  ),
);

/** Never comes to a decision. */
export const undecided: RuleSet = ruleSetOf(() => new Promise<Decision>(() => undefined));
