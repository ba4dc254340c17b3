/** Turns callbacks away before there are so many that all of them come too late. */
import type { Failure } from '../adapters/index.js';
import { createLagMeter, type LagMeter } from './overload-lag.js';

/** Why a callback was turned away: too many are being answered, or the process is too far behind. */
export type ShedReason = 'in-flight' | 'lag';

export interface OverloadCounts {
  /** Callbacks that are being answered. */
  readonly inFlight: number;
  /** Callbacks that were turned away. */
  readonly shed: Readonly<Record<ShedReason, number>>;
}

export interface OverloadGuard {
  /**
   * Lets a callback in, or tells why not. Who was let in must {@link OverloadGuard.leave}.
   *
   * @param deadline milliseconds that the callback has from its arrival
   */
  enter(deadline: number): Failure | undefined;
  leave(): void;
  counts(): OverloadCounts;
  /** Milliseconds that a callback which is read now may have waited. */
  lag(): number;
  /** The worst lag of the event loop within the last 10 to 20 seconds, in milliseconds. */
  worstLag(): number;
  close(): void;
}

export interface OverloadOptions {
  /** Callbacks that may be answered at the same time. */
  readonly maxInFlight: number;
  readonly lag?: LagMeter;
}

/**
 * Share of its deadline that a callback may have waited before it is read. One that has waited longer is
 * turned away, which takes next to no time: so the others are still in time.
 */
const TOLERABLE_WAIT = 0.5;

export function createOverloadGuard({ maxInFlight, lag = createLagMeter() }: OverloadOptions): OverloadGuard {
  const shed: Record<ShedReason, number> = { 'in-flight': 0, lag: 0 };
  let inFlight = 0;

  function turnAway(reason: ShedReason, message: string): Failure {
    shed[reason] += 1;
    return { cause: 'overload', message };
  }

  return {
    enter(deadline) {
      if (inFlight >= maxInFlight)
        return turnAway('in-flight', `${maxInFlight} callbacks are being answered already`);
      const wait = lag.now();
      if (wait > deadline * TOLERABLE_WAIT)
        return turnAway('lag', `the process is up to ${Math.round(wait)} ms behind`);
      inFlight += 1;
      return undefined;
    },
    leave: () => void (inFlight -= 1),
    counts: () => ({ inFlight, shed: { ...shed } }),
    lag: () => lag.now(),
    worstLag: () => lag.worst(),
    close: () => lag.close(),
  };
}
