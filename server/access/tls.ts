/** TLS for a listener: its certificate, the certificates of its callers, and both as the files change. */
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import type { TlsSettings } from '../../store/config.js';
import { createFailureLog } from '../log-repeats.js';
import { fingerprintOf, materialOf, readTlsFiles, TlsFileError } from './tls-files.js';

/** Milliseconds between two looks at the files. A renewed pair is in force after two looks. */
const LOOK_INTERVAL = 5_000;
/** Milliseconds for a handshake: callers give up far earlier. */
const HANDSHAKE_TIMEOUT = 10_000;
/** Milliseconds between two log lines about handshakes that failed for the same reason. */
const QUIET = 60_000;

export interface TlsParts {
  readonly settings: TlsSettings;
  readonly logger: Logger;
  /** Milliseconds between two looks at the files. */
  readonly lookInterval?: number;
}

/**
 * Creates a server that follows its files. What it serves with is replaced whole: new files that cannot be
 * used, or do not fit together, are told and change nothing. Open connections go on with what they began with.
 *
 * @throws TlsFileError when the files cannot be used at the start
 */
export async function createTlsServer(
  { settings, logger, lookInterval = LOOK_INTERVAL }: TlsParts,
  options: ServerOptions,
): Promise<Server> {
  const texts = await readTlsFiles(settings);
  const server = createServer({
    ...options,
    ...materialOf(texts, settings).options,
    handshakeTimeout: HANDSHAKE_TIMEOUT,
    ...(settings.clientCa !== undefined && { requestCert: true, rejectUnauthorized: true }),
  });
  followFiles(server, settings, fingerprintOf(texts), logger, lookInterval);
  tellFailedHandshakes(server, logger);
  return server;
}

/**
 * Looks at the contents again and again: renewals replace files, links or whole folders, on file systems
 * with and without notification. Certificate and key are seldom replaced in one step, so what was found
 * counts when the next look finds the same.
 */
function followFiles(
  server: Server,
  settings: TlsSettings,
  atStart: string,
  logger: Logger,
  interval: number,
): void {
  let inForce = atStart;
  let seen = atStart;
  let complaint: string | undefined;

  const complain = (message: string): void => {
    if (message !== complaint) logger.error({ cause: 'tls-files' }, `TLS files not taken: ${message}`);
    complaint = message;
  };

  async function look(): Promise<void> {
    try {
      const texts = await readTlsFiles(settings);
      const found = fingerprintOf(texts);
      const isSettled = found === seen;
      seen = found;
      if (!isSettled) return;
      if (found === inForce) {
        complaint = undefined;
        return;
      }
      const { options, validUntil } = materialOf(texts, settings);
      server.setSecureContext(options);
      inForce = found;
      complaint = undefined;
      logger.info({ validUntil: new Date(validUntil).toISOString() }, 'TLS files taken');
    } catch (error) {
      complain(error instanceof TlsFileError ? error.message : 'they cannot be used');
    }
  }

  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => (isLooking = false));
  }, interval).unref();
  server.once('close', () => clearInterval(timer));
}

/** A caller without the right certificate never gets as far as a request, so nothing else would tell of it. */
function tellFailedHandshakes(server: Server, logger: Logger): void {
  const log = createFailureLog({ logger, interval: QUIET });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    const reason = error.code ?? 'unknown';
    log.warn(
      { cause: 'tls-handshake', place: reason },
      { cause: 'tls-handshake', reason, from: socket.remoteAddress },
      'TLS handshake failed',
    );
  });
  server.once('close', () => log.close());
}
