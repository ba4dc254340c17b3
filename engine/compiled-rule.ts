/** A rule, ready to be judged. */
import { factsOfCondition, type Condition } from './condition.js';
import type { OnError, RuleMode } from './decision.js';
import { factsToFill, type Effects } from './effects.js';
import { createJudge, type Judge } from './judge.js';
import type { Cooldown } from './parse/rules.js';
import { compilePredicate, type Predicate } from './predicate.js';
import { isStateFact, type StateFactName } from './state-facts.js';

/** What judging needs is built when the rule is first a candidate. */
export interface CompiledRule {
  readonly id: string;
  readonly mode: RuleMode;
  /** `null` where the author does not say; then it is `fail`, and the count of this process alone will do. */
  readonly onError: OnError | null;
  readonly cooldown: Cooldown | null;
  readonly effects: Effects;
  /** Counts, strikes and labels that judging or following it needs. */
  readonly needs: readonly StateFactName[];
  readonly predicate: Predicate;
  readonly judge: Judge;
}

export function compileRule({
  id,
  mode,
  onError,
  cooldown,
  effects,
  condition,
}: Pick<CompiledRule, 'id' | 'mode' | 'onError' | 'cooldown' | 'effects'> & {
  readonly condition: Condition;
}): CompiledRule {
  let judge: Judge | undefined;
  return {
    id,
    mode,
    onError,
    cooldown,
    effects,
    needs: [...factsOfCondition(condition), ...factsToFill(effects)].filter(isStateFact),
    predicate: compilePredicate(condition),
    get judge() {
      return (judge ??= createJudge(condition));
    },
  };
}
