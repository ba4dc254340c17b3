/** Sends spans to a collector: in batches, in the background, within a fixed amount of memory. */
import { startDeadline } from '../deadline.js';
import { encodeSpans } from './otlp.js';
import type { EndedSpan } from './tracer.js';

export interface SpanExporterOptions {
  /** URL that takes OTLP over HTTP, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly endpoint: string;
  readonly service: string;
  /** Told of each batch that was lost: how many spans, and why. */
  readonly onLoss: (spans: number, reason: string) => void;
  /** Spans that may wait; more are dropped. */
  readonly capacity?: number;
  /** Milliseconds that spans are collected before they are sent. */
  readonly collect?: number;
  /** Milliseconds that a collector may take. */
  readonly timeLimit?: number;
}

export interface SpanCounts {
  readonly sent: number;
  /** Spans for which there was no room, or that the collector did not take. */
  readonly lost: number;
  readonly waiting: number;
}

export interface SpanExporter {
  /** Takes a span on or drops it; at once, and never with an error. */
  push(span: EndedSpan): void;
  counts(): SpanCounts;
  /** Sends what waits; what the collector does not take in time is lost, and counted. @param limit milliseconds */
  close(limit: number): Promise<void>;
}

const CAPACITY = 4096;
const BATCH = 512;
const COLLECT = 1000;
const TIME_LIMIT = 5000;

export function createSpanExporter(options: SpanExporterOptions): SpanExporter {
  const { endpoint, service, onLoss } = options;
  const { capacity = CAPACITY, collect = COLLECT, timeLimit = TIME_LIMIT } = options;
  let waiting: EndedSpan[] = [];
  let sent = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  function lose(spans: number, reason: string): void {
    lost += spans;
    onLoss(spans, reason);
  }

  async function sendBatch(spans: readonly EndedSpan[]): Promise<void> {
    const reason = await post(endpoint, encodeSpans(service, spans), timeLimit);
    if (reason === undefined) sent += spans.length;
    else lose(spans.length, reason);
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      await sendBatch(batch);
    }
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    if (sending !== undefined || waiting.length === 0) return;
    sending = sendAll().finally(() => {
      sending = undefined;
      start();
    });
  }

  return {
    push(span) {
      if (waiting.length >= capacity) {
        lose(1, 'full');
        return;
      }
      waiting.push(span);
      if (waiting.length >= BATCH) start();
      else timer ??= setTimeout(start, collect).unref();
    },
    counts: () => ({ sent, lost, waiting: waiting.length }),
    async close(limit) {
      start();
      const deadline = startDeadline(limit);
      await Promise.race([sending, deadline.expired]);
      deadline.clear();
      if (waiting.length > 0) lose(waiting.length, 'stopped');
      waiting = [];
    },
  };
}

/** @returns why the collector did not take it */
async function post(endpoint: string, body: string, timeLimit: number): Promise<string | undefined> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      signal: AbortSignal.timeout(timeLimit),
    });
    await response.arrayBuffer();
    return response.ok ? undefined : `status ${response.status}`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** The system's word, such as `ECONNREFUSED`, else the error's name, such as `TimeoutError`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause, name } = error;
  if (!(cause instanceof Error && 'code' in cause)) return name;
  return typeof cause.code === 'string' ? cause.code : name;
}
