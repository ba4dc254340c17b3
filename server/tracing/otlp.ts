/**
 * Spans in the JSON encoding of the OpenTelemetry protocol
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding, opentelemetry-proto trace.proto).
 */
import { version } from '../version.js';
import type { EndedSpan, SpanAttributes } from './tracer.js';

/** `SPAN_KIND_SERVER` and `STATUS_CODE_ERROR` of trace.proto. */
const SERVER = 2;
const ERROR = 2;

/** An `ExportTraceServiceRequest` with these spans. @param service the attribute `service.name` */
export function encodeSpans(service: string, spans: readonly EndedSpan[]): string {
  const resource = { 'service.name': service, 'service.version': version };
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [{ scope: { name: 'callgate', version }, spans: spans.map(spanOf) }],
      },
    ],
  });
}

function spanOf({ endedAt, duration, attributes, error, ...span }: EndedSpan): unknown {
  const end = BigInt(endedAt) * 1_000_000n;
  return {
    ...span,
    kind: SERVER,
    startTimeUnixNano: String(end - BigInt(Math.round(duration * 1e6))),
    endTimeUnixNano: String(end),
    attributes: attributesOf(attributes),
    ...(error !== undefined && { status: { code: ERROR, message: error } }),
  };
}

function attributesOf(attributes: SpanAttributes): readonly unknown[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  );
}

/** An `AnyValue` of common.proto; 64-bit numbers are texts in JSON. */
function anyValue(value: NonNullable<SpanAttributes[string]>): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map(anyValue) } };
}
