/** The metrics of several processes as if they were one. */
import { AggregatorRegistry } from 'prom-client';
import type { MetricsSnapshot } from './snapshot.js';

export interface MetricsSum {
  /** Takes the latest metrics of a process. @param id one that no other process ever has */
  update(id: string, snapshot: MetricsSnapshot): void;
  /** A process has ended: what it counted stays counted, else sums would shrink and be taken for resets. */
  retire(id: string): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
}

type Metric = MetricsSnapshot[number];

/** Label of series that come and go; those of ended processes are kept while a living one has them. */
const FLEETING = 'rule';

export function createMetricsSum(): MetricsSum {
  const living = new Map<string, MetricsSnapshot>();
  let ended: Promise<MetricsSnapshot> = Promise.resolve([]);

  return {
    update: (id, snapshot) => void living.set(id, snapshot),
    retire(id) {
      const last = living.get(id)?.filter(isCumulative) ?? [];
      living.delete(id);
      ended = ended.then((before) => AggregatorRegistry.aggregate([before, last]).getMetricsAsJSON());
    },
    async text() {
      const known = new Set([...living.values()].flatMap((snapshot) => snapshot.flatMap(fleetingOf)));
      const kept = (await ended).map((metric) => ({
        ...metric,
        values: metric.values.filter(({ labels }) => {
          const value = labels[FLEETING];
          return value === undefined || known.has(value);
        }),
      }));
      return AggregatorRegistry.aggregate([...living.values(), kept]).metrics();
    },
  };
}

/** Gauges of a process end with it. */
function isCumulative(metric: Metric): boolean {
  // A word at run time (prom-client 15, lib/counter.js), a number in its types.
  const type = String(metric.type);
  return type === 'counter' || type === 'histogram';
}

function fleetingOf({ values }: Metric): readonly (string | number)[] {
  return values.flatMap(({ labels }) => labels[FLEETING] ?? []);
}
