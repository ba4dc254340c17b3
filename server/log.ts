/** The program's own log. */
import { pino, type DestinationStream, type Logger } from 'pino';
import { createLogOutput } from './log-output.js';

/**
 * Members that are never written, wherever a line carries them. No line of ours does; this stands
 * between a future mistake and the disk.
 */
const SECRET_NAMES = [
  'authorization',
  'Authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'hashKey',
  'sign',
  'Sign',
  'rawBody',
];

/** A name at the top of a line, and up to two levels below. */
const PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface LogOptions {
  /** What is less important is left out; `info` without it. */
  readonly level?: string;
  /** Where lines go. */
  readonly destination: DestinationStream;
}

/** The log on standard error, which is written in the background, and at exit. */
export function createStandardLog(level: string): Logger {
  const destination = createLogOutput(process.stderr.fd);
  process.once('exit', destination.end);
  return createLog({ level, destination });
}

/** JSON lines with the time as ISO 8601 in UTC. */
export function createLog({ level = 'info', destination }: LogOptions): Logger {
  return pino(
    { level, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: PATHS, censor: '[redacted]' } },
    destination,
  );
}
