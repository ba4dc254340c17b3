/** JSON Schema of the section `decisionLog` of config.yaml. */
import { EXPECTS } from './schema-problems.js';
import { SIZE_PATTERN } from './settings.js';

/** Smallest and largest sizes, in bytes. */
export const ROTATE_SIZES = { least: 1024, most: 100 * 1024 ** 3 } as const;
export const BUFFER_SIZES = { least: 64 * 1024, most: 1024 ** 3 } as const;

/** What is written of facts that hold what people say to each other. */
const TEXT_MODES = ['none', 'hash', 'full'] as const;
const DESTINATIONS = ['none', 'stdout', 'file'] as const;
const PERIODS = ['never', 'hour', 'day'] as const;

const size = (description: string, standard: string, words: string) => ({
  description,
  type: ['integer', 'string'],
  default: standard,
  pattern: SIZE_PATTERN,
  [EXPECTS]: words,
});

const ROTATE = {
  description: 'When a new file is begun, and how many old ones are kept.',
  type: 'object',
  default: {},
  additionalProperties: false,
  properties: {
    size: size('A file that has grown to this size is put aside.', '100mb', 'a size from 1kb to 102400mb'),
    every: {
      description: 'A file is also put aside when this period of local time ends.',
      type: 'string',
      enum: PERIODS,
      default: 'day',
    },
    keep: {
      description: 'Old files that are kept; the oldest one is deleted when there are more.',
      type: 'integer',
      default: 14,
      minimum: 1,
      maximum: 1000,
      [EXPECTS]: 'a whole number from 1 to 1000',
    },
    compress: {
      description: 'Whether old files are compressed with gzip; writing waits meanwhile.',
      type: 'boolean',
      default: false,
    },
  },
} as const;

/** The schema of the section. */
export const DECISION_LOG_SCHEMA = {
  description: 'One JSON line for each decision.',
  type: 'object',
  default: {},
  additionalProperties: false,
  properties: {
    to: {
      description: 'Where decisions are written: `none`, `stdout` or `file`.',
      type: 'string',
      enum: DESTINATIONS,
      default: 'none',
    },
    file: {
      description: 'The file for `to: file`, relative to the configuration file.',
      type: 'string',
      default: 'logs/decisions.jsonl',
      minLength: 1,
      [EXPECTS]: 'the path of a file',
    },
    rotate: ROTATE,
    facts: {
      description: 'Facts that each line keeps, such as `client.ip`, `group.*` or `"*"`.',
      type: 'array',
      default: [],
      items: { type: 'string' },
      [EXPECTS]: 'a list of facts',
    },
    text: {
      description:
        'How messages and what belongs to them are written: `none` leaves them out, `hash` writes a keyed hash, `full` the words themselves.',
      type: 'string',
      enum: TEXT_MODES,
      default: 'none',
    },
    hashKey: {
      description: 'Secret key of the hashes (HMAC-SHA-256) of `text: hash`.',
      type: 'string',
      minLength: 16,
      [EXPECTS]: 'a secret of at least 16 characters; leave the setting out when there is none',
    },
    sampleAllows: {
      description: 'Share of plain allows that is written, from 0 to 1; everything else is always written.',
      type: 'number',
      default: 1,
      minimum: 0,
      maximum: 1,
      [EXPECTS]: 'a number from 0 to 1',
    },
    redis: {
      description:
        'Key of a Redis Stream, in the Redis of `state`, that gets every line as well; with `to: none`, it alone does.',
      type: 'string',
      pattern: '^[!-~]{1,200}$',
      [EXPECTS]: 'a key of up to 200 visible ASCII characters, such as callgate:decisions',
    },
    maxlen: {
      description: 'Lines that the stream keeps, or a few more; the oldest ones go.',
      type: 'integer',
      default: 1_000_000,
      minimum: 1,
      maximum: 1_000_000_000,
      [EXPECTS]: 'a whole number from 1 to 1000000000',
    },
    buffer: size(
      'Lines that wait to be written take this much memory at most, for each place they go to; more are dropped and counted.',
      '8mb',
      'a size from 64kb to 1024mb',
    ),
  },
} as const;

/** The section as the schema lets it through. */
export interface DecisionLogData {
  readonly to: (typeof DESTINATIONS)[number];
  readonly file: string;
  readonly rotate: {
    readonly size: string | number;
    readonly every: (typeof PERIODS)[number];
    readonly keep: number;
    readonly compress: boolean;
  };
  readonly facts: readonly string[];
  readonly text: (typeof TEXT_MODES)[number];
  readonly hashKey?: string;
  readonly sampleAllows: number;
  /** Key of a Redis Stream. */
  readonly redis?: string;
  /** Lines that the stream keeps. */
  readonly maxlen: number;
  readonly buffer: string | number;
}

/** The settings of the decision log; sizes in bytes, the file absolute. */
export interface DecisionLogSettings extends Omit<DecisionLogData, 'rotate' | 'buffer'> {
  readonly rotate: Omit<DecisionLogData['rotate'], 'size'> & { readonly size: number };
  readonly buffer: number;
}
