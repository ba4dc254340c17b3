/** Commands about users and groups, whoever gives them: rules with the facts of an event, or people. */
import type { EventFactName } from './facts.js';
import { labelOf, ladderOf, type SubjectMemory } from './memory.js';
import { keyOf, subjectValues, type KeyParts } from './state-keys.js';
import type { DistinctCommand, LabelCommand, StateKey } from './state.js';

/** Who has strikes, a label or a cool-down. */
export interface Subject {
  /** ID of the app; it does not matter for what all apps share. */
  readonly app: string;
  /** Facts that say who it is. */
  readonly by: readonly EventFactName[];
  /** Their values, in the same order. */
  readonly values: readonly string[];
}

export function subjectKey(
  parts: Pick<KeyParts, 'kind' | 'name' | 'scope'>,
  { app, by, values }: Subject,
): StateKey {
  return keyOf({ ...parts, app, values: subjectValues(by, values) });
}

export function labelCommand(
  memory: SubjectMemory,
  name: string,
  subject: Subject,
  change: Pick<LabelCommand, 'effect' | 'at' | 'until'>,
): LabelCommand {
  const { scope } = labelOf(memory, name);
  return { type: 'label', ...subjectKey({ kind: 'label', name, scope }, subject), ...change };
}

/** Each strike is a member of a distinct count. */
export function strikesCommand(
  memory: SubjectMemory,
  ladder: string,
  subject: Subject,
  change: Pick<DistinctCommand, 'effect' | 'at' | 'member'>,
): DistinctCommand {
  const { scope, decay } = ladderOf(memory, ladder);
  const key = subjectKey({ kind: 'strikes', name: ladder, scope }, subject);
  return { type: 'distinct', ...key, window: decay, ...change };
}
