/** What a platform's callbacks do not show, or not always: facts about it that no rule can change. */
import type { Kind, Stage } from '../engine/kinds.js';

export interface BlindSpot {
  /** Kinds of events that it concerns. */
  readonly kinds: readonly Kind[];
  /** The only stage that it concerns. */
  readonly stage?: Stage;
  readonly text: string;
}
