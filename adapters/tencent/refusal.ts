/** A refusal in Tencent's numbers. */
import { DEFAULT_REFUSAL, type Ruling } from '../../engine/decision.js';
import type { Shortfall } from '../adapter.js';
import { FAMILIES, PLAIN_REFUSAL, type FamilyName } from './families.js';

/** What a denied user is told, and what of the rule's wish is lost. */
export interface WireRefusal {
  readonly code: number;
  readonly message: string;
  readonly shortfalls: readonly Shortfall[];
}

/** The code that a rule asks of this platform. */
function wantedCode({ refusal }: Ruling): number | undefined {
  const codes = refusal?.codes ?? {};
  return Object.hasOwn(codes, 'tencent') ? codes['tencent'] : undefined;
}

/** What no form of refusal can carry. */
function lostAlways({ verdict, refusal }: Ruling, canDiscard: boolean): readonly Shortfall[] {
  const isRefusedInstead = verdict === 'discard' && !canDiscard;
  const hasDetail = refusal !== null && refusal.detail !== '';
  return [
    ...(isRefusedInstead
      ? [{ effect: 'discard', reason: 'The command cannot drop silently; it was refused.' }]
      : []),
    ...(hasDetail ? [{ effect: 'detail', reason: 'The reply has no place for a detail.' }] : []),
  ];
}

/**
 * The wire form of a ruling that does not allow.
 *
 * @param canDiscard whether the command can drop silently, so that a discard is no refusal
 */
export function wireRefusal(family: FamilyName, ruling: Ruling, canDiscard = false): WireRefusal {
  const { reason, message } = ruling.refusal ?? DEFAULT_REFUSAL;
  const { base, codes } = FAMILIES[family];
  const usual = codes === null ? PLAIN_REFUSAL : within(base + reason, codes);
  const wanted = wantedCode(ruling) ?? usual;
  const isUsable = wanted === usual || (codes !== null && isWithin(wanted, codes));
  const lost = lostAlways(ruling, canDiscard);
  if (isUsable) return { code: wanted, message, shortfalls: lost };
  const outside = { effect: `code ${wanted}`, reason: `The command does not take it; ${usual} was sent.` };
  return { code: usual, message, shortfalls: [...lost, outside] };
}

/** What is lost when a target is struck out by name: the reply says neither why nor with which code. */
export function lostByName(ruling: Ruling): readonly Shortfall[] {
  const wanted = wantedCode(ruling);
  return [
    ...lostAlways(ruling, false),
    ...(wanted === undefined ? [] : [{ effect: `code ${wanted}`, reason: 'A refused name has no code.' }]),
  ];
}

type Range = readonly [min: number, max: number];

function isWithin(code: number, [min, max]: Range): boolean {
  return Number.isInteger(code) && code >= min && code <= max;
}

function within(code: number, [min, max]: Range): number {
  return Math.min(max, Math.max(min, code));
}
