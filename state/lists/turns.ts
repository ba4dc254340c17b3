/** Long work in short turns. */
import { setImmediate } from 'node:timers/promises';

/** Milliseconds of this thread that are taken in one go. */
const TURN = 2;

/**
 * Does all steps of some work, others having their turn every few milliseconds.
 *
 * @param isOff asked after each turn: whether the rest is not wanted any more
 * @returns whether it came to its end
 */
export async function inTurns(
  steps: Iterator<unknown, unknown>,
  isOff: () => boolean = () => false,
): Promise<boolean> {
  for (;;) {
    const end = performance.now() + TURN;
    while (performance.now() < end) if (steps.next().done === true) return true;
    await setImmediate();
    if (isOff()) {
      steps.return?.();
      return false;
    }
  }
}
