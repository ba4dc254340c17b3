/** A row of OpenIM's catalog: the common columns, and what a reply may carry beside the verdict. */
import type { FactName } from '../../engine/facts.js';
import type { Row } from '../catalog.js';
import type { CommonCodec } from '../codecs.js';
import type { OpenimCodec } from './codecs.js';
import type { WireType } from './wire.js';

/**
 * Key of the reply that takes the new value of a fact. Its wire type follows from the fact's type.
 *
 * - `notBlank`: the server takes a blank value for "unchanged", so it cannot be written
 * - `onlyIfSent`: the server crashes on the key unless the request had a value there
 */
export type ReplyField =
  string | { readonly field: string; readonly notBlank?: true; readonly onlyIfSent?: true };

export type ReplyFields = { readonly [F in FactName]?: ReplyField };

/** A list in the reply with items for single targets. */
export interface TargetList {
  readonly field: string;
  /**
   * - `replace`: a list that is not empty stands for the request's, so who is left out is refused
   * - `amend`: items change single targets and cannot leave one out
   */
  readonly mode: 'replace' | 'amend';
  /** Members that an item takes over from the request's; without it the items are texts. */
  readonly members?: Readonly<Record<string, WireType>>;
  readonly rewrites?: ReplyFields;
}

/** An object in the reply that replaces the request's fields as a whole. */
export interface ReplyObject {
  readonly field: string;
  /** Its members, named as in the request. */
  readonly members: Readonly<Record<string, WireType>>;
  readonly rewrites: ReplyFields;
}

/** What replies to a command may carry. Every before-callback can be refused, no after-callback can. */
export interface OpenimReply {
  /** Fields that an allowing reply must repeat from the request, null as null. */
  readonly echo?: Readonly<Record<string, WireType>>;
  /** Fields that the documentation's refusal repeats from the request. */
  readonly documentedEcho?: Readonly<Record<string, WireType>>;
  readonly rewrites?: ReplyFields;
  readonly object?: ReplyObject;
  readonly targets?: TargetList;
  /** Facts whose rewrite the message-modify callback of the same message carries. */
  readonly elsewhere?: readonly FactName[];
}

export type OpenimRow = Row<CommonCodec | OpenimCodec, OpenimReply> & {
  /** Key of config/webhooks.yml that turns the command on (v3.7.0 and later). */
  readonly switch: string;
};
