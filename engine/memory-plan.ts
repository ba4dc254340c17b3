/** Which counters an event feeds. */
import { factsOfCondition } from './condition.js';
import type { Kind, Stage } from './kinds.js';
import type { Counter, Memory } from './memory.js';
import { compilePredicate, type Predicate } from './predicate.js';

/** A counter, ready to count. */
export interface Feed {
  readonly counter: Counter;
  readonly where: Predicate | null;
  /** Whether each target of a callback is counted by itself; otherwise the callback counts once. */
  readonly dependsOnTarget: boolean;
}

export interface MemoryPlan {
  readonly memory: Memory;
  feeds(kind: Kind, stage: Stage): readonly Feed[];
  feedOf(counter: string): Feed | undefined;
}

const NONE: readonly Feed[] = [];

export function planMemory(memory: Memory): MemoryPlan {
  const feeds = new Map([...memory.counters.values()].map((counter) => [counter.name, feedOf(counter)]));
  const byEvent = new Map<string, Feed[]>();
  for (const feed of feeds.values()) {
    for (const kind of feed.counter.kinds) {
      for (const stage of feed.counter.stages) {
        const event = `${kind} ${stage}`;
        const some = byEvent.get(event);
        if (some === undefined) byEvent.set(event, [feed]);
        else some.push(feed);
      }
    }
  }
  return {
    memory,
    feeds: (kind, stage) => (byEvent.size === 0 ? NONE : (byEvent.get(`${kind} ${stage}`) ?? NONE)),
    feedOf: (name) => feeds.get(name),
  };
}

function feedOf(counter: Counter): Feed {
  const { by, distinct, where } = counter;
  const facts = [
    ...by,
    ...(distinct === null ? [] : [distinct]),
    ...(where === null ? [] : factsOfCondition(where)),
  ];
  return {
    counter,
    where: where === null ? null : compilePredicate(where),
    dependsOnTarget: facts.some((fact) => fact.startsWith('target.') && fact !== 'target.ids'),
  };
}
