/** What one command of one platform can tell and carry: the adapters' catalogs as the rule checker sees them. */
import type { FactName } from './facts.js';
import type { Kind, Stage } from './kinds.js';

export interface Capability {
  readonly platform: string;
  /** The command's current wire name. */
  readonly command: string;
  /** Name of the switch with which operators turn the command on; absent where it comes by itself. */
  readonly switch?: string;
  readonly kind: Kind;
  readonly stage: Stage;
  /** Facts that the command can provide. */
  readonly facts: ReadonlySet<FactName>;
  /** Whether the reply can refuse, and can refuse single targets. */
  readonly refuse: boolean;
  readonly refuseTargets: boolean;
  readonly discard: boolean;
  /** Facts that the reply can replace. */
  readonly rewrites: ReadonlySet<FactName>;
  /**
   * Facts whose rewrite another command of the same operation carries, so that nothing is lost when
   * this one cannot.
   */
  readonly rewritesElsewhere: ReadonlySet<FactName>;
  /** Inclusive range of refusal codes that reach the user; `null` where the platform accepts none. */
  readonly codes: readonly [min: number, max: number] | null;
}
