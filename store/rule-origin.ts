/** Where the rules that shall be in force come from: a folder, or what was published. */
import type { LocatedProblem } from '../engine/problem.js';
import type { RuleSource } from './load-rules.js';
import type { Release } from './release.js';
import type { Loading } from './rule-loader.js';
import type { SettleTiming } from './settle.js';

/** What there is to load, or why there is nothing. */
export type Found =
  | { readonly source: RuleSource; readonly release: Release | null }
  | { readonly source: null; readonly problems: readonly LocatedProblem[] };

export interface OriginEvents {
  /** There may be other rules now. Called often; a call without any change is possible. */
  readonly onChange: () => void;
  /** There are most likely other rules; `onChange` is called as well. */
  readonly onContent: () => void;
  /** Changes may be noticed late. */
  readonly onError: (error: unknown) => void;
}

export interface OriginWatch {
  /** Called after each look whether something has changed. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

export interface RuleOrigin {
  /** What is watched, as people know it. */
  readonly place: string;
  /** How long changes are collected before they are looked at. */
  readonly settle: SettleTiming;
  /** What to load now. Never rejects. */
  find(): Promise<Found>;
  /** How that went, and when it was begun, in milliseconds since 1970. */
  loaded(loading: Loading, at: number): void;
  /** Number of the latest release that is known to be genuine, so that no older one is taken; else `null`. */
  latestRelease(): number | null;
  /** Whether there may be other rules than those that were loaded last. */
  hasChanged(): Promise<boolean>;
  /** Resolves when changes from now on will be noticed. */
  watch(events: OriginEvents): Promise<OriginWatch>;
}
