/**
 * Facts about what is remembered: counts, strikes and labels. Their names are made of the names that authors
 * give, and of the facts of the event that say whose count or label is meant: `count.sends of actor.id`.
 */
import type { EventFactName, FactDefinition, FactName } from './facts.js';

/** The kinds, one row each. */
export const STATE_FACTS = {
  count: {
    type: 'number',
    meaning:
      'What a counter has counted in its window, the event itself included where the counter counts it.',
  },
  strikes: { type: 'number', meaning: 'Strikes on a ladder that have not decayed, before this event.' },
  label: { type: 'boolean', meaning: 'Whether the user or group has the label, before this event.' },
} as const satisfies Readonly<Record<string, FactDefinition>>;

export type StateFactKind = keyof typeof STATE_FACTS;

export type StateFactName = `${StateFactKind}.${string}`;

/** A state fact, taken apart. */
export interface StateFact {
  readonly kind: StateFactKind;
  /** Name of the counter, ladder or label. */
  readonly name: string;
  /** Facts whose values say whose it is; empty where the author left them to the definition. */
  readonly by: readonly EventFactName[];
}

const PATTERN = /^(count|strikes|label)\.(.+?)(?: of (.+))?$/s;

/** Narrows any text to the name of a state fact, whether or not such a counter, ladder or label exists. */
export function isStateFact(name: string): name is StateFactName {
  return name.startsWith('count.') || name.startsWith('strikes.') || name.startsWith('label.');
}

/** The first word of the name. */
export function stateFactKind(name: StateFactName): StateFactKind {
  return name.slice(0, name.indexOf('.')) as StateFactKind;
}

const known = new Map<string, StateFact>();
/** Names come from rule files; those of files that are gone must not stay forever. */
const MOST_KNOWN = 10_000;

/** Takes the name of a state fact apart. */
export function readStateFact(name: StateFactName): StateFact {
  let fact = known.get(name);
  if (fact === undefined) {
    const [, , own = '', by] = PATTERN.exec(name) ?? [];
    // Written by stateFactName, which takes names of facts only.
    fact = { kind: stateFactKind(name), name: own, by: (by?.split(', ') ?? []) as readonly EventFactName[] };
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(name, fact);
  }
  return fact;
}

/** The name under which conditions ask for a state fact. */
export function stateFactName({ kind, name, by }: StateFact): StateFactName {
  return by.length === 0 ? `${kind}.${name}` : `${kind}.${name} of ${by.join(', ')}`;
}

/** The name without whose it is, as examples write it. */
export function plainStateFact(name: StateFactName): StateFactName {
  return stateFactName({ ...readStateFact(name), by: [] });
}

/** The facts of the event that a fact rests on: itself, or those that say whose it is. */
export function eventFactsOf(name: FactName): readonly EventFactName[] {
  return isStateFact(name) ? readStateFact(name).by : [name];
}
