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
