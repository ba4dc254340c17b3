/** Several facts by one name: `message.*`. */
import { FACT_NAMES, isFactName, type FactName } from './facts.js';

/**
 * Facts that a pattern stands for.
 *
 * @param pattern a fact (`actor.id`), a prefix glob (`message.*`) or `*`
 * @returns the facts in table order; empty when nothing fits
 */
export function factsMatching(pattern: string): readonly FactName[] {
  if (pattern === '*') return FACT_NAMES;
  if (pattern.endsWith('.*')) return FACT_NAMES.filter((fact) => fact.startsWith(pattern.slice(0, -1)));
  return isFactName(pattern) ? [pattern] : [];
}
