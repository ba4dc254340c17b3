/** A decision log that writes into memory. */
import type { AppSettings, Callback } from '../../adapters/adapter.js';
import type { Decision } from '../../engine/decision.js';
import type { Event } from '../../engine/event.js';
import { openDecisionLog, type DecisionLog } from '../../server/decision-log/decision-log.js';
import type { Destination } from '../../server/decision-log/destination.js';
import type { DecisionEntry } from '../../server/decision-log/line.js';
import type { DecisionLogSettings } from '../../store/config.js';
import { fakeApp } from '../support/fake-adapter.js';
import { createTestLog, type TestLog } from '../support/log.js';

export const SETTINGS: DecisionLogSettings = {
  to: 'stdout',
  file: '/nowhere/decisions.jsonl',
  rotate: { size: 1024 * 1024, every: 'never', keep: 3, compress: false },
  facts: [],
  text: 'none',
  maxlen: 1_000_000,
  sampleAllows: 1,
  buffer: 1024 * 1024,
};

export interface MemoryLog {
  readonly log: DecisionLog;
  readonly operators: TestLog;
  /** Closes the log. @returns what it has written */
  readonly lines: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export const NOON = Date.parse('2026-03-01T12:00:00Z');

export function memoryLog(settings: Partial<DecisionLogSettings> = {}): MemoryLog {
  const chunks: Buffer[] = [];
  const destination: Destination = {
    write: (bytes) => {
      chunks.push(bytes);
      return Promise.resolve(bytes.length);
    },
    close: () => Promise.resolve(),
  };
  const operators = createTestLog();
  const log = openDecisionLog({
    settings: { ...SETTINGS, ...settings },
    logger: operators.logger,
    now: () => NOON,
    destination,
  });
  if (log === undefined) throw new Error('nothing is logged');
  return {
    log,
    operators,
    async lines() {
      await log.close(60_000);
      return Buffer.concat(chunks)
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    },
  };
}

export function callbackOf(event: Event, command = 'fake'): Callback {
  return { command, wireCommand: command, stage: event.stage, body: {}, outcome: { type: 'event', event } };
}

/** An entry as the pipeline makes it. */
export function entryOf(
  event: Event,
  decision: Decision,
  more: Partial<DecisionEntry> & { readonly app?: AppSettings } = {},
): DecisionEntry {
  return {
    id: '0000000000000001',
    app: fakeApp,
    platform: 'fake',
    callback: callbackOf(event),
    decision,
    ms: 0.1234567,
    shortfalls: [],
    ...more,
  };
}
