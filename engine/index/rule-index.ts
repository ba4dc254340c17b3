/**
 * Finds the rules that could match an event without touching the others: by kind and stage, then by
 * anchors. The cost of a look-up does not depend on how many rules there are.
 */
import type { Condition } from '../condition.js';
import { PENDING, type FactReader } from '../fact-reader.js';
import type { FactName } from '../facts.js';
import type { Kind, Stage } from '../kinds.js';
import { anchorsOf } from './anchors.js';
import { createFactIndex, type FactIndex } from './fact-index.js';
import type { Posting } from './posting.js';

export interface IndexedRule {
  readonly kinds: readonly Kind[];
  readonly stages: readonly Stage[];
  readonly condition: Condition;
}

export interface RuleIndex {
  /**
   * Ranks of the rules that could match, ascending, each once. A rule that is not among them does not
   * match.
   */
  candidates(kind: Kind, stage: Stage, facts: FactReader): readonly number[];
}

/** The part of the index for one kind and stage. */
interface Slot {
  /** Rules without an anchor. */
  readonly always: Posting;
  readonly byFact: Map<FactName, FactIndex>;
}

const NONE: readonly number[] = [];

/** @param rules in the order in which they are judged; their positions are the ranks */
export function createRuleIndex(rules: readonly IndexedRule[]): RuleIndex {
  const slots = new Map<string, Slot>();
  for (const [signature, ranks] of groupByEvents(rules)) {
    const slot = createSlot(rules, ranks);
    for (const key of signature.split(',')) slots.set(key, slot);
  }
  return {
    candidates(kind, stage, facts) {
      const slot = slots.get(`${kind} ${stage}`);
      return slot === undefined ? NONE : candidatesIn(slot, facts);
    },
  };
}

/**
 * Events for which exactly the same rules exist share a slot: a rule on all events is then held a few
 * times instead of a hundred.
 *
 * @returns events, joined with commas, to the ranks of their rules
 */
function groupByEvents(rules: readonly IndexedRule[]): ReadonlyMap<string, Posting> {
  const byEvent = new Map<string, Posting>();
  for (const [rank, { kinds, stages }] of rules.entries()) {
    for (const kind of kinds) {
      for (const stage of stages) {
        const event = `${kind} ${stage}`;
        const ranks = byEvent.get(event);
        if (ranks === undefined) byEvent.set(event, [rank]);
        else ranks.push(rank);
      }
    }
  }
  const events = new Map<string, { events: string[]; ranks: Posting }>();
  for (const [event, ranks] of byEvent) {
    const signature = ranks.join(' ');
    const group = events.get(signature);
    if (group === undefined) events.set(signature, { events: [event], ranks });
    else group.events.push(event);
  }
  return new Map([...events.values()].map((group) => [group.events.join(','), group.ranks]));
}

function createSlot(rules: readonly IndexedRule[], ranks: Posting): Slot {
  const slot: Slot = { always: [], byFact: new Map() };
  for (const rank of ranks) {
    const rule = rules[rank];
    if (rule === undefined) continue;
    const anchors = anchorsOf(rule.condition);
    if (anchors === undefined) slot.always.push(rank);
    for (const anchor of anchors ?? []) {
      let index = slot.byFact.get(anchor.fact);
      if (index === undefined) {
        index = createFactIndex();
        slot.byFact.set(anchor.fact, index);
      }
      index.add(anchor, rank);
    }
  }
  return slot;
}

function candidatesIn({ always, byFact }: Slot, facts: FactReader): readonly number[] {
  let ranks: number[] | undefined;
  const take = (posting: Posting): void => {
    ranks ??= always.slice();
    for (const rank of posting) ranks.push(rank);
  };
  for (const [fact, index] of byFact) {
    const value = facts.peek(fact);
    if (value === PENDING) index.all(take);
    else if (value !== undefined) index.find(value, take);
  }
  return ranks === undefined ? always : ascendingAndUnique(ranks);
}

function ascendingAndUnique(ranks: number[]): readonly number[] {
  ranks.sort((left, right) => left - right);
  let length = 0;
  for (const rank of ranks) {
    if (length > 0 && ranks[length - 1] === rank) continue;
    ranks[length] = rank;
    length += 1;
  }
  ranks.length = length;
  return ranks;
}
