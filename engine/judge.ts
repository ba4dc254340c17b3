/**
 * The one place that knows json-rules-engine: it judges whether a condition holds.
 *
 * An `Engine` is never run, because one engine cannot serve two overlapping runs (its `status` is shared
 * and the second run silently skips rules). It only lends its operators to `Rule.evaluate`, which works
 * on a copy of the rule's conditions and a fresh almanac for each callback.
 */
import { Almanac, Engine, Rule, type TopLevelCondition, type RuleResult } from 'json-rules-engine';
import type { Condition, Leaf } from './condition.js';
import type { FactReader } from './fact-reader.js';
import { isFactName, type FactValue } from './facts.js';
import { readFinding, type Finding } from './finding.js';
import { leafHolds, testOf, type RightValue } from './leaf.js';
import { OPERATOR_NAMES } from './operators.js';
import { isStateFact } from './state-facts.js';

declare module 'json-rules-engine' {
  // Public in the implementation, missing from its types (7.3.1).
  interface Rule {
    setEngine(engine: Engine): this;
    evaluate(almanac: Almanac): Promise<RuleResult>;
  }
}

/** Json-rules-engine's own fact registry is left out: it hashes every fact that is added. */
class FactAlmanac extends Almanac {
  readonly #facts: FactReader;

  constructor(facts: FactReader) {
    super();
    this.#facts = facts;
  }

  override factValue<T>(name: string): Promise<T> {
    const value = isFactName(name) || isStateFact(name) ? this.#facts.read(name) : Promise.resolve(undefined);
    // The library promises whatever type its caller names; our operators check the values themselves.
    return value as Promise<T>;
  }
}

/** One judging of one target: what {@link Judge} reads facts from. */
export type Run = Almanac;

export function startRun(facts: FactReader): Run {
  return new FactAlmanac(facts);
}

/** Whether a condition holds in a run. Rejects when a fact that it needs cannot be read. */
export type Judge = (run: Run) => Promise<boolean>;

const engine = new Engine();
for (const name of OPERATOR_NAMES) {
  engine.addOperator<FactValue | undefined, RightValue>(name, (left, right) => leafHolds(name, left, right));
}

/** Builds the judge of a condition. */
export function createJudge(condition: Condition): Judge {
  const rule = nativeRule(condition);
  return async (run) => (await rule.evaluate(run)).result === true;
}

/** Judges a condition and tells all that was found. Rejects when a fact that it needs cannot be read. */
export type Witness = (run: Run) => Promise<Finding>;

/** Builds the witness of a condition: the same judging as {@link createJudge}, for explanations. */
export function createWitness(condition: Condition): Witness {
  const rule = nativeRule(condition);
  return async (run) => {
    const found = await rule.evaluate(run);
    return readFinding(condition, found.conditions, found.result === true);
  };
}

function nativeRule(condition: Condition): Rule {
  return new Rule({ conditions: topLevel(condition), event: { type: 'match' } }).setEngine(engine);
}

type NativeCondition = TopLevelCondition | ReturnType<typeof nativeLeaf>;

function topLevel(condition: Condition): TopLevelCondition {
  const native = toNative(condition);
  return 'fact' in native ? { all: [native] } : native;
}

function toNative(condition: Condition): NativeCondition {
  switch (condition.type) {
    case 'all':
      return { all: condition.members.map(toNative) };
    case 'any':
      return { any: condition.members.map(toNative) };
    case 'not':
      return { not: toNative(condition.member) };
    case 'leaf':
      return nativeLeaf(condition);
  }
}

/**
 * The prepared test travels as a function in `value`: json-rules-engine copies `value` on every
 * evaluation, functions excepted, so a list of any length costs nothing there.
 */
function nativeLeaf({ fact, operator, right }: Leaf): { fact: string; operator: string; value: unknown } {
  return { fact, operator, value: right.type === 'fact' ? { fact: right.fact } : testOf(operator, right) };
}

export type { RuleResult };
