/** What another rule set would have decided otherwise. */
import type { Decision, Ruling } from '../../engine/decision.js';
import { applyRewrite } from '../../engine/effects.js';
import type { SyncFactSource } from '../../engine/event.js';
import type { Recorded, RecordedRuling } from './recorded.js';

/** A target about which the decision is another one. */
export interface Flip {
  /** `allow -> refuse`, or `rewrite` where only what is written changes. */
  readonly change: string;
  /** The rules that made the difference: then and now. */
  readonly before: string;
  readonly now: string;
  /** The target's ID; empty where there is none. */
  readonly target: string;
}

const DEFAULT = '(default)';
const NONE = '(none)';

/** @param decision about the same event */
export function flipsBetween(recorded: Recorded, decision: Decision): readonly Flip[] {
  const { event, rulings } = recorded;
  return rulings.flatMap((before, index) => {
    const now = decision.rulings[index];
    const facts = event.targets[index]?.facts ?? event.facts;
    const target = event.targets[index]?.id ?? String(event.facts.get('target.id') ?? '');
    const flip = now === undefined ? undefined : flipOf(before, now, facts);
    return flip === undefined ? [] : [{ ...flip, target }];
  });
}

function flipOf(
  before: RecordedRuling,
  now: Ruling,
  facts: SyncFactSource,
): Omit<Flip, 'target'> | undefined {
  if (before.verdict !== now.verdict) {
    return {
      change: `${before.verdict} -> ${now.verdict}`,
      before: before.rule ?? DEFAULT,
      now: now.decidedBy ?? DEFAULT,
    };
  }
  if (now.verdict !== 'allow' || rewritesSame(before, now, facts)) return undefined;
  const matched = now.matched.filter(({ mode }) => mode === 'enforce').map(({ rule }) => rule);
  return {
    change: 'rewrite',
    before: before.matched.join(', ') || NONE,
    now: matched.join(', ') || NONE,
  };
}

/** Values are compared as far as both are known. */
function rewritesSame(before: RecordedRuling, now: Ruling, facts: SyncFactSource): boolean {
  if (before.rewrites.size !== now.rewrites.size) return false;
  return [...now.rewrites].every(([fact, rewrite]) => {
    const then = before.rewrites.get(fact);
    if (then === undefined) return false;
    if (then === null) return true;
    return JSON.stringify(applyRewrite(rewrite, facts.get(fact))) === JSON.stringify(then);
  });
}
