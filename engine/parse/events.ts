/** Reads which events a rule or counter is on. */
import { KIND_NAMES, kindsMatching, type Kind, type Stage } from '../kinds.js';
import { hintFor } from '../nearest.js';
import { problemAt, readTexts, readWord, type Node, type Report } from './node.js';

/** Stages by the word that stands for them. */
export const STAGES: Readonly<Record<'before' | 'after' | 'any', readonly Stage[]>> = {
  before: ['before'],
  after: ['after'],
  any: ['before', 'after'],
};

/** Kinds of events, and those of them that are named one by one and not by a glob. */
export interface NamedKinds {
  readonly kinds: readonly Kind[];
  readonly namedKinds: readonly Kind[];
}

/** Reads an `on`. @returns `undefined` after at least one report */
export function parseEvents(node: Node, report: Report): NamedKinds | undefined {
  const patterns = readTexts(node, report);
  const kinds = new Set<Kind>();
  const namedKinds = new Set<Kind>();
  for (const pattern of patterns) {
    const text = String(pattern.value);
    const matching = kindsMatching(text);
    if (matching.length === 0) {
      report(
        problemAt(pattern, 'unknown-kind', `Unknown event kind \`${text}\`.`, {
          hint: hintFor(text, KIND_NAMES),
        }),
      );
    }
    for (const kind of matching) {
      kinds.add(kind);
      if (kind === text) namedKinds.add(kind);
    }
  }
  return kinds.size === 0 ? undefined : { kinds: [...kinds], namedKinds: [...namedKinds] };
}

/** Reads a `stage`. */
export function readStages(node: Node, report: Report): readonly Stage[] | undefined {
  const word = readWord(node, ['before', 'after', 'any'], report);
  return word === undefined ? undefined : STAGES[word];
}
