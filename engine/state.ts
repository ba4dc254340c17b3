/**
 * What rules remember from callback to callback: the commands that a store of it carries out.
 *
 * Commands are plain data, so that they can travel to another process. The engine makes them; the stores in
 * `state/` carry them out, all in the same way.
 */

/** Parts that the window of a count is kept in. */
export const WINDOW_PARTS = 30;

/** Milliseconds for which a count knows what it has counted, so that nothing is counted twice. */
export const TOKEN_LIFE = 60_000;

/** Most different members that a distinct count holds; beyond it, those not seen for longest are forgotten. */
export const MOST_MEMBERS = 10_000;

/** Whose value it is and which. Up to 200 characters each, of any kind. */
export interface StateKey {
  /** Whose: values of one owner can be kept together. */
  readonly owner: string;
  /** Which, unique among all owners. */
  readonly key: string;
}

/**
 * - `add`: counts it, and tells the count with it
 * - `assume`: tells the count as it would be with it, and changes nothing
 * - `read`: tells the count
 */
export type CountEffect = 'add' | 'assume' | 'read';

/**
 * Counts in a sliding window that is kept in {@link WINDOW_PARTS} parts.
 *
 * A moment `t` is in part `floor(t / (window / WINDOW_PARTS))`. The result is the number of additions in the
 * current part, the `WINDOW_PARTS` parts before it and any later ones: all of the last `window` milliseconds,
 * and at most those of one part more.
 */
export interface CountCommand extends StateKey {
  readonly type: 'count';
  readonly effect: CountEffect;
  /** Milliseconds. */
  readonly window: number;
  /** The moment, in milliseconds since 1970. */
  readonly at: number;
  /**
   * What is counted, up to 40 characters: with a token that was added to the same key less than
   * {@link TOKEN_LIFE} before, neither `add` nor `assume` counts again. Empty: no such check. Empty with `read`.
   */
  readonly token: string;
}

/**
 * Counts the different members seen in a sliding window: those whose latest addition is later than
 * `at - window`, exactly, up to {@link MOST_MEMBERS}.
 */
export interface DistinctCommand extends StateKey {
  readonly type: 'distinct';
  readonly effect: CountEffect;
  /** Milliseconds. */
  readonly window: number;
  /** The moment, in milliseconds since 1970; an addition never makes a member's latest moment earlier. */
  readonly at: number;
  /** Up to 40 characters; empty with `read`. */
  readonly member: string;
}

/** A mark that is there until its time is over. The result is 1 when it is there afterwards, else 0. */
export interface LabelCommand extends StateKey {
  readonly type: 'label';
  readonly effect: 'set' | 'clear' | 'read';
  /** The moment, in milliseconds since 1970. */
  readonly at: number;
  /** When the mark goes; with `set`. A mark is never set to go earlier than it would have gone. 0 otherwise. */
  readonly until: number;
}

/**
 * Takes something that only one may have at a time. The result is 1 when it was free, or already taken with
 * the same token (its end then stays as it was), and 0 when somebody else has it.
 */
export interface ClaimCommand extends StateKey {
  readonly type: 'claim';
  readonly at: number;
  /** When it is free again. */
  readonly until: number;
  /** Up to 40 characters. */
  readonly token: string;
}

export type StateCommand = CountCommand | DistinctCommand | LabelCommand | ClaimCommand;

export interface StateAnswer {
  /** In the order of the commands. */
  readonly results: readonly number[];
  /** Whether the shared store could not be asked, and this is what the process itself has seen. */
  readonly isLocal: boolean;
}

/** Where state is kept. */
export interface StateStore {
  /**
   * Carries out commands, each by itself atomically, in the order of those with the same key, and in one
   * round trip. Rejects when the store cannot be asked and nothing stands in for it.
   */
  run(commands: readonly StateCommand[]): StateAnswer | Promise<StateAnswer>;
}
