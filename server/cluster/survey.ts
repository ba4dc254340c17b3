/** Asks the workers how they are: regularly, and when somebody wants to know. */
import type { Logger } from 'pino';
import { createFleetMetrics, type FleetSource } from '../metrics/fleet-families.js';
import { createMetricsSum } from '../metrics/sum.js';
import { fleetStatusOf, holdingOf, type FleetStatusParts, type Surveyed } from './fleet-status.js';
import { laggingOf } from './lagging.js';
import type { Member } from './member.js';

export interface SurveyParts {
  readonly members: () => readonly Member[];
  readonly logger: Logger;
  /** What only the primary knows, for the metrics. */
  readonly fleet: FleetSource;
  /** Milliseconds between two looks. */
  readonly interval?: number;
}

export interface Survey {
  /** Begins to look after the workers: tells which ones lag, and kills those that do nothing any more. */
  begin(): void;
  end(): void;
  status(parts: Omit<FleetStatusParts, 'surveyed' | 'now'>): Promise<Readonly<Record<string, unknown>>>;
  /** The metrics of all workers together, in the text format of Prometheus. */
  metrics(): Promise<string>;
}

const INTERVAL = 5_000;
/** Milliseconds that a worker has to answer. */
const PATIENCE = 1_000;
/** Looks in a row without an answer after which a worker is given up: its event loop stands still. */
const MOST_MISSED = 6;

export function createSurvey({ members, logger, fleet, interval = INTERVAL }: SurveyParts): Survey {
  const sum = createMetricsSum();
  const ownMetrics = createFleetMetrics(fleet);
  const known = new WeakMap<Member, string>();
  const missed = new WeakMap<Member, number>();
  let told: ReadonlySet<Member> = new Set();
  let lastId = 0;
  let timer: NodeJS.Timeout | undefined;

  /** A number that no other worker ever has; what it counted stays counted when it ends. */
  function idOf(member: Member): string {
    let id = known.get(member);
    if (id === undefined) {
      lastId += 1;
      id = String(lastId);
      known.set(member, id);
      const ended = id;
      void member.ended.then(() => sum.retire(ended));
    }
    return id;
  }

  async function ask(member: Member): Promise<Surveyed> {
    const report = await member.report(PATIENCE);
    if (report !== undefined && member.state() !== 'ended') sum.update(idOf(member), report.metrics);
    return { member, status: report?.status };
  }

  const askAll = (): Promise<readonly Surveyed[]> =>
    Promise.all(
      members()
        .filter((member) => member.state() !== 'starting')
        .map(ask),
    );

  async function look(): Promise<void> {
    for (const { member, status } of await askAll()) {
      const misses = status === undefined && member.state() === 'serving' ? (missed.get(member) ?? 0) + 1 : 0;
      missed.set(member, misses);
      if (misses < MOST_MISSED) continue;
      logger.error({ worker: member.slot, pid: member.pid }, 'worker does not answer and is killed');
      member.kill();
    }
    tellLagging();
  }

  function tellLagging(): void {
    const serving = members().filter((member) => member.state() === 'serving');
    const lagging = laggingOf(serving.map(holdingOf), performance.now());
    const now = new Set(serving.filter((_, index) => lagging[index] === true));
    for (const member of now) {
      if (told.has(member)) continue;
      const revision = member.rules()?.status.revision;
      logger.warn({ worker: member.slot, revision }, 'worker has other rules than most');
    }
    told = now;
  }

  return {
    begin: () => void (timer = setInterval(() => void look(), interval).unref()),
    end: () => clearInterval(timer),
    async status(parts) {
      const surveyed = await askAll();
      return fleetStatusOf({ ...parts, surveyed, now: performance.now() });
    },
    async metrics() {
      await askAll();
      sum.update('primary', await ownMetrics());
      return sum.text();
    },
  };
}
