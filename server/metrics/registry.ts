/** All metrics of this process, in one registry. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import { version } from '../version.js';
import { register, registerLatency, type Family } from './family.js';
import { ALONE, fleetFamilies } from './fleet-families.js';
import { ruleFamilies } from './rule-families.js';
import type { MetricsSnapshot } from './snapshot.js';
import type { MetricSources } from './sources.js';
import { stateHoldingFamilies, stateLatencyFamily, stateUsageFamilies } from './state-families.js';
import { latencyFamily, trafficFamilies } from './traffic-families.js';

export interface Metrics {
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  /** As plain data that may be sent to another process. */
  snapshot(): Promise<MetricsSnapshot>;
}

/** The media type of {@link Metrics.text}. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Nothing is measured for metrics: they are read from their sources when they are asked for. */
export function createMetrics(sources: MetricSources): Metrics {
  const own = new Registry();
  const families = [
    ...serverFamilies(sources),
    ...fleetFamilies(ALONE),
    ...trafficFamilies(sources),
    ...ruleFamilies(sources),
    ...stateUsageFamilies(sources.state),
    ...stateHoldingFamilies(sources.state),
  ];
  for (const family of families) register(own, family);
  registerLatency(own, latencyFamily(sources));
  registerLatency(own, stateLatencyFamily(sources.state));
  const all = Registry.merge([own, processMetrics()]);
  return { text: () => all.metrics(), snapshot: () => all.getMetricsAsJSON() };
}

function serverFamilies({ isReady }: MetricSources): readonly Family[] {
  return [
    {
      name: 'callgate_build_info',
      help: 'Version of this program.',
      type: 'gauge',
      labels: ['version'],
      aggregator: 'first',
      read: () => [[[version], 1]],
    },
    {
      name: 'callgate_processes',
      help: 'Processes that answer callbacks.',
      type: 'gauge',
      read: () => 1,
    },
    {
      name: 'callgate_ready',
      help: '1 when callbacks may be sent here, as /readyz says.',
      type: 'gauge',
      aggregator: 'min',
      read: () => Number(isReady()),
    },
  ];
}

let ofProcess: Registry | undefined;

/** CPU, memory, event loop, garbage collection; observed once, however many servers a process has. */
function processMetrics(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}
