/** What all platforms ask about rulings. */
import type { Ruling } from '../engine/decision.js';

/** Whether a ruling lets pass what it is about, as it is. */
export function isUnchanged({ verdict, rewrites }: Ruling): boolean {
  return verdict === 'allow' && rewrites.size === 0;
}
