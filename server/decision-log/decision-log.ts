/** The decision log: what was decided, about whom, by which rule, one JSON line each. */
import { join, parse } from 'node:path';
import type { Logger } from 'pino';
import type { DecisionLogSettings } from '../../store/config.js';
import { describeError } from '../errors.js';
import { isSampled } from './decision-id.js';
import { createDescriptor, createRotatingFile, type Destination } from './destination.js';
import { createFactKeeper } from './kept-facts.js';
import { lineOf, type DecisionEntry, type DecisionLine, type RulingFields } from './line.js';
import { createLineWriter, type LineCounts } from './line-writer.js';
import { createLossReport } from './loss-report.js';

export interface DecisionLogCounts extends LineCounts {
  /** Plain allows that are not part of the sample. */
  readonly sampledOut: number;
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
}

const STDOUT = 1;

/** The configured log; `undefined` where none is wanted. Nothing is opened before the first line. */
export function openDecisionLog(parts: DecisionLogParts): DecisionLog | undefined {
  return parts.settings.to === 'none' ? undefined : createDecisionLog(parts);
}

function createDecisionLog(parts: DecisionLogParts): DecisionLog {
  const { settings, logger, instance, now = Date.now, destination } = parts;
  const { sampleAllows: share } = settings;
  const keeper = createFactKeeper(settings);
  const losses = createLossReport(logger);
  const writer = createLineWriter({
    destination: destination ?? destinationOf(settings, instance),
    capacity: settings.buffer,
    onLoss: losses.add,
  });
  let sampledOut = 0;
  let unwritable = 0;

  function write(entry: DecisionEntry): void {
    const line = lineOf(entry, keeper, now());
    if (share === 1 || !isPlainAllow(line)) writer.push(JSON.stringify(line));
    else if (isSampled(line.id, share)) writer.push(JSON.stringify({ ...line, sample: share }));
    else sampledOut += 1;
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
      const { failed, ...counts } = writer.counts();
      return { ...counts, failed: failed + unwritable, sampledOut };
    },
    async close(timeLimit) {
      await writer.close(timeLimit);
      losses.close();
    },
  };
}

function destinationOf(settings: DecisionLogSettings, instance: string | undefined): Destination {
  if (settings.to === 'stdout') return createDescriptor(STDOUT);
  return createRotatingFile({ ...settings, file: fileOf(settings.file, instance) });
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

function isWithoutEffect({ verdict, rewrites, tags, notify, shadowed, errors }: RulingFields): boolean {
  const effects = [rewrites, tags, notify, shadowed, errors];
  return verdict === 'allow' && effects.every((field) => field === undefined);
}
