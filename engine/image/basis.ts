/** On which definitions the check of a rule file rests: while they stay the same, so does its outcome. */
import { createHash } from 'node:crypto';
import type { List } from '../list.js';
import type { Definitions } from '../parse/definitions.js';
import type { Scope } from '../parse/conditions.js';
import type { EffectScope } from '../parse/effects.js';

/** What a rule file used of the definitions, and a hash of what that was. */
export interface Basis {
  readonly lists: readonly string[];
  readonly usesConditions: boolean;
  readonly usesMemory: boolean;
  readonly hash: string;
}

/** Definitions with their hashes. */
export interface HashedDefinitions extends Definitions {
  readonly hashOf: (names: Omit<Basis, 'hash'>) => string;
}

export function hashDefinitions(definitions: Definitions): HashedDefinitions {
  const { lists, conditions, memoryNodes } = definitions;
  const ofLists = new Map<string, string>();
  const listHash = (name: string): string => {
    let hash = ofLists.get(name);
    if (hash === undefined) {
      hash = sha256(JSON.stringify(listContent(lists.get(name))));
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
        memoryHash(),
      ]),
    ));
  let ofMemory: string | undefined;
  const memoryHash = (): string =>
    (ofMemory ??= sha256(
      JSON.stringify(
        memoryNodes.map(({ counters, ladders, labels }) => [counters?.value, ladders?.value, labels?.value]),
      ),
    ));
  const hashes = new Map<string, string>();
  return {
    ...definitions,
    hashOf({ lists: names, usesConditions, usesMemory }) {
      const key = JSON.stringify([
        names.map(listHash),
        usesConditions ? conditionsHash() : null,
        usesMemory ? memoryHash() : null,
      ]);
      // Most files use none of them.
      const hash = hashes.get(key) ?? sha256(key);
      hashes.set(key, hash);
      return hash;
    },
  };
}

/** A scope that takes note of what is used. */
export function createObservedScope(
  definitions: HashedDefinitions,
  platforms: readonly string[],
): {
  readonly scope: Scope & EffectScope;
  readonly basis: () => Basis;
} {
  const lists = new ObservedMap(definitions.lists);
  let usesConditions = false;
  let usesMemory = false;
  const condition: Scope['condition'] = (name, node, report) => {
    usesConditions = true;
    return definitions.scope.condition(name, node, report);
  };
  return {
    scope: {
      lists,
      platforms,
      condition,
      get memory() {
        usesMemory = true;
        return definitions.scope.memory;
      },
    },
    basis() {
      const used = { lists: [...lists.used].sort(), usesConditions, usesMemory };
      return { ...used, hash: definitions.hashOf(used) };
    },
  };
}

/** Whether what was checked would come out the same today. */
export function isBasisOf(definitions: HashedDefinitions, basis: Basis): boolean {
  return definitions.hashOf(basis) === basis.hash;
}

/** A live list is the same whatever it holds. */
function listContent(list: List | undefined): readonly string[] | 'live' | null {
  return list?.live === undefined ? (list?.entries ?? null) : 'live';
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
