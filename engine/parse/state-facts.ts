/** Reads the names of counts, strikes and labels. */
import type { EventFactName } from '../facts.js';
import { ladderOf, type Memory } from '../memory.js';
import { hintFor } from '../nearest.js';
import { readStateFact, stateFactName, type StateFactName } from '../state-facts.js';
import { readBy } from './memory.js';
import { problemAt, type Node, type Report } from './node.js';

/** Names of counters, ladders and labels that are declared, for hints. */
function declared({ counters, ladders, labels }: Memory): readonly string[] {
  return [
    ...[...counters.keys()].map((name) => `count.${name}`),
    ...[...ladders.keys()].map((name) => `strikes.${name}`),
    ...[...labels.keys()].map((name) => `label.${name}`),
  ];
}

/**
 * Reads the name of a state fact.
 *
 * @param by facts that say whose; by default those of the definition
 * @returns the name with whose it is
 */
export function readStateFactName(
  node: Node,
  name: StateFactName,
  by: Node | undefined,
  memory: Memory,
  report: Report,
): StateFactName | undefined {
  const fact = readStateFact(name);
  const standard = standardBy(fact, memory);
  if (standard === undefined || fact.by.length > 0) {
    const hint = memory.counters.size === 0 ? 'No file declares a counter.' : hintFor(name, declared(memory));
    report(
      problemAt(node, 'unknown-counter', `Unknown counter \`${name.slice('count.'.length)}\`.`, { hint }),
    );
    return undefined;
  }
  const own = by === undefined ? standard : readBy(by, report);
  if (own === undefined) return undefined;
  if (fact.kind === 'count' && own.length !== standard.length) {
    const message = `The counter \`${fact.name}\` counts by ${standard.join(', ')}: \`by\` must name as many facts.`;
    report(problemAt(by ?? node, 'wrong-operand', message));
    return undefined;
  }
  return stateFactName({ ...fact, by: own });
}

/** @returns `undefined` for a counter that is not declared */
function standardBy(
  { kind, name }: ReturnType<typeof readStateFact>,
  memory: Memory,
): readonly EventFactName[] | undefined {
  switch (kind) {
    case 'count':
      return memory.counters.get(name)?.by;
    case 'strikes':
      return ladderOf(memory, name).by;
    case 'label':
      return ['actor.id'];
  }
}
