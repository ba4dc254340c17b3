/**
 * Finds the rules that could match an event without touching the others: by anchors, then by kind and
 * stage. The cost of a look-up does not depend on how many rules there are.
 *
 * The index is plain data on typed arrays, so that one thread can build it and another use it at once.
 */
import type { Condition } from '../condition.js';
import { PENDING, type FactReader } from '../fact-reader.js';
import type { FactName } from '../facts.js';
import type { Kind, Stage } from '../kinds.js';
import { anchorsOf, listsOf, type Anchor } from './anchors.js';
import {
  createFactIndexPacker,
  openFactIndex,
  type FactIndex,
  type FactIndexImage,
  type FactIndexPacker,
} from './fact-index.js';
import { takeAllPostings, takePosting } from './postings.js';

export interface RuleIndex {
  /**
   * Ranks of the rules that could match, ascending, each once. A rule that is not among them does not
   * match.
   */
  candidates(kind: Kind, stage: Stage, facts: FactReader): readonly number[];
}

/** The events that a rule is on. */
export interface EventSet {
  readonly kinds: readonly Kind[];
  readonly stages: readonly Stage[];
}

/** A rule as the index sees it. */
export interface IndexedRule {
  /** Number of its event set. */
  readonly eventSet: number;
  /** `null` when the rule must always be tested. */
  readonly anchors: readonly Anchor[] | null;
}

export interface RuleIndexImage {
  readonly facts: readonly FactIndexImage[];
  readonly events: readonly EventImage[];
}

/** What there is to look up for one kind and stage. */
interface EventImage {
  /** Such as `message.send before`. */
  readonly event: string;
  /** By event set: 1 when it has the event. */
  readonly isOn: Uint8Array;
  /** Ranks of the rules without an anchor. */
  readonly always: readonly number[];
  /** Numbers of the facts that rules on the event are looked up by. */
  readonly facts: readonly number[];
}

/**
 * Builds the index.
 *
 * @param rules in the order in which they are judged; their positions are the ranks. `null` is a rule
 *   that is never judged
 * @param eventSets that the rules name
 * @param entriesOf entries of a named list
 */
export function packRuleIndex(
  rules: readonly (IndexedRule | null)[],
  eventSets: readonly EventSet[],
  entriesOf: (list: string) => readonly string[],
): RuleIndexImage {
  const setOf = Uint32Array.from(rules, (rule) => rule?.eventSet ?? 0);
  const packers = new Map<FactName, { readonly packer: FactIndexPacker; readonly sets: Set<number> }>();
  const always = new Map<number, number[]>();
  for (const [rank, rule] of rules.entries()) {
    if (rule === null) continue;
    const { eventSet, anchors } = rule;
    if (anchors === null) {
      const ranks = always.get(eventSet);
      if (ranks === undefined) always.set(eventSet, [rank]);
      else ranks.push(rank);
      continue;
    }
    const source = [rank];
    for (const anchor of anchors) {
      let entry = packers.get(anchor.fact);
      if (entry === undefined) {
        entry = { packer: createFactIndexPacker(anchor.fact, setOf), sets: new Set() };
        packers.set(anchor.fact, entry);
      }
      entry.packer.add(anchor, source);
      entry.sets.add(eventSet);
    }
  }
  const entries = [...packers.values()];
  const events = [...setsByEvent(eventSets)].map(([event, sets]): EventImage => {
    const isOn = new Uint8Array(eventSets.length);
    for (const set of sets) isOn[set] = 1;
    return {
      event,
      isOn,
      always: sets.flatMap((set) => always.get(set) ?? []).sort((left, right) => left - right),
      facts: [...entries.keys()].filter((fact) => sets.some((set) => entries[fact]?.sets.has(set))),
    };
  });
  return { facts: entries.map(({ packer }) => packer.pack(entriesOf)), events };
}

function setsByEvent(eventSets: readonly EventSet[]): ReadonlyMap<string, readonly number[]> {
  const events = new Map<string, number[]>();
  for (const [set, { kinds, stages }] of eventSets.entries()) {
    for (const kind of kinds) {
      for (const stage of stages) {
        const event = eventKey(kind, stage);
        const sets = events.get(event);
        if (sets === undefined) events.set(event, [set]);
        else sets.push(set);
      }
    }
  }
  return events;
}

function eventKey(kind: Kind, stage: Stage): string {
  return `${kind} ${stage}`;
}

interface Slot extends Pick<EventImage, 'isOn' | 'always'> {
  readonly facts: readonly FactIndex[];
}

const NONE: readonly number[] = [];

/** Makes an index of its plain data, at no cost. */
export function openRuleIndex(image: RuleIndexImage): RuleIndex {
  const facts = image.facts.map(openFactIndex);
  const slots = new Map<string, Slot>();
  for (const { event, isOn, always, facts: numbers } of image.events) {
    slots.set(event, { isOn, always, facts: numbers.flatMap((number) => facts[number] ?? []) });
  }
  return {
    candidates(kind, stage, reader) {
      const slot = slots.get(eventKey(kind, stage));
      return slot === undefined ? NONE : candidatesIn(slot, reader);
    },
  };
}

/** Builds the index of rules that are at hand with their conditions. */
export function createRuleIndex(rules: readonly (EventSet & { readonly condition: Condition })[]): RuleIndex {
  const indexed = rules.map(({ condition }, eventSet) => ({
    eventSet,
    anchors: anchorsOf(condition) ?? null,
  }));
  const lists = new Map(
    rules.flatMap(({ condition }) => listsOf(condition)).map((list) => [list.name, list]),
  );
  return openRuleIndex(packRuleIndex(indexed, rules, (name) => lists.get(name)?.entries ?? []));
}

function candidatesIn({ isOn, always, facts }: Slot, reader: FactReader): readonly number[] {
  let ranks: number[] | undefined;
  for (const { fact, postings, find } of facts) {
    const value = reader.peek(fact);
    if (value === undefined) continue;
    if (value === PENDING) {
      takeAllPostings(postings, isOn, (ranks ??= always.slice()));
    } else {
      find(value, (posting) => takePosting(postings, posting, isOn, (ranks ??= always.slice())));
    }
  }
  return ranks === undefined || ranks.length === always.length ? always : ascendingAndUnique(ranks);
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
