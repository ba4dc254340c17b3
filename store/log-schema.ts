/** JSON Schemas of the sections `log` and `tracing` of config.yaml. */
import { EXPECTS } from './schema-problems.js';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** The schema of the section `log`. */
export const LOG_SCHEMA = {
  description: 'What the program tells about itself: JSON lines on standard error.',
  type: 'object',
  default: {},
  additionalProperties: false,
  properties: {
    level: {
      description: 'The least important lines that are written: `debug`, `info`, `warn` or `error`.',
      type: 'string',
      enum: LEVELS,
      default: 'info',
    },
    interval: {
      description:
        'Milliseconds between two lines about the same kind of failure of the same command; 0 writes every one.',
      type: 'integer',
      default: 10_000,
      minimum: 0,
      maximum: 3_600_000,
      [EXPECTS]: 'a whole number of milliseconds from 0 to 3600000',
    },
  },
} as const;

/** The schema of the section `tracing`. */
export const TRACING_SCHEMA = {
  description: 'One OpenTelemetry span per callback.',
  type: 'object',
  default: {},
  additionalProperties: false,
  properties: {
    endpoint: {
      description: 'URL of a collector that takes OTLP over HTTP; without one, nothing is traced.',
      type: 'string',
      pattern: '^https?://[^\\s/@]+(/\\S*)?$',
      [EXPECTS]: 'a URL such as http://127.0.0.1:4318/v1/traces; leave the setting out when there is none',
    },
    service: {
      description: 'Name of this service in the traces.',
      type: 'string',
      default: 'callgate',
      minLength: 1,
      [EXPECTS]: 'a name',
    },
    sample: {
      description:
        'Share of the callbacks that is traced, from 0 to 1; a caller that sends `traceparent` decides itself.',
      type: 'number',
      default: 1,
      minimum: 0,
      maximum: 1,
      [EXPECTS]: 'a number from 0 to 1',
    },
  },
} as const;

/** The settings of the log. */
export interface LogSettings {
  readonly level: (typeof LEVELS)[number];
  /** Milliseconds. */
  readonly interval: number;
}

/** The settings of tracing. */
export interface TracingSettings {
  readonly endpoint?: string;
  readonly service: string;
  readonly sample: number;
}
