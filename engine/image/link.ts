/** Puts checked rule files together: order, index, revision; and what can only be seen of the whole. */
import { checkReached, type OrderedRule, type Unreached } from '../check/unreachable.js';
import { memberOf } from '../check/place.js';
import { ALWAYS, type Condition } from '../condition.js';
import { packRuleIndex } from '../index/rule-index.js';
import { packList } from '../list.js';
import type { Definitions } from '../parse/definitions.js';
import type { Node, Report } from '../parse/node.js';
import { parseWhen } from '../parse/rules.js';
import type { CheckedDocument } from './check.js';
import { ruleNode, type PackedDocument } from './document.js';
import { MODES, type ConditionImage, type RuleSetImage, type RuleSlice } from './image.js';
import { createEventSets, idsOf, reachKeysOf, type Outlines } from './outline.js';
import { revisionOf } from './revision.js';
import { orderRules, type RuleRow } from './rule-order.js';

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

/** A rule with everything that is told of it. */
interface LinkedRule extends RuleRow {
  readonly linked: LinkedDocument;
  readonly outlines: Outlines;
  /** Number of the event set in the whole. */
  readonly eventSet: number;
}

/** Links rule files. The image is good when nothing was reported, here or before, that is an error. */
export function linkRuleSet(parts: LinkParts, report: Report): Linked {
  const { documents, texts, definitions, platforms } = parts;
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
  const rules = ordered.flatMap(({ id, document, row }): LinkedRule | readonly [] => {
    const linked = documents[document];
    if (linked === undefined) return [];
    const { outlines } = linked.checked;
    const eventSet = setsOf[document]?.[outlines.events[row] ?? 0] ?? 0;
    return { id, document, row, linked, outlines, eventSet };
  });
  const unreached = checkReached(
    rules.map((rule) => orderedRule(rule, definitions)),
    parts.unreached,
    report,
  );
  const packed = documents.map((document) => document.packed);
  const wordLists = new Set(documents.flatMap(({ checked }) => checked.wordLists));
  const ranks = ranksOf(rules, documents);
  const image: RuleSetImage = {
    revision: revisionOf(packed, texts),
    platforms,
    documents: packed,
    lists: [...definitions.lists.values()].map((list) => packList(list, wordLists.has(list.name))),
    conditions: [...definitions.conditions].map(([name, { file, value }]): ConditionImage => ({
      name,
      file,
      json: JSON.stringify(value),
    })),
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
    }),
  };
  return { image, unreached };
}

function modeOf({ outlines, row }: LinkedRule): OrderedRule['mode'] {
  return MODES[outlines.modes[row] ?? 0] ?? 'off';
}

function orderedRule(rule: LinkedRule, definitions: Definitions): OrderedRule {
  const { id, row, outlines } = rule;
  const { packed, isKnown } = rule.linked;
  const position = outlines.positions[row] ?? 0;
  let condition: Condition | undefined;
  const { kinds, stages } = outlines.eventSets[outlines.events[row] ?? 0] ?? { kinds: [], stages: [] };
  return {
    id,
    mode: modeOf(rule),
    kinds,
    stages,
    hasVerdict: outlines.verdicts[row] === 1,
    keys: reachKeysOf(outlines, row),
    node: { file: packed.file, path: ['rules', position] },
    isKnown,
    condition: () => (condition ??= readCondition(ruleNode(packed, position), definitions)),
  };
}

/** The condition of a rule that has been checked. */
function readCondition(rule: Node, { scope }: Definitions): Condition {
  return parseWhen(memberOf(rule, 'when'), scope, () => undefined) ?? ALWAYS;
}

/** By document and row: the place in the order of judging; -1 for rules that are never judged. */
function ranksOf(rules: readonly LinkedRule[], documents: readonly LinkedDocument[]): readonly Int32Array[] {
  const ranks = documents.map(({ checked }) => new Int32Array(checked.outlines.positions.length).fill(-1));
  for (const [rank, rule] of rules.entries()) {
    const some = ranks[rule.document];
    if (some !== undefined && modeOf(rule) !== 'off') some[rule.row] = rank;
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
      positions: Uint32Array.from(some.map(({ outlines, row }) => outlines.positions[row] ?? 0)),
      modes: Uint8Array.from(some.map(({ outlines, row }) => outlines.modes[row] ?? 0)),
      eventSets: Uint32Array.from(some.map(({ eventSet }) => eventSet)),
    });
  }
  return slices;
}
