/** What `GET /status` and `GET /readyz` tell about several workers. */
import type { Readiness } from '../admin-app.js';
import type { ProcessStatus } from '../status.js';
import { laggingOf, majorityOf, type Holding } from './lagging.js';
import type { Member } from './member.js';
import { sumOf } from './sum.js';

/** A worker and what it has said about itself; `undefined` when it has not answered. */
export interface Surveyed {
  readonly member: Member;
  readonly status: ProcessStatus | undefined;
}

export interface FleetStatusParts {
  readonly surveyed: readonly Surveyed[];
  /** Workers that there shall be, and how often one was started again. */
  readonly size: number;
  readonly restarts: number;
  /** When the primary started, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly isDraining: boolean;
  /** Of what the primary keeps for all; without it, each worker has its own way to what rules remember. */
  readonly stateStore?: ProcessStatus['stateStore'] | undefined;
  /** On the clock of `performance.now()`. */
  readonly now: number;
}

/** Ready when one worker answers callbacks, and not all are told to end. */
export function readinessOf(members: readonly Member[], isDraining: boolean): Readiness {
  if (isDraining) return { isReady: false, reason: 'draining' };
  const serving = members.filter((member) => member.state() === 'serving');
  if (serving.length === 0) return { isReady: false, reason: 'no worker is serving' };
  return {
    isReady: true,
    reason: `${serving.length} ${serving.length === 1 ? 'worker' : 'workers'} serving`,
  };
}

/** The status of one worker that has the rules of most, with everybody's counters added up. */
export function fleetStatusOf(parts: FleetStatusParts): Readonly<Record<string, unknown>> {
  const { surveyed, size, restarts, startedAt, isDraining, now } = parts;
  const holdings = surveyed.map(({ member }) => holdingOf(member));
  const lagging = laggingOf(holdings, now);
  const revision = majorityOf(holdings);
  const answers = surveyed.map(({ status }) => status).filter((status) => status !== undefined);
  const typical = answers.find((status) => status.revision === revision) ?? answers[0];
  return {
    ...typical,
    startedAt: new Date(startedAt).toISOString(),
    state: isDraining ? 'draining' : answers.length === 0 ? 'starting' : 'serving',
    revision,
    stateStore: parts.stateStore ?? answers.find(isDegraded)?.stateStore ?? typical?.stateStore,
    eventLoopLagMs: Math.max(0, ...answers.map(({ eventLoopLagMs }) => eventLoopLagMs)),
    counters: sumOf(answers.map(({ counters }) => counters)),
    workers: {
      wanted: size,
      restarts,
      lagging: lagging.filter((isLagging) => isLagging).length,
      all: surveyed.map(({ member, status }, index) => ({
        worker: member.slot,
        pid: member.pid,
        state: member.state(),
        revision: member.rules()?.status.revision ?? null,
        isLagging: lagging[index] === true,
        isAnswering: status !== undefined,
        eventLoopLagMs: status?.eventLoopLagMs ?? null,
      })),
    },
  };
}

/** One that remembers for itself says more than those that need not. */
function isDegraded({ stateStore }: ProcessStatus): boolean {
  return typeof stateStore['degradedSince'] === 'string';
}

/** A worker that has said nothing yet has no rules since ever. */
export function holdingOf(member: Member): Holding {
  const rules = member.rules();
  return { revision: rules?.status.revision ?? null, since: rules?.since ?? -Infinity };
}
