/** Tracing as it is configured. */
import type { Logger } from 'pino';
import type { TracingSettings } from '../../store/config.js';
import { createFailureLog } from '../log-repeats.js';
import { createSpanExporter, type SpanExporter } from './exporter.js';
import { createTracer, type Tracer } from './tracer.js';

export interface Tracing {
  readonly tracer: Tracer;
  readonly exporter: SpanExporter;
}

/** Milliseconds between two lines about spans that were lost. */
const LOSS_INTERVAL = 60_000;

/** `undefined` without an endpoint: then nothing is traced, and nothing is spent on it. */
export function openTracing(
  { endpoint, service, sample }: TracingSettings,
  logger: Logger,
): Tracing | undefined {
  if (endpoint === undefined) return undefined;
  const losses = createFailureLog({ logger, interval: LOSS_INTERVAL });
  const exporter = createSpanExporter({
    endpoint,
    service,
    onLoss: (spans, reason) =>
      losses.warn({ cause: 'tracing', place: reason }, { spans, reason }, 'spans could not be sent'),
  });
  return { exporter, tracer: createTracer({ sample, send: (span) => exporter.push(span) }) };
}
