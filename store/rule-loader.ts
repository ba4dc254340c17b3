/** What the rule store wants of those who load rules for it. */
import type { LocatedProblem } from '../engine/problem.js';
import type { RuleSet } from '../engine/rule-set.js';
import type { FolderState, RuleSource } from './load-rules.js';

export interface LoadRequest {
  readonly source: RuleSource;
  /** Told now and then how many of the rule files have been read. */
  readonly onProgress: (done: number, total: number) => void;
  /** File in which good rules are kept, in the background. */
  readonly keepAt?: string;
}

export interface Loading {
  /** `null` when there are errors, and when there was nothing to load. */
  readonly ruleSet: RuleSet | null;
  /** Sorted by place. */
  readonly problems: readonly LocatedProblem[];
  /** `null` when the source is no folder, or loading came to a bad end. */
  readonly folder: FolderState | null;
  /** Of what was kept: when, in milliseconds since 1970. */
  readonly savedAt: number | null;
}

export interface RuleLoader {
  /** Loads rules; asked for the next time only when it is done. Never rejects. */
  load(request: LoadRequest): Promise<Loading>;
  /** Something has changed: a load will probably be asked for soon. */
  prepare?(): void;
  /** Resolves when nothing of it runs any more. */
  close(): Promise<void>;
}
