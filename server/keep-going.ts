/** What happens about mistakes that nobody caught. */
import type { Logger } from 'pino';
import { describeError } from './errors.js';

/**
 * A mistake in one callback must not end those of everybody else.
 *
 * @param onMistake called after the mistake was logged
 */
export function keepGoing(logger: Logger, onMistake: () => void = () => undefined): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ cause: 'internal-error' }, `${event}: ${describeError(error)}`);
      onMistake();
    });
  }
}

/** Output for people that nobody takes, such as on a full disk, is no mistake. */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
