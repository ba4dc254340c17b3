/** Decisions as the engine would make them, for the contract to have rendered. */
import {
  plainRuling,
  type Decision,
  type Refusal,
  type Rewrite,
  type Ruling,
  type Verdict,
} from '../../engine/decision.js';
import { factDefinition, type FactName, type FactValue } from '../../engine/facts.js';

export const VERDICTS: readonly Verdict[] = ['allow', 'refuse', 'discard'];

/** Which of several targets a verdict meets; the others are allowed. */
export const PATTERNS = ['none', 'first', 'all'] as const;
export type Pattern = (typeof PATTERNS)[number];

export const REFUSAL: Refusal = {
  reason: 7,
  codes: {},
  message: 'Not here, please.',
  detail: 'house rule 7',
};

/** The rulings on `count` targets. An event without a list of targets has one. */
export function rulingsOf(
  verdict: Verdict,
  pattern: Pattern,
  count: number,
  refusal: Refusal = REFUSAL,
): readonly Ruling[] {
  return Array.from({ length: Math.max(count, 1) }, (_, index) =>
    plainRuling(pattern === 'all' || (pattern === 'first' && index === 0) ? verdict : 'allow', refusal),
  );
}

export function decisionOf(rulings: readonly Ruling[]): Decision {
  return { revision: '0123456789ab', rulings };
}

/** The same rulings, with rewrites on the first. */
export function withRewrites(
  rulings: readonly Ruling[],
  rewrites: ReadonlyMap<FactName, Rewrite>,
): readonly Ruling[] {
  return rulings.map((ruling, index) => (index === 0 ? { ...ruling, rewrites } : ruling));
}

/** An edit that shows where it was applied. */
export const BRACKETS: Rewrite = { edit: (text) => `[${text}]` };

/** Some value that a fact can have. */
export function sampleOf(fact: FactName): FactValue {
  const { type, values } = factDefinition(fact);
  switch (type) {
    case 'string':
      return values?.[0] ?? 'sample';
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'time':
      return 1_767_700_000_000;
    case 'strings':
      return ['sample'];
  }
}
