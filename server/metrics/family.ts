/** Metrics as tables of what is known already, read when somebody asks; in between they cost nothing. */
import {
  Counter,
  Gauge,
  Histogram,
  type Aggregator,
  type CounterConfiguration,
  type GaugeConfiguration,
  type Registry,
} from 'prom-client';
import { LATENCY_BOUNDS, type LatencyCounts } from './latency.js';

/** A value for each set of label values. */
export type Rows = readonly (readonly [labels: readonly string[], value: number])[];

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly labels?: readonly string[];
  /** How the values of several processes become one; without it, they are added up. */
  readonly aggregator?: Aggregator;
  /** The only value, or the rows. */
  readonly read: () => number | Rows;
}

export interface LatencyFamily {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly read: () => readonly (readonly [label: string, counts: LatencyCounts])[];
}

/** Adds a family to a registry. A row that is no longer read is gone. */
export function register(registry: Registry, family: Family): void {
  const { name, help, type, labels = [], aggregator = 'sum' } = family;
  const options = { name, help, labelNames: labels, aggregator, registers: [] };
  const read = (): Values => valuesOf(family);
  registry.registerMetric(type === 'counter' ? new ReadCounter(options, read) : new ReadGauge(options, read));
}

type Values = Awaited<ReturnType<Counter['get']>>['values'];

function valuesOf({ labels: names = [], read }: Family): Values {
  const found = read();
  if (typeof found === 'number') return [{ labels: {}, value: found }];
  return found.map(([values, value]) => {
    const labels: Record<string, string> = {};
    names.forEach((name, index) => (labels[name] = values[index] ?? ''));
    return { labels, value };
  });
}

/** A counter whose values are kept elsewhere: adding them one by one would take ten times as long. */
class ReadCounter extends Counter {
  readonly #read: () => Values;

  constructor(options: CounterConfiguration<string>, read: () => Values) {
    super(options);
    this.#read = read;
  }

  override async get(): ReturnType<Counter['get']> {
    return { ...(await super.get()), values: this.#read() };
  }
}

/** As {@link ReadCounter}. */
class ReadGauge extends Gauge {
  readonly #read: () => Values;

  constructor(options: GaugeConfiguration<string>, read: () => Values) {
    super(options);
    this.#read = read;
  }

  override async get(): ReturnType<Gauge['get']> {
    return { ...(await super.get()), values: this.#read() };
  }
}

/** Adds a histogram of durations, in seconds as Prometheus wants them. */
export function registerLatency(registry: Registry, { name, help, label, read }: LatencyFamily): void {
  registry.registerMetric(new CountedHistogram(name, help, label, read));
}

/** A histogram whose buckets are counted elsewhere. */
class CountedHistogram extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #label: string;
  readonly #read: LatencyFamily['read'];

  constructor(name: string, help: string, label: string, read: LatencyFamily['read']) {
    super({ name, help, labelNames: [label], registers: [] });
    this.#name = name;
    this.#help = help;
    this.#label = label;
    this.#read = read;
  }

  /** What `get` and the registry ask for (prom-client 15, lib/histogram.js); missing from its types. */
  getForPromString(): Promise<unknown> {
    return Promise.resolve({
      name: this.#name,
      help: this.#help,
      type: 'histogram',
      aggregator: 'sum',
      values: this.#read().flatMap((row) => this.#valuesOf(row)),
    });
  }

  #valuesOf([value, { buckets, sum }]: ReturnType<LatencyFamily['read']>[number]) {
    const sharedLabels = { [this.#label]: value };
    let count = 0;
    const cumulative = buckets.map((number, index) => {
      const bound = LATENCY_BOUNDS[index];
      count += number;
      return {
        metricName: `${this.#name}_bucket`,
        sharedLabels,
        labels: { le: bound === undefined ? '+Inf' : bound / 1000 },
        value: count,
      };
    });
    return [
      ...cumulative,
      { metricName: `${this.#name}_sum`, sharedLabels, labels: {}, value: sum / 1000 },
      { metricName: `${this.#name}_count`, sharedLabels, labels: {}, value: count },
    ];
  }
}
