/** The program's own log. */
import { pino, type DestinationStream, type Logger } from 'pino';

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

/**
 * The log on standard error, which is written in the background, and at exit. Written in pieces that several
 * processes can put onto one pipe without mixing their lines: up to 4096 bytes are taken whole (POSIX PIPE_BUF).
 */
export function createStandardLog(level: string): Logger {
  return createLog({
    level,
    destination: pino.destination({ dest: process.stderr.fd, sync: false, maxWrite: 4096 }),
  });
}

/** JSON lines with the time as ISO 8601 in UTC. */
export function createLog({ level = 'info', destination }: LogOptions): Logger {
  return pino(
    { level, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: PATHS, censor: '[redacted]' } },
    destination,
  );
}
