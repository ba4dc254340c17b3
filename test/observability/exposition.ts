/** Reads the text format of Prometheus, as far as our metrics need it. */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  /** Types by family. */
  readonly types: ReadonlyMap<string, string>;
  /** Samples by the name on their lines: those of histograms end in _bucket, _sum and _count. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** The value of the only sample with these labels, whatever others it has; `undefined` when there is none. */
  readonly value: (name: string, labels?: Readonly<Record<string, string>>) => number | undefined;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** @throws Error for a line that is not understood */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const samples = new Map<string, Sample[]>();
  for (const line of text.split('\n')) {
    const [, family, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (family !== undefined && type !== undefined) types.set(family, type);
    if (line === '' || line.startsWith('#')) continue;
    const [, name, labels = '', number] = LINE.exec(line) ?? [];
    if (name === undefined || number === undefined) throw new Error(`not understood: ${line}`);
    const found = samples.get(name) ?? [];
    samples.set(name, found);
    found.push({
      labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, key = '', value = '']) => [key, value])),
      value: number === '+Inf' ? Infinity : Number(number),
    });
  }
  return {
    types,
    samples,
    value: (name, labels = {}) => {
      const matching = (samples.get(name) ?? []).filter((sample) =>
        Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
      );
      if (matching.length > 1) throw new Error(`${matching.length} samples of ${name} fit`);
      return matching[0]?.value;
    },
  };
}
