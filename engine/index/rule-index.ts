/**
 * Finds the rules that could match an event without touching the others: by anchors, then by kind and
 * stage. The cost of a look-up does not depend on how many rules there are.
 *
 * The index is plain data on typed arrays, so that one thread can build it and another use it at once.
 */
import type { PackAutomaton } from '../automata.js';
import { packAutomaton } from '../automaton-build.js';
import type { Condition } from '../condition.js';
import { PENDING, type FactReader } from '../fact-reader.js';
import type { FactName } from '../facts.js';
import type { Kind, Stage } from '../kinds.js';
import { keysOfGroup, packAnchors, type AnchorColumns } from './anchor-columns.js';
import { anchorsOf, listsOf } from './anchors.js';
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
  /** Ranks of the rules without an anchor, ascending. */
  readonly always: Uint32Array;
  /** Numbers of the facts that rules on the event are looked up by. */
  readonly facts: readonly number[];
}

export interface RuleIndexParts {
  readonly eventSets: readonly EventSet[];
  /** Number of the event set by rank: by the place in the order of judging. */
  readonly setOf: ArrayLike<number>;
  readonly columns: Iterable<RankedColumns>;
  /** Entries of a named list. */
  readonly entriesOf: (list: string) => readonly string[];
  readonly packAutomaton: PackAutomaton;
}

/** Anchors of some rules. */
export interface RankedColumns {
  readonly anchors: AnchorColumns;
  /** Rank by number of the rule; -1 for a rule that is never judged. */
  readonly ranks: ArrayLike<number>;
}

/** Builds the index. */
export function packRuleIndex(parts: RuleIndexParts): RuleIndexImage {
  const { eventSets, setOf, columns } = parts;
  const packers = new Map<FactName, { readonly packer: FactIndexPacker; readonly sets: Set<number> }>();
  const always = new Map<number, number[]>();
  for (const { anchors, ranks } of columns) {
    for (const [number, isAlways] of anchors.always.entries()) {
      const rank = ranks[number] ?? -1;
      if (isAlways === 1 && rank !== -1) addTo(always, setOf[rank] ?? 0, rank);
    }
    for (const group of anchors.groups) {
      const keys = keysOfGroup(group);
      let entry = packers.get(group.fact);
      if (entry === undefined) {
        entry = { packer: createFactIndexPacker(group.fact, setOf), sets: new Set() };
        packers.set(group.fact, entry);
      }
      for (const [index, number] of group.rules.entries()) {
        const rank = ranks[number] ?? -1;
        const key = keys[index];
        if (rank === -1 || key === undefined) continue;
        entry.packer.add(group.type, key, rank);
        entry.sets.add(setOf[rank] ?? 0);
      }
    }
  }
  const entries = [...packers.values()];
  const events = [...setsByEvent(eventSets)].map(([event, sets]): EventImage => {
    const isOn = new Uint8Array(eventSets.length);
    for (const set of sets) isOn[set] = 1;
    return {
      event,
      isOn,
      always: Uint32Array.from(sets.flatMap((set) => always.get(set) ?? [])).sort(),
      facts: [...entries.keys()].filter((fact) => sets.some((set) => entries[fact]?.sets.has(set))),
    };
  });
  return { facts: entries.map(({ packer }) => packer.pack(parts.entriesOf, parts.packAutomaton)), events };
}

function addTo(ranks: Map<number, number[]>, set: number, rank: number): void {
  const some = ranks.get(set);
  if (some === undefined) ranks.set(set, [rank]);
  else some.push(rank);
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

interface Slot extends Pick<EventImage, 'isOn'> {
  readonly always: readonly number[];
  readonly facts: readonly FactIndex[];
}

const NO_RULES: Omit<EventImage, 'event'> = {
  isOn: new Uint8Array(0),
  always: new Uint32Array(0),
  facts: [],
};

/** Makes an index of its plain data, at no cost but a little at the first event of a kind and stage. */
export function openRuleIndex(image: RuleIndexImage): RuleIndex {
  const facts = image.facts.map(openFactIndex);
  const images = new Map(image.events.map((event) => [event.event, event]));
  // By stage and kind, as joining the two takes longer than two look-ups.
  const slots = { before: new Map<Kind, Slot>(), after: new Map<Kind, Slot>() };

  function openSlot(kind: Kind, stage: Stage): Slot {
    const { isOn, always, facts: numbers } = images.get(eventKey(kind, stage)) ?? NO_RULES;
    const slot = { isOn, always: [...always], facts: numbers.flatMap((number) => facts[number] ?? []) };
    slots[stage].set(kind, slot);
    return slot;
  }

  return {
    candidates: (kind, stage, reader) =>
      candidatesIn(slots[stage].get(kind) ?? openSlot(kind, stage), reader),
  };
}

/** Builds the index of rules that are at hand with their conditions. @param rules in judging order */
export function createRuleIndex(rules: readonly (EventSet & { readonly condition: Condition })[]): RuleIndex {
  const anchors = packAnchors(rules.map(({ condition }) => anchorsOf(condition) ?? null));
  const lists = new Map(
    rules.flatMap(({ condition }) => listsOf(condition)).map((list) => [list.name, list]),
  );
  const ranks = [...rules.keys()];
  return openRuleIndex(
    packRuleIndex({
      eventSets: rules,
      setOf: ranks,
      columns: [{ anchors, ranks }],
      entriesOf: (name) => lists.get(name)?.entries ?? [],
      packAutomaton,
    }),
  );
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
