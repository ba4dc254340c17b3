/** The rule set: an immutable, compiled snapshot of all rules and lists. */
import type { Capability } from './capability.js';
import type { Decision, RuleMode, Verdict } from './decision.js';
import type { JudgedEvent } from './event.js';
import type { Kind, Stage } from './kinds.js';
import type { SubjectMemory } from './memory.js';
import type { Problem } from './problem.js';
import type { StateStore } from './state.js';

/** What the store has read from the rules folder. Names are relative to it, with `/` on every system. */
export interface RuleFolder {
  /** Parsed YAML files. */
  readonly documents: readonly RuleDocument[];
  /** Text files that lists may refer to: name to content. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface RuleDocument {
  readonly file: string;
  /** The file's data as plain JSON values; `null` for an empty file. */
  readonly data: unknown;
}

/** What the rules are checked against besides themselves. */
export interface RuleContext {
  /** Everything that the commands of the configured apps can do. */
  readonly capabilities: readonly Capability[];
  /** All platforms that exist, configured or not. */
  readonly platforms: readonly string[];
}

/** What holds where no rule decides. */
export interface DecisionPolicy {
  readonly default: Verdict;
  readonly onFailure: Verdict;
}

export interface DecideOptions {
  /** ID of the decision to come, asked for only when a text names it; without it the name stands for nothing. */
  readonly decisionId?: () => string;
  /**
   * Called when a fact has to be waited for: what is still missing when the promise resolves counts as
   * failed, for the rules that need it. Without it, facts are waited for without end.
   */
  readonly patience?: () => Promise<unknown>;
  /** What rules remember. Without it counts, strikes and labels are absent, and nothing is remembered. */
  readonly state?: StateAccess;
}

/** How a decision reaches what rules remember. */
export interface StateAccess {
  readonly store: StateStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether effects of rules are remembered; with `false` counters count, and strikes, labels and cool-downs stay. */
  readonly keepsEffects: boolean;
}

/** A rule as others may see it. */
export interface RuleSummary {
  readonly id: string;
  readonly file: string;
  readonly mode: RuleMode;
  readonly kinds: readonly Kind[];
  readonly stages: readonly Stage[];
}

export interface RuleSet {
  /** First 12 hex digits of a hash over everything that can change a decision. */
  readonly revision: string;
  /** All rules, the ones that are off included, in the order in which they are judged. */
  readonly rules: readonly RuleSummary[];
  readonly files: number;
  readonly lists: number;
  /** Entries of each list, by its name; of a live one, those of the moment. */
  readonly listSizes: ReadonlyMap<string, number>;
  /** Names of the live lists. */
  readonly liveLists: readonly string[];
  /** The ladders and labels that are declared, and those that a rule gives or looks at. */
  readonly memory: SubjectMemory;
  /** Judges an event, at once where nothing has to be waited for. Never rejects: an error while judging a rule is part of the ruling. */
  decide(event: JudgedEvent, policy: DecisionPolicy, options?: DecideOptions): Decision | Promise<Decision>;
}

/** Outcome of compiling a folder: a rule set unless there is an error among the problems. */
export interface CompileResult {
  readonly ruleSet: RuleSet | null;
  readonly problems: readonly Problem[];
}
