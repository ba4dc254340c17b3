/** The contract between a platform's adapter and the server. */
import type { Capability } from '../engine/capability.js';
import type { Decision } from '../engine/decision.js';
import type { Event } from '../engine/event.js';
import type { Stage } from '../engine/kinds.js';

/** A JSON object whose members nobody has looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An HTTP request below an app's path, as far as adapters care. */
export interface WireRequest {
  readonly method: string;
  /** What follows the app's path, without slashes at either end: empty, or a command. */
  readonly subpath: string;
  readonly query: URLSearchParams;
  /** Headers with lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The parsed JSON body of whatever shape; meaningless when `bodyFailure` is there. */
  readonly body: unknown;
  /** Why the body could not be read. */
  readonly bodyFailure?: Failure | undefined;
  /** Arrival, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** Why the caller is a stranger, when that could be seen before anything was read. */
  readonly callerFailure?: Failure | undefined;
}

/** The parts of a URL below an app's path, or below the one that all apps share. */
export type CalledUrl = Pick<WireRequest, 'subpath' | 'query'>;

/** Why a callback could not be judged; closed, since operators count by it. */
export type FailureCause =
  | 'wrong-method'
  | 'wrong-path'
  | 'unreadable-body'
  | 'body-too-large'
  | 'no-command'
  | 'contradicting-command'
  | 'missing-field'
  | 'bad-field'
  | 'wrong-app'
  | 'unauthenticated'
  | 'deadline'
  | 'overload'
  | 'rule-error'
  | 'internal-error';

export interface Failure {
  readonly cause: FailureCause;
  /** For the operator's log; names the place, never holds a secret or a body. */
  readonly message: string;
}

/** What an adapter made of a request. */
export interface Callback {
  /** Current name of the command, aliases resolved; absent when it is unknown or could not be found. */
  readonly command?: string | undefined;
  /** The command as it was sent. */
  readonly wireCommand?: string | undefined;
  /** Stage of the command; `after` callbacks are never refused. `before` when unknown. */
  readonly stage: Stage;
  /** The body; empty when it could not be read. */
  readonly body: JsonObject;
  readonly outcome:
    | { readonly type: 'event'; readonly event: Event }
    | { readonly type: 'unknown-command' }
    /** Let through unjudged, because the platform itself would break without it. */
    | { readonly type: 'exempt'; readonly reason: string }
    | { readonly type: 'failure'; readonly failure: Failure };
}

/** A part of a decision that the command cannot carry, and what was replied instead. */
export interface Shortfall {
  readonly effect: string;
  readonly reason: string;
}

/** An answer in the platform's own format, sent with HTTP status 200. */
export interface Reply {
  /** The very same object as before where nothing about it is the callback's own. */
  readonly body: JsonObject;
  readonly shortfalls: readonly Shortfall[];
}

/** Settings that every app has; see config.yaml. */
export interface AppSettings {
  readonly id: string;
  readonly path: string;
  readonly default: 'allow' | 'refuse';
  readonly onFailure: 'allow' | 'refuse';
  /** Milliseconds from arrival within which a reply leaves. */
  readonly deadline: number;
  /** `false` makes the app an observer: everything is judged, every reply is an allow. Enforcing without it. */
  readonly enforce?: boolean;
  /** Addresses and networks that may call; everybody without it. */
  readonly networks?: readonly string[];
  /** The operator knows that anybody who reaches the port can call. */
  readonly insecure?: boolean;
}

/** An adapter, bound to one app. It keeps nothing between calls. */
export interface Adapter {
  readonly platform: string;
  /** Authenticates, identifies and normalizes. Never throws: what is wrong becomes a failure. */
  read(request: WireRequest): Callback;
  /**
   * Puts a decision into the platform's words. Works for failed callbacks as well (with the failure
   * policy's decision), so it never relies on an event being there. Never refuses an after-callback.
   */
  render(callback: Callback, decision: Decision): Reply;
  /**
   * Whether the reply to a callback that is not judged depends on its body, so that the body must be read
   * even when there is no time for it.
   *
   * @param command current name of the command; `undefined` when the URL names none that is known
   * @param verdict what the reply shall say
   */
  replyNeedsBody(command: string | undefined, verdict: AppSettings['onFailure']): boolean;
}

/** A platform: its adapter factory and what its commands can do. */
export interface Platform<App extends AppSettings> {
  readonly name: string;
  readonly capabilities: readonly Capability[];
  bind(app: App): Adapter;
}
