/** The codes that a refused user's client gets. */
import type { Refusal } from '../../engine/decision.js';
import { MAX_INT32 } from './wire.js';

/** Codes with a meaning of the server's own (open-im-server pkg/common/servererrs/code.go), as ranges. */
const OWN_CODES: readonly (readonly [min: number, max: number])[] = [
  [500, 500],
  [1001, 1004],
  [1050, 1050],
  [1101, 1102],
  [1201, 1206],
  [1301, 1305],
  [1401, 1404],
  [1501, 1507],
  [1601, 1604],
  [1701, 1701],
  [10001, 10014],
  [80000, 80000],
  [90002, 90002],
  [90004, 90004],
  [90007, 90007],
];

/** What a rule's reason is added to: the range 5000-9999 of the documentation. */
const REASON_BASE = 5000;
const REASONS = { min: 1, max: 99 } as const;

/** Codes that reach the user. The server turns 0 and negative ones into 500. */
export const CODE_RANGE = [1, MAX_INT32] as const;

function isUsable(code: number): boolean {
  const [min, max] = CODE_RANGE;
  return (
    Number.isInteger(code) &&
    code >= min &&
    code <= max &&
    !OWN_CODES.some(([first, last]) => code >= first && code <= last)
  );
}

/** The code of a reason; of an impossible one, that of reason 1. */
function codeOfReason(reason: number): number {
  const isReason = Number.isInteger(reason) && reason >= REASONS.min && reason <= REASONS.max;
  return REASON_BASE + (isReason ? reason : REASONS.min);
}

/** The wire code of a refusal, and the code it asked for where that one cannot be used. */
export function codeOf(refusal: Pick<Refusal, 'reason' | 'codes'>): {
  readonly code: number;
  readonly unusable?: number;
} {
  const wanted = refusal.codes['openim'];
  if (wanted === undefined) return { code: codeOfReason(refusal.reason) };
  if (isUsable(wanted)) return { code: wanted };
  return { code: codeOfReason(refusal.reason), unusable: wanted };
}
