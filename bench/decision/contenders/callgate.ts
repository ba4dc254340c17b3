import { capabilitiesOf, PLATFORM_NAMES } from '../../../adapters/index.js';
import { compileRules } from '../../../engine/compile.js';
import type { RuleSet } from '../../../engine/rule-set.js';
import type { Engine } from '../contender.js';

export const POLICY = { default: 'allow', onFailure: 'allow' } as const;

/** @param data of a rule file @throws Error when the rules are not right */
export async function ruleSetOf(data: object): Promise<RuleSet> {
  const { ruleSet, problems } = await compileRules(
    { documents: [{ file: 'rules.yaml', data }], texts: new Map() },
    { capabilities: PLATFORM_NAMES.flatMap(capabilitiesOf), platforms: PLATFORM_NAMES },
  );
  if (ruleSet === null) throw new Error(problems[0]?.message ?? 'no rule set');
  return ruleSet;
}

export const callgate: Engine = {
  name: 'Callgate',
  async prepare(rules) {
    const ruleSet = await ruleSetOf({ rules: rules.map(({ rule }) => rule) });
    return async ({ event }) => {
      const { rulings } = await ruleSet.decide(event, POLICY);
      return rulings[0]?.tags ?? [];
    };
  },
};
