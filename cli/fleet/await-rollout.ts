/** Waits until the processes have taken a release, and tells. */
import { setTimeout } from 'node:timers/promises';
import type { ReleaseRecord } from '../../fleet/record.js';
import { readRoll } from '../../fleet/roll.js';
import { rolloutOf, type Rollout } from '../../fleet/rollout.js';
import type { Redis } from '../../state/redis/redis.js';
import { printable } from '../../store/code-frame.js';

/** Milliseconds between two looks. */
const INTERVAL = 50;

/** @param seconds to wait at most */
export async function awaitRollout(redis: Redis, number: number, seconds: number): Promise<Rollout> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const { heard, now } = await readRoll(redis);
    const rollout = rolloutOf(heard, number, now);
    if (rollout.missing.length === 0 || performance.now() >= end) return rollout;
    await setTimeout(INTERVAL);
  }
}

/** Such as `Release 13: revision 0123456789ab, 4 kB, signed.` */
export function publishedText(
  { number, revision, size, rollbackTo }: ReleaseRecord,
  isSigned: boolean,
): string {
  const again = rollbackTo === null ? '' : `, the rules of release ${rollbackTo} again`;
  const kilobytes = Math.max(1, Math.round(size / 1024));
  return `Release ${number}: revision ${revision}${again}, ${kilobytes} kB, ${isSigned ? 'signed' : 'not signed'}.`;
}

export function rolloutText({ taken, missing }: Rollout): string {
  const all = taken.length + missing.length;
  if (all === 0) return 'No process follows what is published.';
  const lines = missing.map(({ beat: { host, pid, refusal, release } }) => {
    const place = `${host} ${pid}`;
    const has = release === null ? 'kept rules' : `release ${release}`;
    return printable(`  ${place}: still ${has}${refusal === null ? '' : `; it refuses: ${refusal}`}`);
  });
  return [`In force in ${taken.length} of ${all} processes.`, ...lines].join('\n');
}
