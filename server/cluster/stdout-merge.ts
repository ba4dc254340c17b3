/** The decisions of all workers on the standard output of the primary. */
import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { DecisionLogSettings } from '../../store/config.js';
import { createDescriptor } from '../decision-log/destination.js';
import { createLineWriter } from '../decision-log/line-writer.js';
import { createLossReport } from '../decision-log/loss-report.js';
import { onLines } from './line-merge.js';

export interface StdoutMerge {
  /** Takes the lines of a worker. */
  add(stdout: Readable): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

const STDOUT = 1;
const CLOSE_LIMIT = 5_000;

/** `undefined` when decisions are written elsewhere. */
export function openStdoutMerge(settings: DecisionLogSettings, logger: Logger): StdoutMerge | undefined {
  if (settings.to !== 'stdout') return undefined;
  const losses = createLossReport(logger);
  const writer = createLineWriter({
    destination: createDescriptor(STDOUT),
    capacity: settings.buffer,
    onLoss: losses.add,
  });
  return {
    add: (stdout) => onLines(stdout, writer.push),
    async close() {
      await writer.close(CLOSE_LIMIT);
      losses.close();
    },
  };
}
