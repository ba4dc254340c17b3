/** What the rules say about an event: the form in which every adapter receives it. */
import type { FactName, FactValue } from './facts.js';

/** `allow` lets it happen, `refuse` stops it and tells the user, `discard` drops it while the user sees success. */
export type Verdict = 'allow' | 'refuse' | 'discard';

export type RuleMode = 'enforce' | 'shadow' | 'off';

/**
 * What happens when a rule cannot be judged.
 *
 * - `fail`: the app's failure policy decides; `allow` leaves the rule out, `refuse` refuses where the rule
 *   could have changed the event
 * - `skip`: the rule counts as not matching
 * - `match`: the rule counts as matching
 */
export type OnError = 'fail' | 'skip' | 'match';

/** What the refused user is told. */
export interface Refusal {
  /** 1 to 99; every platform maps it into the code range of the command. */
  readonly reason: number;
  /** Exact wire codes by platform, which take precedence over `reason`. */
  readonly codes: Readonly<Record<string, number>>;
  readonly message: string;
  readonly detail: string;
}

/** A change to a fact: a new value, or an edit of the text that is there (of each piece, where it has several). */
export type Rewrite = { readonly set: FactValue } | { readonly edit: (text: string) => string };

export interface MatchedRule {
  readonly rule: string;
  readonly mode: RuleMode;
  /** Of a shadow rule: what it would have done. */
  readonly would?: Intent;
}

/** What a rule says, whether or not it is followed. */
export interface Intent {
  readonly verdict: Verdict | null;
  /** Facts that it rewrites. */
  readonly rewrites: readonly FactName[];
  readonly tags: readonly string[];
  readonly notify: readonly string[];
  /** Ladders on which it gives a strike. */
  readonly strikes?: readonly string[];
  /** Labels that it gives. */
  readonly labels?: readonly string[];
}

/** A rule that could not be judged. */
export interface RuleError {
  readonly rule: string;
  readonly message: string;
}

/** What the rules say about one target, or about the whole event where there is no list of targets. */
export interface Ruling {
  readonly verdict: Verdict;
  /** ID of the rule that gave the verdict; `null` where none did and the default holds. */
  readonly decidedBy: string | null;
  /** Present unless the verdict is `allow`; a discard has one too, for platforms that can only refuse. */
  readonly refusal: Refusal | null;
  readonly rewrites: ReadonlyMap<FactName, Rewrite>;
  readonly tags: readonly string[];
  /** Names of notifications to send, each once. */
  readonly notify: readonly string[];
  /** Ladders on which strikes are given, and labels that are given, each once. */
  readonly strikes: readonly string[];
  readonly labels: readonly string[];
  /** Rules that matched, in the order in which they were judged. */
  readonly matched: readonly MatchedRule[];
  readonly errors: readonly RuleError[];
}

export interface Decision {
  /** Revision of the rule set that judged; every ruling of a decision comes from the same one. */
  readonly revision: string;
  /** One per target, in order; exactly one where the event has no list of targets. Never empty. */
  readonly rulings: readonly Ruling[];
}

/** What a refused user is told when a rule or default says no more. */
export const DEFAULT_REFUSAL: Refusal = { reason: 1, codes: {}, message: 'This is not allowed.', detail: '' };

/** What users are told when the gate could not decide and the failure policy refuses. */
export const FAILURE_REFUSAL: Refusal = {
  reason: 99,
  codes: {},
  message: 'This could not be checked. Please try again later.',
  detail: '',
};

/** A ruling that no rule has made: a default, or a failure policy. */
export function plainRuling(verdict: Verdict, refusal: Refusal = DEFAULT_REFUSAL): Ruling {
  return {
    verdict,
    decidedBy: null,
    refusal: verdict === 'allow' ? null : refusal,
    rewrites: new Map(),
    tags: [],
    notify: [],
    strikes: [],
    labels: [],
    matched: [],
    errors: [],
  };
}
