/** How each family of commands says no (1047/34364, 1047/34374, 1047/43468, 1047/60799). */

export interface Family {
  /** A refusal's `reason` is added to this. */
  readonly base: number;
  /** Inclusive range of codes that reach the client with their text; `null` where there is none. */
  readonly codes: readonly [min: number, max: number] | null;
}

export const FAMILIES = {
  /** One-to-one messages. */
  direct: { base: 120_000, codes: [120_001, 130_000] },
  /** Official channels share the codes of one-to-one messages, although the plain refusal is the groups'. */
  channel: { base: 120_000, codes: [120_001, 130_000] },
  group: { base: 10_100, codes: [10_100, 10_200] },
  /** Judged target by target in `ResultItem[].ResultCode`; a non-zero `ErrorCode` lets everybody through. */
  friend: { base: 38_000, codes: [38_000, 39_000] },
  /** Subscriptions know only the plain refusal. */
  subscribe: { base: 0, codes: null },
  /** Reports of what has happened: the code is ignored, 0 is wanted. */
  report: { base: 0, codes: null },
} as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof FAMILIES;

/** The codes that every family of the stage before shares, except the friend commands. */
export const ALLOW = 0;
export const PLAIN_REFUSAL = 1;
export const SILENT_DISCARD = 2;
