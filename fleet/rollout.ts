/** How far a release has come. */
import type { HeardBeat } from './view.js';
import { SILENCE } from './view.js';

export interface Rollout {
  /** Processes that judge by it, or by a later one. */
  readonly taken: readonly HeardBeat[];
  /** Those that do not yet. */
  readonly missing: readonly HeardBeat[];
}

/** Looks at the processes that follow what is published, are there and stay. @param now by the clock of Redis */
export function rolloutOf(heard: readonly HeardBeat[], number: number, now: number): Rollout {
  const following = heard.filter(
    ({ beat, at }) => beat.isFollowing && !beat.isDraining && now - at < SILENCE,
  );
  const hasTaken = ({ beat }: HeardBeat): boolean => (beat.release ?? 0) >= number;
  return { taken: following.filter(hasTaken), missing: following.filter((each) => !hasTaken(each)) };
}
