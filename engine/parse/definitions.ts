/** What rule files define for all of them: lists and shared conditions. */
import type { Condition } from '../condition.js';
import type { List } from '../list.js';
import { createLiveLists, type LiveLists } from '../live/live-lists.js';
import { hintFor } from '../nearest.js';
import { parseCondition, type Scope } from './conditions.js';
import { parseLists } from './lists.js';
import { declareMemory } from './memory.js';
import { problemAt, readEntries, readMapping, type Members, type Node, type Report } from './node.js';
import { DOCUMENT_SHAPE } from './shapes.js';
import type { RuleDocument } from '../rule-set.js';

/** The members of a rule file. */
export type DocumentMembers = Members<typeof DOCUMENT_SHAPE>;

/** Reads what a rule file has on top; an empty file has nothing. */
export function readDocument({ file, data }: RuleDocument, report: Report): DocumentMembers {
  if (data === null || data === undefined) return {};
  return readMapping({ file, path: [], value: data }, DOCUMENT_SHAPE, 'a rule file', report) ?? {};
}

export interface Definitions {
  readonly lists: ReadonlyMap<string, List>;
  /** Where the shared conditions stand. */
  readonly conditions: ReadonlyMap<string, Node>;
  /** Where counters, ladders and labels stand. */
  readonly memoryNodes: MemoryNodes;
  readonly scope: Scope;
}

/** The mappings of a file that say what is remembered. */
export type MemoryNodes = readonly Pick<DocumentMembers, 'counters' | 'ladders' | 'labels'>[];

/**
 * Reads the definitions of all files.
 *
 * @param texts list files by name
 * @param live where live lists are; without it, they are empty
 */
export function parseDefinitions(
  documents: readonly Pick<DocumentMembers, 'lists' | 'conditions' | 'counters' | 'ladders' | 'labels'>[],
  texts: ReadonlyMap<string, string>,
  report: Report,
  live: LiveLists = createLiveLists(),
): Definitions {
  const lists = new Map<string, List>();
  const conditions = new Map<string, Node>();
  for (const document of documents) {
    if (document.lists !== undefined) parseLists(document.lists, { texts, live }, lists, report);
    if (document.conditions !== undefined) collectConditions(document.conditions, conditions, report);
  }
  const scope = scopeOf({ lists, conditions, memoryNodes: documents }, report);
  for (const [name, node] of conditions) scope.condition(name, node, report);
  return { lists, conditions, memoryNodes: documents, scope };
}

/** The names that conditions may refer to. Counters may have conditions, and conditions may name counters. */
export function scopeOf(
  { lists, conditions, memoryNodes }: Pick<Definitions, 'lists' | 'conditions' | 'memoryNodes'>,
  report: Report,
): Scope {
  const declared = declareMemory(memoryNodes, report);
  const scope: Scope = {
    lists,
    memory: declared.memory,
    condition: sharedConditions(conditions, () => scope),
  };
  declared.readConditions(scope);
  return scope;
}

function collectConditions(node: Node, conditions: Map<string, Node>, report: Report): void {
  for (const [name, member] of readEntries(node, report)) {
    if (conditions.has(name)) {
      report(problemAt(member, 'duplicate-id', `There is already a condition \`${name}\`.`, { atKey: true }));
    } else conditions.set(name, member);
  }
}

/**
 * Resolves shared conditions, each parsed once, so that what is wrong in one is reported to whoever asks
 * first; a circle is reported where it closes.
 */
export function sharedConditions(nodes: ReadonlyMap<string, Node>, scope: () => Scope): Scope['condition'] {
  const parsed = new Map<string, Condition | undefined>();
  const open = new Set<string>();
  const resolve: Scope['condition'] = (name, reference, report) => {
    const node = nodes.get(name);
    if (node === undefined) {
      const hint = nodes.size === 0 ? 'No file defines a condition.' : hintFor(name, [...nodes.keys()]);
      report(problemAt(reference, 'unknown-condition', `Unknown condition \`${name}\`.`, { hint }));
      return undefined;
    }
    if (open.has(name)) {
      const circle = [...open]
        .slice([...open].indexOf(name))
        .concat(name)
        .join(' -> ');
      report(
        problemAt(reference, 'condition-cycle', `The condition \`${name}\` refers to itself: ${circle}.`),
      );
      return undefined;
    }
    if (!parsed.has(name)) {
      open.add(name);
      parsed.set(name, parseCondition(node, scope(), report));
      open.delete(name);
    }
    return parsed.get(name);
  };
  return resolve;
}
