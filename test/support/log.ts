/** A logger whose lines tests can read. */
import { pino, type Logger } from 'pino';

export type LogLine = Readonly<Record<string, unknown>>;

export interface TestLog {
  readonly logger: Logger;
  /** Lines of level `info` and above since the start or the last `clear`. */
  lines(): readonly LogLine[];
  /** Everything written, as text. */
  text(): string;
  clear(): void;
}

export function createTestLog(): TestLog {
  let written: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line: string) => void written.push(line) });
  return {
    logger,
    lines: () => written.map((line) => JSON.parse(line) as LogLine),
    text: () => written.join(''),
    clear: () => void (written = []),
  };
}
