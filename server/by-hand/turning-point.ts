/** When something that only goes by itself will be less. */
import { LONGEST } from '../../engine/duration.js';
import type { StateCommand } from '../../engine/state.js';

/** Moments that are asked about in one round trip: six of them find one millisecond in a year. */
const MOMENTS = 64;

export interface TurningPoint {
  /** What the command tells now. */
  readonly told: number;
  /** The first moment at which it tells less, in milliseconds since 1970; `null` when it tells 0 now. */
  readonly until: number | null;
}

/**
 * Finds the moment by asking what will be told at moments to come, if nothing happens until then.
 *
 * @param ask the results of commands, in their order
 * @param readAt a command that changes nothing, at a moment; what it tells never grows by itself
 */
export async function findTurningPoint(
  ask: (commands: readonly StateCommand[]) => Promise<readonly number[]>,
  readAt: (moment: number) => StateCommand,
  now: number,
): Promise<TurningPoint> {
  // Less is told after `from`, and at `to` at the latest.
  let [from, to] = [now, now + LONGEST];
  for (;;) {
    const step = Math.max(1, Math.ceil((to - from) / MOMENTS));
    const moments: number[] = [];
    for (let moment = from; moment < to; moment += step) moments.push(moment);
    // Stores tidy up to the moment of the first command, so that it must not be one to come.
    const [current = 0, ...later] = await ask([now, ...moments].map(readAt));
    if (current === 0) return { told: 0, until: null };
    from = moments[later.lastIndexOf(current)] ?? from;
    to = Math.min(to, from + step);
    if (step === 1) return { told: current, until: to };
  }
}
