/** How the processes of the fleet are, as one looks at them together. */
import type { Beat } from './beat.js';

/**
 * - `healthy`: it has the rules that it shall have
 * - `taking`: others have just been published
 * - `behind`: it should have taken others by now
 * - `refusing`: it has found others and could not take them
 * - `kept`: it runs on what it had kept, since it has found no good ones since its start
 * - `draining`: it finishes what it has
 * - `gone`: it has said nothing for {@link SILENCE}
 */
export type ProcessState = 'healthy' | 'taking' | 'behind' | 'refusing' | 'kept' | 'draining' | 'gone';

/** Milliseconds without a sign of life after which a process counts as gone. */
export const SILENCE = 6_000;
/** Milliseconds that processes have to take a release. */
const TOLERANCE = 5_000;

/** A beat, and when Redis heard it last, by its clock. */
export interface HeardBeat {
  readonly id: string;
  readonly beat: Beat;
  readonly at: number;
}

export interface FleetProcess extends HeardBeat {
  readonly state: ProcessState;
}

export interface FleetView {
  readonly processes: readonly FleetProcess[];
  /** Processes that are not gone. */
  readonly living: number;
  /** Of those, the ones that are healthy, or draining. */
  readonly healthy: number;
}

/** What is current, as far as a view needs it. */
export interface CurrentRelease {
  readonly number: number;
  readonly at: number;
}

/** @param now by the clock of Redis, in milliseconds since 1970 */
export function viewFleet(
  heard: readonly HeardBeat[],
  current: CurrentRelease | null,
  now: number,
): FleetView {
  const processes = heard.map((each) => ({ ...each, state: stateOf(each, current, now) })).sort(byPlace);
  const living = processes.filter(({ state }) => state !== 'gone');
  const isWell = ({ state }: FleetProcess): boolean => state === 'healthy' || state === 'draining';
  return { processes, living: living.length, healthy: living.filter(isWell).length };
}

function stateOf({ beat, at }: HeardBeat, current: CurrentRelease | null, now: number): ProcessState {
  if (now - at >= SILENCE) return 'gone';
  if (beat.isDraining) return 'draining';
  if (beat.source === 'last-good') return 'kept';
  if (beat.refusal !== null) return 'refusing';
  if (!beat.isFollowing || current === null || beat.release === current.number) return 'healthy';
  return now - current.at < TOLERANCE ? 'taking' : 'behind';
}

function byPlace({ beat: a }: FleetProcess, { beat: b }: FleetProcess): number {
  if (a.host !== b.host) return a.host < b.host ? -1 : 1;
  return a.pid - b.pid || a.startedAt - b.startedAt;
}
