/** One span per callback, when tracing is configured. */
import { randomBytes } from 'node:crypto';
import type { RemoteSpan } from './traceparent.js';

/** What is told about a span; `undefined` is left out. */
export type SpanAttributes = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** A span that has ended. */
export interface EndedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly attributes: SpanAttributes;
  /** Why the callback failed. */
  readonly error?: string;
}

export interface SpanEnd {
  readonly name: string;
  /** Milliseconds that it took. */
  readonly duration: number;
  readonly attributes: SpanAttributes;
  readonly error?: string | undefined;
}

export interface Span {
  readonly traceId: string;
  end(how: SpanEnd): void;
}

export interface Tracer {
  /**
   * Begins the span of a callback. A caller that traces has decided whether this one is recorded; for
   * all others the configured share is. `undefined` when it is not.
   */
  start(parent: RemoteSpan | undefined): Span | undefined;
}

export interface TracerParts {
  /** Share of the callbacks without a parent that are recorded, 0 to 1. */
  readonly sample: number;
  /** Takes a span on; never throws, never waits. */
  readonly send: (span: EndedSpan) => void;
  /** At least 0, below 1. */
  readonly random?: () => number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export function createTracer({ sample, send, random = Math.random, now = Date.now }: TracerParts): Tracer {
  return {
    start(parent) {
      if (!(parent?.isSampled ?? random() < sample)) return undefined;
      const traceId = parent?.traceId ?? randomHex(16);
      const spanId = randomHex(8);
      return {
        traceId,
        end: ({ name, duration, attributes, error }) =>
          send({
            traceId,
            spanId,
            ...(parent && { parentSpanId: parent.spanId }),
            name,
            endedAt: now(),
            duration,
            attributes,
            ...(error !== undefined && { error }),
          }),
      };
    },
  };
}

/** Never all zeros, which would be no id. */
function randomHex(bytes: number): string {
  const text = randomBytes(bytes).toString('hex');
  return /[^0]/.test(text) ? text : randomHex(bytes);
}
