/** The decision log: what was decided, about whom, by which rule, one JSON line each. */
import { join, parse } from 'node:path';
import type { Logger } from 'pino';
import type { Redis } from '../../state/redis/redis.js';
import type { DecisionLogSettings } from '../../store/config.js';
import { describeError } from '../errors.js';
import { isSampled } from './decision-id.js';
import { createDescriptor, createRotatingFile, type Destination } from './destination.js';
import { createFactKeeper } from './kept-facts.js';
import { lineOf, type DecisionEntry, type DecisionLine, type RulingFields } from './line.js';
import { createLineWriter, type LineCounts, type LineWriter } from './line-writer.js';
import { createLossReport } from './loss-report.js';
import { createPlainLines } from './plain-line.js';
import { createStream } from './stream.js';

export interface DecisionLogCounts extends LineCounts {
  /** Plain allows that are not part of the sample. */
  readonly sampledOut: number;
  /** Lines of the stream; `null` when there is none. */
  readonly stream: LineCounts | null;
}

export interface DecisionLog {
  /** Takes a decision on. Never throws, never waits. */
  record(entry: DecisionEntry): void;
  counts(): DecisionLogCounts;
  /** Writes what waits. @param timeLimit milliseconds */
  close(timeLimit: number): Promise<void>;
}

export interface DecisionLogParts {
  readonly settings: DecisionLogSettings;
  readonly logger: Logger;
  /** Tells processes apart that share the settings: each writes a file of its own. */
  readonly instance?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Takes the place of the configured one. */
  readonly destination?: Destination;
  /** Where the stream is, if one is configured. */
  readonly redis?: Redis | undefined;
}

const STDOUT = 1;

/** The configured log; `undefined` where none is wanted. Nothing is opened before the first line. */
export function openDecisionLog(parts: DecisionLogParts): DecisionLog | undefined {
  const { to, redis } = parts.settings;
  return to === 'none' && redis === undefined ? undefined : createDecisionLog(parts);
}

function createDecisionLog(parts: DecisionLogParts): DecisionLog {
  const { settings, logger, now = Date.now } = parts;
  const { sampleAllows: share } = settings;
  const keeper = createFactKeeper(settings);
  const plainLine = createPlainLines(keeper);
  const losses = createLossReport(logger);
  const writerTo = (destination: Destination | undefined): LineWriter | undefined =>
    destination && createLineWriter({ destination, capacity: settings.buffer, onLoss: losses.add });
  const own = writerTo(parts.destination ?? destinationOf(parts));
  const stream = writerTo(streamOf(parts));
  let sampledOut = 0;
  let unwritable = 0;

  function write(entry: DecisionEntry): void {
    const moment = now();
    const plain = share === 1 ? plainLine(entry, moment) : undefined;
    if (plain !== undefined) {
      push(plain);
      return;
    }
    const line = lineOf(entry, keeper, moment);
    if (share === 1 || !isPlainAllow(line)) push(JSON.stringify(line));
    else if (isSampled(line.id, share)) push(JSON.stringify({ ...line, sample: share }));
    else sampledOut += 1;
  }

  function push(text: string): void {
    own?.push(text);
    stream?.push(text);
  }

  return {
    record(entry) {
      try {
        write(entry);
      } catch (error) {
        unwritable += 1;
        losses.add(1, describeError(error));
      }
    },
    counts() {
      const { failed, ...counts } = own?.counts() ?? NO_LINES;
      return { ...counts, failed: failed + unwritable, sampledOut, stream: stream?.counts() ?? null };
    },
    async close(timeLimit) {
      await Promise.all([own?.close(timeLimit), stream?.close(timeLimit)]);
      losses.close();
    },
  };
}

const NO_LINES: LineCounts = { written: 0, dropped: 0, failed: 0, waiting: 0 };

function destinationOf({ settings, instance }: DecisionLogParts): Destination | undefined {
  switch (settings.to) {
    case 'none':
      return undefined;
    case 'stdout':
      return createDescriptor(STDOUT);
    case 'file':
      return createRotatingFile({ ...settings, file: fileOf(settings.file, instance) });
  }
}

function streamOf({ settings, redis }: DecisionLogParts): Destination | undefined {
  if (settings.redis === undefined || redis === undefined) return undefined;
  return createStream(redis, { key: settings.redis, maxlen: settings.maxlen });
}

/** `decisions.jsonl` becomes `decisions.2.jsonl` for the instance `2`. */
export function fileOf(file: string, instance: string | undefined): string {
  if (instance === undefined) return file;
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}.${instance}${ext}`);
}

/** Only what was let through without any effect, and where no shadow rule would have had one, may be left out. */
function isPlainAllow({ degraded, targets = [], ...line }: DecisionLine): boolean {
  return degraded === undefined && [line, ...targets].every(isWithoutEffect);
}

function isWithoutEffect({ verdict, ...fields }: RulingFields): boolean {
  const { rewrites, tags, notify, strikes, labels, shadowed, errors } = fields;
  const effects = [rewrites, tags, notify, strikes, labels, shadowed, errors];
  return verdict === 'allow' && effects.every((field) => field === undefined);
}
