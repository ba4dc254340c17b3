/** Which outcomes of rules and of their conditions were seen: each should be seen both ways. */
import type { Finding } from '../../engine/finding.js';
import { placedLeavesOf, type PlacedLeaf } from '../../engine/placed.js';
import type { TargetTrace, TracedRule } from '../../engine/trace.js';
import { foundLeaves } from '../explain/blame.js';

export interface LeafCoverage {
  readonly leaf: PlacedLeaf;
  readonly seenTrue: boolean;
  readonly seenFalse: boolean;
}

export interface RuleCoverage {
  readonly traced: TracedRule;
  /** How often it was seen to match, and not to match. */
  readonly matched: number;
  readonly unmatched: number;
  /** Its leaves, those of shared conditions included; what another rule has shown of them counts. */
  readonly leaves: readonly LeafCoverage[];
}

export interface Coverage {
  /** In judging order; rules that are off are left out. */
  readonly rules: readonly RuleCoverage[];
  /** Every leaf once, also when several rules share it. */
  readonly leaves: readonly LeafCoverage[];
  /** Outcomes that were seen, and that there are: two of each rule (one if it always matches) and leaf. */
  readonly seen: number;
  readonly total: number;
}

export interface CoverageRecorder {
  /** Takes note of what was found for the rules that were judged. */
  addTrace(trace: TargetTrace): void;
  add(traced: TracedRule, finding: Finding): void;
  result(): Coverage;
}

export function recordCoverage(rules: readonly TracedRule[]): CoverageRecorder {
  const judged = rules.filter(({ rule }) => rule.mode !== 'off');
  const byRule = new Map(judged.map((traced) => [traced, { matched: 0, unmatched: 0 }]));
  const seen = new Set<string>();

  function add(traced: TracedRule, finding: Finding): void {
    const counts = byRule.get(traced);
    if (counts === undefined) return;
    counts[finding.holds === true ? 'matched' : 'unmatched'] += 1;
    if (traced.when === undefined) return;
    for (const { leaf, finding: found } of foundLeaves(traced.when, finding)) {
      if (found.holds !== undefined) seen.add(outcomeKey(leaf, found.holds));
    }
  }

  const covered = (leaf: PlacedLeaf): LeafCoverage => ({
    leaf,
    seenTrue: seen.has(outcomeKey(leaf, true)),
    seenFalse: seen.has(outcomeKey(leaf, false)),
  });

  return {
    add,
    addTrace({ rules: traces }) {
      for (const { traced, state, finding } of traces) {
        if ((state === 'matched' || state === 'unmatched') && finding !== undefined) add(traced, finding);
      }
    },
    result() {
      const ruled = judged.map((traced) => ({
        traced,
        matched: 0,
        unmatched: 0,
        ...byRule.get(traced),
        leaves: traced.when === undefined ? [] : [...placedLeavesOf(traced.when)].map(covered),
      }));
      const leaves = [
        ...new Map(ruled.flatMap((rule) => rule.leaves).map((one) => [placeKey(one.leaf), one])).values(),
      ];
      const outcomes = [
        ...ruled.flatMap(({ traced, matched, unmatched }) =>
          traced.when === undefined ? [matched > 0] : [matched > 0, unmatched > 0],
        ),
        ...leaves.flatMap(({ seenTrue, seenFalse }) => [seenTrue, seenFalse]),
      ];
      return { rules: ruled, leaves, seen: outcomes.filter(Boolean).length, total: outcomes.length };
    },
  };
}

function placeKey({ node }: PlacedLeaf): string {
  return JSON.stringify([node.file, node.path]);
}

function outcomeKey(leaf: PlacedLeaf, holds: boolean): string {
  return `${placeKey(leaf)} ${holds}`;
}

/** Outcomes seen, in percent, rounded down to one decimal: 100 is only said of all. */
export function percentOf({ seen, total }: Pick<Coverage, 'seen' | 'total'>): number {
  return total === 0 ? 100 : Math.floor((1000 * seen) / total) / 10;
}
