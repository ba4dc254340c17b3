/** What the contract must know about a platform besides its catalog: how it calls, and its exact replies. */
import type { App, JsonObject, WireRequest } from '../../adapters/index.js';
import type { Ruling } from '../../engine/decision.js';
import type { CatalogEntry, CommandSpec, PlatformName, ReplyField } from './catalog.js';

/** When every request of the contract arrives. */
export const RECEIVED_AT = 1_770_000_000_000;

/** A configuration of an app under which the whole contract must hold. */
export interface Profile {
  readonly title: string;
  readonly app: App;
}

/** A call about to be made. */
export interface Call {
  readonly command: string;
  readonly spec: CommandSpec;
  readonly body: unknown;
  /** URL parameters that differ from the usual ones, where the command has them. */
  readonly url?: Readonly<Record<string, string>>;
}

/** Rulings, in target order, and the IDs of those targets (as many, or none). */
export interface Judged {
  readonly entry: CatalogEntry;
  readonly body: JsonObject;
  readonly rulings: readonly Ruling[];
  readonly targetIds: readonly string[];
}

export interface Wire {
  readonly platform: PlatformName;
  readonly profiles: readonly Profile[];
  requestOf(call: Call): WireRequest;
  /** Facts that come from outside the body, for a command's usual call. */
  envelopeFacts(spec: CommandSpec): Readonly<Record<string, string | boolean>>;
  /** Fields of a reply under an app's settings. */
  replyFields(spec: CommandSpec, app: App): Readonly<Record<string, ReplyField>>;
  /** The documented reply, to the letter, to rulings without rewrites. */
  exactReply(judged: Judged, app: App): JsonObject;
  /** Codes in a reply that refuse, at whatever level the command has them. */
  refusalCodes(spec: CommandSpec, reply: JsonObject): readonly number[];
  /** A refusal code of the rule's own that is within the command's range, and one that never is. */
  readonly ownCodes: (spec: CommandSpec) => { readonly inside: number | null; readonly outside: number };
}

/** A POST as both platforms send it. */
export function post(
  request: Pick<WireRequest, 'subpath' | 'query' | 'headers'> & { body: unknown },
): WireRequest {
  return { method: 'POST', receivedAt: RECEIVED_AT, ...request };
}
