/** What rules remember, as it is declared: counters, ladders and labels. */
import type { Condition } from './condition.js';
import type { EventFactName } from './facts.js';
import type { Kind, Stage } from './kinds.js';

/** Whose values are one: those of the same app, or of all apps. */
export type StateScope = 'app' | 'all';

/** Counts events in a sliding window. */
export interface Counter {
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly stages: readonly Stage[];
  /** Facts whose values have a count each; one of them may be a list, whose entries then have one each. */
  readonly by: readonly EventFactName[];
  /** Fact whose different values are counted, instead of events. */
  readonly distinct: EventFactName | null;
  /** Milliseconds. */
  readonly window: number;
  /** What an event must be like to be counted. */
  readonly where: Condition | null;
  /** `attempts`: every event; `allowed`: those that the rules let happen. */
  readonly counts: 'attempts' | 'allowed';
  readonly scope: StateScope;
}

/** Holds strikes, each of which goes after a time. */
export interface Ladder {
  readonly name: string;
  readonly by: readonly EventFactName[];
  /** Milliseconds after which a strike does not count any more. */
  readonly decay: number;
  readonly scope: StateScope;
}

export interface LabelDefinition {
  readonly name: string;
  readonly scope: StateScope;
}

export interface Memory {
  readonly counters: ReadonlyMap<string, Counter>;
  readonly ladders: ReadonlyMap<string, Ladder>;
  readonly labels: ReadonlyMap<string, LabelDefinition>;
}

/** What is remembered about users and groups. */
export type SubjectMemory = Pick<Memory, 'ladders' | 'labels'>;

/** Names of ladders and labels. */
export type SubjectNames = Readonly<Record<keyof SubjectMemory, readonly string[]>>;

export const NO_MEMORY: Memory = { counters: new Map(), ladders: new Map(), labels: new Map() };

const DAY = 86_400_000;

/** A ladder that no file declares. */
export function ladderOf({ ladders }: Pick<Memory, 'ladders'>, name: string): Ladder {
  return ladders.get(name) ?? { name, by: ['actor.id'], decay: 30 * DAY, scope: 'app' };
}

/** A label that no file declares. */
export function labelOf({ labels }: Pick<Memory, 'labels'>, name: string): LabelDefinition {
  return labels.get(name) ?? { name, scope: 'app' };
}

/** What is declared, and what is named without that. */
export function withNamed(declared: SubjectMemory, { ladders, labels }: SubjectNames): SubjectMemory {
  return {
    ladders: new Map(
      [...declared.ladders.keys(), ...ladders].map((name) => [name, ladderOf(declared, name)]),
    ),
    labels: new Map([...declared.labels.keys(), ...labels].map((name) => [name, labelOf(declared, name)])),
  };
}
