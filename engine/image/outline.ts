/** The rules of a file, told in short, as columns of plain data: what the whole set must know of them. */
import { reachKeys, type NumberLists, type ReachKeys } from '../check/reach-keys.js';
import { packAnchors, type AnchorColumns } from '../index/anchor-columns.js';
import { anchorsOf } from '../index/anchors.js';
import type { EventSet } from '../index/rule-index.js';
import type { Rule } from '../parse/rules.js';
import { decodeJson, encodeJson, shareNumbers } from '../shared-memory.js';
import { MODES } from './image.js';

/** Rules that could be understood, in file order; each column has one entry for each of them. */
export interface Outlines {
  /** JSON of a list. */
  readonly ids: Uint8Array;
  /** Places in the file, from 0. */
  readonly positions: Uint32Array;
  readonly priorities: Int32Array;
  /** Numbers in {@link MODES}. */
  readonly modes: Uint8Array;
  /** 1 for a rule that has a verdict. */
  readonly verdicts: Uint8Array;
  /** Numbers in `eventSets`. */
  readonly events: Uint32Array;
  readonly eventSets: readonly EventSet[];
  /** Under which keys the rules are compared with others. */
  readonly reachKeys: ReachKeys<NumberLists>;
  readonly anchors: AnchorColumns;
}

export function outlinesOf(rules: readonly (readonly [position: number, rule: Rule])[]): Outlines {
  const eventSets = createEventSets();
  const all = rules.map(([, rule]) => rule);
  const reach = all.map(({ condition }) => reachKeys(condition));
  return {
    ids: encodeJson(all.map(({ id }) => id)),
    positions: shareNumbers(
      Uint32Array,
      rules.map(([position]) => position),
    ),
    priorities: shareNumbers(
      Int32Array,
      all.map(({ priority }) => priority),
    ),
    modes: shareNumbers(
      Uint8Array,
      all.map(({ mode }) => MODES.indexOf(mode)),
    ),
    verdicts: shareNumbers(
      Uint8Array,
      all.map(({ effects }) => Number(effects.verdict !== null)),
    ),
    events: shareNumbers(Uint32Array, all.map(eventSets.numberOf)),
    eventSets: eventSets.all,
    reachKeys: {
      filed: packLists(reach.map(({ filed }) => filed)),
      lookedUp: packLists(reach.map(({ lookedUp }) => lookedUp)),
    },
    anchors: packAnchors(all.map(({ condition }) => anchorsOf(condition) ?? null)),
  };
}

export function idsOf({ ids }: Outlines): readonly string[] {
  // Written above, and by nobody else.
  return decodeJson(ids) as readonly string[];
}

/** Event sets, each once, by number. */
export function createEventSets() {
  const all: EventSet[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    numberOf: ({ kinds, stages }: EventSet): number => {
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

function packLists(lists: readonly (readonly number[])[]): NumberLists {
  let end = 0;
  const starts = [0, ...lists.map((list) => (end += list.length))];
  return { starts: shareNumbers(Uint32Array, starts), numbers: shareNumbers(Int32Array, lists.flat()) };
}
