/** What rule files define for all of them: lists and shared conditions. */
import type { Condition } from '../condition.js';
import type { List } from '../list.js';
import { hintFor } from '../nearest.js';
import { parseCondition, type Scope } from './conditions.js';
import { parseLists } from './lists.js';
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
  readonly scope: Scope;
}

/** Reads the definitions of all files. @param texts list files by name */
export function parseDefinitions(
  documents: readonly Pick<DocumentMembers, 'lists' | 'conditions'>[],
  texts: ReadonlyMap<string, string>,
  report: Report,
): Definitions {
  const lists = new Map<string, List>();
  const conditions = new Map<string, Node>();
  for (const document of documents) {
    if (document.lists !== undefined) parseLists(document.lists, texts, lists, report);
    if (document.conditions !== undefined) collectConditions(document.conditions, conditions, report);
  }
  const condition = sharedConditions(conditions, lists);
  for (const [name, node] of conditions) condition(name, node, report);
  return { lists, conditions, scope: { lists, condition } };
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
export function sharedConditions(
  nodes: ReadonlyMap<string, Node>,
  lists: ReadonlyMap<string, List>,
): Scope['condition'] {
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
      parsed.set(name, parseCondition(node, { lists, condition: resolve }, report));
      open.delete(name);
    }
    return parsed.get(name);
  };
  return resolve;
}
