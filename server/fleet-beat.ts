/** What this process says to the fleet. */
import { hostname } from 'node:os';
import type { Beat } from '../fleet/beat.js';
import { startHeartbeat, type Heartbeat } from '../fleet/heartbeat.js';
import type { Redis } from '../state/redis/redis.js';
import type { RuleStore, RuleStoreStatus } from '../store/rule-store.js';
import { PUBLISHED_PLACE } from '../fleet/published-origin.js';
import { version } from './version.js';

export interface FleetBeatParts {
  readonly redis: Redis;
  readonly ruleStore: RuleStore;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly isDraining: () => boolean;
}

/** Characters of a reason that are told. */
const MOST_REASON = 300;

/** Begins to give signs of life, at once whenever the rules change. */
export function startFleetBeat({ redis, ruleStore, startedAt, isDraining }: FleetBeatParts): Heartbeat {
  let held = ruleStore.status();
  let since = Date.now();

  function read(): Beat {
    const status = ruleStore.status();
    if (!isSameRules(status, held)) {
      held = status;
      since = Date.now();
    }
    return {
      ...toBeat(status),
      host: hostname(),
      pid: process.pid,
      version,
      startedAt,
      since,
      isDraining: isDraining(),
    };
  }

  const heartbeat = startHeartbeat({ redis, read });
  ruleStore.onReload(heartbeat.beat);
  return heartbeat;
}

function isSameRules(a: RuleStoreStatus, b: RuleStoreStatus): boolean {
  return a.revision === b.revision && a.release?.number === b.release?.number && a.source === b.source;
}

function toBeat(
  status: RuleStoreStatus,
): Pick<Beat, 'source' | 'revision' | 'release' | 'latestRelease' | 'isFollowing' | 'refusal'> {
  const { source, revision, release, latestRelease, watching, lastReload } = status;
  return {
    source: source ?? 'last-good',
    revision: revision ?? '',
    release: release?.number ?? null,
    latestRelease,
    isFollowing: watching === PUBLISHED_PLACE,
    refusal: lastReload?.outcome === 'refused' ? refusalOf(lastReload.problems) : null,
  };
}

function refusalOf(problems: NonNullable<RuleStoreStatus['lastReload']>['problems']): string {
  const first = problems.find(({ severity }) => severity === 'error');
  return first === undefined ? '' : `${first.file}: ${first.message}`.slice(0, MOST_REASON);
}
