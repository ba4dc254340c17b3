/** Puts checked rule files together: order, index, revision; and what can only be seen of the whole. */
import { createAutomatonPacker, type Automata } from '../automata.js';
import { checkReached, type Unreached } from '../check/unreachable.js';
import { packRuleIndex } from '../index/rule-index.js';
import { packList } from '../list.js';
import type { Definitions, MemoryNodes } from '../parse/definitions.js';
import type { Report } from '../parse/node.js';
import type { ConditionImage, MemoryImage, RuleSetImage, RuleSlice } from './image.js';
import { LinkedRule, type LinkedDocument } from './linked-rule.js';
import { createEventSets, idsOf } from './outline.js';
import { revisionOf } from './revision.js';
import { orderRules } from './rule-order.js';
import { joinNames } from './subject-names.js';

/** Rules in one slice: a fraction of a millisecond of work. */
const SLICE = 500;

export interface LinkParts {
  /** In the order of their names. */
  readonly documents: readonly LinkedDocument[];
  readonly texts: ReadonlyMap<string, string>;
  readonly definitions: Definitions;
  readonly platforms: readonly string[];
  /** From the last linking. */
  readonly knowledge: LinkKnowledge;
}

/** What one linking tells the next, as plain data. */
export interface LinkKnowledge {
  readonly unreached: Unreached;
  /** Whether all rules were compared: of those with the same ID, all but one are left out. */
  readonly isWhole: boolean;
  readonly automata: Automata;
}

export const NOTHING_LINKED: LinkKnowledge = {
  unreached: new Map(),
  isWhole: false,
  automata: new Map(),
};

export interface Linked {
  readonly image: RuleSetImage;
  readonly knowledge: LinkKnowledge;
}

/** Links rule files. The image is good when nothing was reported, here or before, that is an error. */
export function linkRuleSet(parts: LinkParts, report: Report): Linked {
  const { texts, definitions, platforms, knowledge } = parts;
  const documents = knowledge.isWhole ? parts.documents : parts.documents.map(asNew);
  const eventSets = createEventSets();
  const setsOf = documents.map(({ checked }) => checked.outlines.eventSets.map(eventSets.numberOf));
  const ordered = orderRules(
    documents.map(({ packed, checked: { outlines } }) => ({
      file: packed.file,
      ids: idsOf(outlines),
      outlines,
    })),
    report,
  );
  const rules = ordered.flatMap((ruleRow) => {
    const linked = documents[ruleRow.document];
    if (linked === undefined) return [];
    const set = linked.checked.outlines.events[ruleRow.row] ?? 0;
    return new LinkedRule(ruleRow, linked, setsOf[ruleRow.document]?.[set] ?? 0, definitions);
  });
  const unreached = checkReached(rules, knowledge.unreached, report);
  const { pack: packAutomaton, packed: automata } = createAutomatonPacker(knowledge.automata);
  const packed = documents.map((document) => document.packed);
  const listUses = documents.flatMap(({ checked }) => checked.listUses);
  const usesOf = (list: string) => new Set(listUses.filter(([name]) => name === list).map(([, use]) => use));
  const ranks = ranksOf(rules, documents);
  const image: RuleSetImage = {
    revision: revisionOf(packed, texts),
    platforms,
    documents: packed,
    lists: [...definitions.lists.values()].map((list) =>
      packList(list, [...usesOf(list.name)], packAutomaton),
    ),
    conditions: [...definitions.conditions].map(([name, { file, value }]): ConditionImage => ({
      name,
      file,
      json: JSON.stringify(value),
    })),
    memory: definitions.memoryNodes.flatMap(memoryImage),
    subjectNames: joinNames(documents.map(({ checked }) => checked.subjectNames)),
    eventSets: eventSets.all,
    slices: slicesOf(rules),
    index: packRuleIndex({
      eventSets: eventSets.all,
      setOf: rules.map(({ eventSet }) => eventSet),
      columns: documents.map(({ checked }, document) => ({
        anchors: checked.outlines.anchors,
        ranks: ranks[document] ?? [],
      })),
      entriesOf: (list) => definitions.lists.get(list)?.entries ?? [],
      packAutomaton,
    }),
  };
  const count = documents.reduce((sum, { checked }) => sum + checked.outlines.positions.length, 0);
  return { image, knowledge: { unreached, isWhole: rules.length === count, automata } };
}

function asNew(document: LinkedDocument): LinkedDocument {
  return { ...document, known: [] };
}

function memoryImage({ counters, ladders, labels }: MemoryNodes[number]): MemoryImage | readonly [] {
  const file = (counters ?? ladders ?? labels)?.file;
  if (file === undefined) return [];
  const json = JSON.stringify({ counters: counters?.value, ladders: ladders?.value, labels: labels?.value });
  return { file, json };
}

/** By document and row: the place in the order of judging; -1 for rules that are never judged. */
function ranksOf(rules: readonly LinkedRule[], documents: readonly LinkedDocument[]): readonly Int32Array[] {
  const ranks = documents.map(({ checked }) => new Int32Array(checked.outlines.positions.length).fill(-1));
  for (const [rank, rule] of rules.entries()) {
    const some = ranks[rule.document];
    if (some !== undefined && rule.mode !== 'off') some[rule.row] = rank;
  }
  return ranks;
}

function slicesOf(rules: readonly LinkedRule[]): readonly RuleSlice[] {
  const slices: RuleSlice[] = [];
  for (let start = 0; start < rules.length; start += SLICE) {
    const some = rules.slice(start, start + SLICE);
    slices.push({
      ids: some.map(({ id }) => id).join('\n'),
      documents: Uint32Array.from(some.map(({ document }) => document)),
      positions: Uint32Array.from(some.map(({ position }) => position)),
      modes: Uint8Array.from(some.map(({ outlines, row }) => outlines.modes[row] ?? 0)),
      eventSets: Uint32Array.from(some.map(({ eventSet }) => eventSet)),
    });
  }
  return slices;
}
