/** What happened, in our words: the form in which every platform's callback reaches the rules. */
import type { FactName, FactValue } from './facts.js';
import type { Kind, Stage } from './kinds.js';

/**
 * Where facts are read from. A `Map<FactName, FactValue>` is one.
 *
 * `get` returns `undefined` for an absent fact. A promise is for facts that must be fetched, such as
 * counters; a rejected one is an error of the rule that asked, not of the others.
 */
export interface FactSource {
  get(name: FactName): FactValue | undefined | Promise<FactValue | undefined>;
}

/** Facts that are at hand without waiting. */
export interface SyncFactSource extends FactSource {
  get(name: FactName): FactValue | undefined;
}

/** One of several users (or pairs, or records) that a callback is about. */
export interface Target {
  /** The target's user ID; empty where the platform names none. */
  readonly id: string;
  /** The facts as this target sees them: its own first, then the event's. */
  readonly facts: SyncFactSource;
}

/** One normalized callback. */
export interface Event {
  readonly kind: Kind;
  readonly stage: Stage;
  readonly facts: SyncFactSource;
  /**
   * The targets of a callback that carries a list of them, in wire order; each is judged by itself.
   * Empty for a callback about a single user: then `facts` alone is judged.
   */
  readonly targets: readonly Target[];
  /**
   * Identity of what happened: the same when a callback is repeated, and for another callback about the same
   * thing (OpenIM asks twice about one message: before sending and before modifying). Without it each event is
   * one of its own.
   */
  readonly occurrence?: () => string;
}

/**
 * What rules need of an event. Its facts may have to be fetched; those of a platform's {@link Event} are
 * at hand.
 */
export interface JudgedEvent {
  readonly kind: Kind;
  readonly stage: Stage;
  readonly facts: FactSource;
  readonly targets: readonly { readonly facts: FactSource }[];
  /** See {@link Event}. */
  readonly occurrence?: () => string;
}
