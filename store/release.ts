/** A release: rules that were published for all processes, as those that run them know it. */

export interface Release {
  /** Counts up with each publication, rollbacks included. */
  readonly number: number;
  /** Of the rule set, as the publisher has compiled it. */
  readonly revision: string;
  /** When it was published, in milliseconds since 1970 by the publisher's clock. */
  readonly at: number;
  /** Who published it, such as `alice@build-1`. */
  readonly by: string;
  /** Why; empty when nobody has said. */
  readonly note: string;
}
