/**
 * The columns of a command catalog. A row says everything about a command that all adapters need;
 * what its reply may carry is a platform's own business (`reply`).
 */
import type { FactName, FactValue } from '../engine/facts.js';
import type { FactOf, Kind, Stage } from '../engine/kinds.js';

/**
 * Where a fact sits in the body.
 *
 * A path is dotted (`Info.To_Account`); `[]` stands for the elements of an array
 * (`PairList[].To_Account`, `userIDList[]`). `|` separates the spellings of one field
 * (`Member_Account|Modified_Account`), of which the first that is there counts. A trailing `?` says that
 * the field may be missing even though the fact is an identity (see {@link IDENTITIES}); all other fields
 * may be missing anyway.
 */
export type Path = string;

/** How a fact is read. `C` names the codecs that the platform knows. */
export type Source<C extends string> =
  | Path
  | {
      readonly path: Path;
      /** Named function that turns the wire value into a fact where its JSON type alone does not. */
      readonly codec?: C;
      /** Translation of wire words or numbers (as text) into ours; a word that is missing passes as it is. */
      readonly words?: Readonly<Record<string, string>>;
      /** For an array of `{Tag, Value}` records: take the value of the record with this tag. */
      readonly tag?: string;
    }
  | { readonly constant: FactValue };

export interface RowOf<K extends Kind, C extends string, Reply> {
  /** Current wire name. */
  readonly command: string;
  /** Older and documented names, with regard to case. */
  readonly aliases?: readonly string[];
  readonly kind: K;
  readonly stage: Stage;
  /** Array in the body that lists several targets, each of which is judged. */
  readonly each?: string;
  /** Where each fact sits. A path that starts with `<each>[]` belongs to the single target. */
  readonly facts: { readonly [F in FactOf<K>]?: Source<C> };
  /** Where the message content sits; its facts (`message.text` and others) are read by the platform. */
  readonly content?: Readonly<Record<string, Path>>;
  readonly reply: Reply;
}

/** A row whose facts are checked against its kind when it is compiled. */
export type Row<C extends string, Reply> = { readonly [K in Kind]: RowOf<K, C, Reply> }[Kind];

/** Facts that must be in the body wherever a row maps them, unless its path ends in `?`. */
export const IDENTITIES: ReadonlySet<FactName> = new Set<FactName>(['actor.id', 'target.id', 'group.id']);

/** Facts that come out of message content. */
export const CONTENT_FACTS = [
  'message.type',
  'message.types',
  'message.wireType',
  'message.text',
  'message.fingerprint',
  'message.links',
  'message.linkDomains',
  'message.media',
  'message.mentions',
  'message.mentionsAll',
  'message.customData',
  'message.isTruncated',
] as const satisfies readonly FactName[];

export type ContentFact = (typeof CONTENT_FACTS)[number];
