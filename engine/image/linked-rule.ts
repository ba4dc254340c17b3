/** A rule of a checked file, with its place in the whole. */
import type { OrderedRule } from '../check/unreachable.js';
import { memberOf } from '../check/place.js';
import { ALWAYS, type Condition } from '../condition.js';
import type { EventSet } from '../index/rule-index.js';
import type { Definitions } from '../parse/definitions.js';
import { parseWhen } from '../parse/rules.js';
import { ruleNode } from './document.js';
import { MODES } from './image.js';
import type { CheckedFile } from './known-rules.js';
import type { Outlines } from './outline.js';
import type { RuleRow } from './rule-order.js';

export interface LinkedDocument extends CheckedFile {
  /** By row: 1 for a rule that was there at the last linking; see `knownRules`. */
  readonly known: ArrayLike<number>;
}

const NO_EVENTS: EventSet = { kinds: [], stages: [] };

/** There are many of them, of which little is asked: all but the basics is looked up then. */
export class LinkedRule implements OrderedRule, RuleRow {
  readonly id: string;
  readonly document: number;
  readonly row: number;
  /** Number of the event set in the whole. */
  readonly eventSet: number;
  private readonly linked: LinkedDocument;
  private readonly definitions: Definitions;
  private known: Condition | undefined = undefined;

  constructor(
    { id, document, row }: RuleRow,
    linked: LinkedDocument,
    eventSet: number,
    definitions: Definitions,
  ) {
    this.id = id;
    this.document = document;
    this.row = row;
    this.eventSet = eventSet;
    this.linked = linked;
    this.definitions = definitions;
  }

  get outlines(): Outlines {
    return this.linked.checked.outlines;
  }

  get position(): number {
    return this.outlines.positions[this.row] ?? 0;
  }

  get mode(): OrderedRule['mode'] {
    return MODES[this.outlines.modes[this.row] ?? 0] ?? 'off';
  }

  get kinds(): EventSet['kinds'] {
    return this.events.kinds;
  }

  get stages(): EventSet['stages'] {
    return this.events.stages;
  }

  get hasVerdict(): boolean {
    return this.outlines.verdicts[this.row] === 1;
  }

  get keys(): OrderedRule['keys'] {
    return this.outlines.reachKeys;
  }

  get node(): OrderedRule['node'] {
    return { file: this.linked.packed.file, path: ['rules', this.position] };
  }

  get isKnown(): boolean {
    return this.linked.known[this.row] === 1;
  }

  /** It has been checked, so there is nothing to report. */
  get condition(): Condition {
    return (this.known ??=
      parseWhen(
        memberOf(ruleNode(this.linked.packed, this.position), 'when'),
        this.definitions.scope,
        () => undefined,
      ) ?? ALWAYS);
  }

  private get events(): EventSet {
    return this.outlines.eventSets[this.outlines.events[this.row] ?? 0] ?? NO_EVENTS;
  }
}
