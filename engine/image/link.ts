/** Puts checked rule files together: order, index, revision; and what can only be seen of the whole. */
import { createHash } from 'node:crypto';
import { checkReached, type OrderedRule, type Unreached } from '../check/unreachable.js';
import { ALWAYS } from '../condition.js';
import { packRuleIndex, type EventSet } from '../index/rule-index.js';
import { packList } from '../list.js';
import { childOf, problemAt, type Report } from '../parse/node.js';
import { parseRule } from '../parse/rules.js';
import type { Definitions } from '../parse/definitions.js';
import { outlinesOf, type CheckedDocument, type Outline } from './check.js';
import { ruleNode, type PackedDocument } from './document.js';
import { MODES, type ConditionImage, type RuleSetImage, type RuleSlice } from './image.js';

/** Rules in one slice: a fraction of a millisecond of work. */
const SLICE = 500;

export interface LinkedDocument {
  readonly packed: PackedDocument;
  readonly checked: CheckedDocument;
  /** Whether the check is the same as at the last linking. */
  readonly isKnown: boolean;
}

export interface LinkParts {
  /** In the order of their names. */
  readonly documents: readonly LinkedDocument[];
  readonly texts: ReadonlyMap<string, string>;
  readonly definitions: Definitions;
  readonly platforms: readonly string[];
  /** What the last linking found. */
  readonly unreached: Unreached;
}

export interface Linked {
  readonly image: RuleSetImage;
  readonly unreached: Unreached;
}

interface Row extends Outline {
  readonly document: number;
  readonly eventSet: number;
}

/** Links rule files. The image is good when nothing was reported, here or before, that is an error. */
export function linkRuleSet(parts: LinkParts, report: Report): Linked {
  const { documents, texts, definitions, platforms } = parts;
  const eventSets = createEventSets();
  const rows = inOrder(
    withUniqueIds(
      documents.flatMap(({ checked }, document) =>
        outlinesOf(checked).map((outline): Row => ({
          ...outline,
          document,
          eventSet: eventSets.numberOf(outline),
        })),
      ),
      documents,
      report,
    ),
  );
  const unreached = checkReached(
    rows.map((row) => orderedRule(row, parts)),
    parts.unreached,
    report,
  );
  const wordLists = new Set(documents.flatMap(({ checked }) => checked.wordLists));
  const image: RuleSetImage = {
    revision: revisionOf(
      documents.map(({ packed }) => packed),
      texts,
    ),
    platforms,
    documents: documents.map(({ packed }) => packed),
    lists: [...definitions.lists.values()].map((list) => packList(list, wordLists.has(list.name))),
    conditions: [...definitions.conditions].map(([name, { file, value }]): ConditionImage => ({
      name,
      file,
      json: JSON.stringify(value),
    })),
    eventSets: eventSets.all,
    slices: slicesOf(rows),
    index: packRuleIndex(
      rows.map((row) => (row.mode === 'off' ? null : row)),
      eventSets.all,
      (list) => definitions.lists.get(list)?.entries ?? [],
    ),
  };
  return { image, unreached };
}

function createEventSets() {
  const all: EventSet[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    numberOf({ kinds, stages }: EventSet): number {
      const key = `${kinds.join(' ')}, ${stages.join(' ')}`;
      let number = numbers.get(key);
      if (number === undefined) {
        number = all.push({ kinds, stages }) - 1;
        numbers.set(key, number);
      }
      return number;
    },
  };
}

function withUniqueIds(
  rows: readonly Row[],
  documents: readonly LinkedDocument[],
  report: Report,
): readonly Row[] {
  const fileOf = (row: Row): string => documents[row.document]?.packed.file ?? '';
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const { id, position } = row;
    const earlier = seen.get(id);
    if (earlier === undefined) seen.set(id, row);
    else {
      const place = childOf({ file: fileOf(row), path: ['rules', position], value: undefined }, 'id', id);
      const hint = `The other one is in ${fileOf(earlier)}.`;
      report(problemAt(place, 'duplicate-id', `There is already a rule \`${id}\`.`, { hint }));
    }
  }
  return [...seen.values()];
}

/** Priority first, then file name, then position; sorting is stable and rules come in file order. */
function inOrder(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((left, right) => right.priority - left.priority);
}

function orderedRule(row: Row, { documents, definitions, platforms }: LinkParts): OrderedRule {
  const { id, mode, kinds, stages, hasVerdict, reach: keys, document, position } = row;
  const linked = documents[document];
  return {
    id,
    mode,
    kinds,
    stages,
    hasVerdict,
    keys,
    node: { file: linked?.packed.file ?? '', path: ['rules', position] },
    isKnown: linked?.isKnown === true,
    condition() {
      const rule =
        linked &&
        parseRule(ruleNode(linked.packed, position), { ...definitions.scope, platforms }, () => undefined);
      return rule?.condition ?? ALWAYS;
    },
  };
}

function slicesOf(rows: readonly Row[]): readonly RuleSlice[] {
  const slices: RuleSlice[] = [];
  for (let start = 0; start < rows.length; start += SLICE) {
    const some = rows.slice(start, start + SLICE);
    slices.push({
      ids: some.map(({ id }) => id).join('\n'),
      documents: Uint32Array.from(some, ({ document }) => document),
      positions: Uint32Array.from(some, ({ position }) => position),
      modes: Uint8Array.from(some, ({ mode }) => MODES.indexOf(mode)),
      eventSets: Uint32Array.from(some, ({ eventSet }) => eventSet),
    });
  }
  return slices;
}

/** A hash over all files in name order: the same folder has the same revision on every machine. */
function revisionOf(documents: readonly PackedDocument[], texts: ReadonlyMap<string, string>): string {
  const parts = [
    ...documents.map(({ file, json }) => ({ file, json })),
    ...[...texts].map((entry) => ({ file: entry[0], json: JSON.stringify(entry) })),
  ].map((part) => ({ ...part, key: JSON.stringify(part.file) }));
  const hash = createHash('sha256');
  for (const { json } of parts.sort((left, right) => (left.key < right.key ? -1 : 1))) {
    hash.update(json).update('\n');
  }
  return hash.digest('hex').slice(0, 12);
}
