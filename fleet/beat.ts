/** What a process of the fleet says about itself. */
import { isRecord } from '../store/data.js';
import type { RuleStoreStatus } from '../store/rule-store.js';

export interface Beat {
  readonly host: string;
  readonly pid: number;
  /** Version of the program. */
  readonly version: string;
  /** Moments are milliseconds since 1970 by the clock of the process. */
  readonly startedAt: number;
  /** Since when it has judged by these rules. */
  readonly since: number;
  readonly source: NonNullable<RuleStoreStatus['source']>;
  readonly revision: string;
  /** Number of the release; `null` when the rules are not published ones. */
  readonly release: number | null;
  /** Number of the latest release that it knows to be genuine; `null` where releases need no signature. */
  readonly latestRelease: number | null;
  /** Whether it judges by published rules, or would if it could. */
  readonly isFollowing: boolean;
  readonly isDraining: boolean;
  /** Why it did not take the rules that it found last; `null` when it did. */
  readonly refusal: string | null;
}

const SOURCES: Readonly<Record<Beat['source'], true>> = { files: true, published: true, 'last-good': true };

/** Reads a beat. @returns `undefined` when it is none, such as that of another version */
export function readBeat(text: string): Beat | undefined {
  const data = parse(text);
  return isRecord(data) && isBeat(data) ? data : undefined;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => typeof value === 'number';
/** What is safe to print as a date. */
const isMoment: Check = (value) => typeof value === 'number' && value >= 0 && value <= 8.64e15;
const isNullOr =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const CHECKS: Readonly<Record<keyof Beat, Check>> = {
  host: isText,
  pid: isNumber,
  version: isText,
  startedAt: isMoment,
  since: isMoment,
  source: (value) => typeof value === 'string' && Object.hasOwn(SOURCES, value),
  revision: isText,
  release: isNullOr(isNumber),
  latestRelease: isNullOr(isNumber),
  isFollowing: isFlag,
  isDraining: isFlag,
  refusal: isNullOr(isText),
};

function isBeat(data: object): data is Beat {
  const values = new Map(Object.entries(data));
  return Object.entries(CHECKS).every(([name, check]) => check(values.get(name)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
