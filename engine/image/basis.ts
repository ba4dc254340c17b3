/** On which definitions the check of a rule file rests: while they stay the same, so does its outcome. */
import { createHash } from 'node:crypto';
import type { Definitions } from '../parse/definitions.js';
import type { Scope } from '../parse/conditions.js';

/** What a rule file used of the definitions, and a hash of what that was. */
export interface Basis {
  readonly lists: readonly string[];
  readonly usesConditions: boolean;
  readonly hash: string;
}

/** Definitions with their hashes. */
export interface HashedDefinitions extends Definitions {
  readonly hashOf: (names: Pick<Basis, 'lists' | 'usesConditions'>) => string;
}

export function hashDefinitions(definitions: Definitions): HashedDefinitions {
  const { lists, conditions } = definitions;
  const ofLists = new Map<string, string>();
  const listHash = (name: string): string => {
    let hash = ofLists.get(name);
    if (hash === undefined) {
      hash = sha256(JSON.stringify(lists.get(name)?.entries ?? null));
      ofLists.set(name, hash);
    }
    return hash;
  };
  let all: string | undefined;
  // Conditions may refer to each other and to lists; what uses one rests on everything.
  const conditionsHash = (): string =>
    (all ??= sha256(
      JSON.stringify([
        [...conditions].map(([name, { value }]) => [name, value]),
        [...lists.keys()].map((name) => [name, listHash(name)]),
      ]),
    ));
  return {
    ...definitions,
    hashOf: ({ lists: names, usesConditions }) =>
      sha256(JSON.stringify([names.map(listHash), usesConditions ? conditionsHash() : null])),
  };
}

/** A scope that takes note of what is used. */
export function createObservedScope(definitions: HashedDefinitions): {
  readonly scope: Scope;
  readonly basis: () => Basis;
} {
  const lists = new ObservedMap(definitions.lists);
  let usesConditions = false;
  const condition: Scope['condition'] = (name, node, report) => {
    usesConditions = true;
    return definitions.scope.condition(name, node, report);
  };
  return {
    scope: { lists, condition },
    basis() {
      const used = { lists: [...lists.used].sort(), usesConditions };
      return { ...used, hash: definitions.hashOf(used) };
    },
  };
}

/** Whether what was checked would come out the same today. */
export function isBasisOf(definitions: HashedDefinitions, basis: Basis): boolean {
  return definitions.hashOf(basis) === basis.hash;
}

class ObservedMap<V> extends Map<string, V> {
  readonly used = new Set<string>();

  override get(name: string): V | undefined {
    this.used.add(name);
    return super.get(name);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
