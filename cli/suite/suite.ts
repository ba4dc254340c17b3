/** Test suites as they are written. */
import type { App } from '../../adapters/index.js';
import type { Event } from '../../engine/event.js';
import type { GivenEntries } from '../../engine/live/given-entries.js';
import type { Node } from '../../engine/parse/node.js';
import type { WantName } from './wants.js';
import type { RequestDraft } from './wire.js';

/** One thing that is wanted, as plain data. */
export interface Wanted<Name extends string = string> {
  readonly name: Name;
  readonly node: Node;
  readonly value: unknown;
}

/** What is wanted of a case; what is not named is not looked at. */
export interface CaseWant {
  readonly ruling: readonly Wanted<WantName>[];
  readonly targets: readonly TargetWant[];
  readonly reply?: Wanted;
  readonly failure?: Wanted;
}

export interface TargetWant {
  readonly id: string;
  readonly node: Node;
  readonly ruling: readonly Wanted<WantName>[];
}

export type CaseInput =
  | { readonly type: 'given'; readonly event: Event }
  | {
      readonly type: 'request';
      /** The app that is called; `undefined` where it shall be recognized. */
      readonly app: App | undefined;
      readonly draft: RequestDraft;
    };

/** Something that happens before the event of a case. */
export interface EarlierEvent {
  readonly node: Node;
  readonly input: CaseInput;
  /** How often it happens. */
  readonly times: number;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

/** A case that can be run: one of the rows where it has a table. */
export interface Case {
  readonly name: string;
  /** The case, or its row. */
  readonly node: Node;
  /** When its event happens, in milliseconds since 1970. */
  readonly clock: number;
  /** In the order of time. */
  readonly earlier: readonly EarlierEvent[];
  readonly input: CaseInput;
  /** What live lists hold. */
  readonly lists: readonly GivenEntries[];
  readonly want: CaseWant;
}
