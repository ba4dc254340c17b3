/** Which callbacks that are turned away can be answered without reading their bodies. */
import type { Adapter, AppSettings, Failure, WireRequest } from '../adapters/index.js';

/**
 * Whether the body must be read for a right reply. A caller who is refused anyway is not listened to.
 *
 * @param head the request without its body
 */
export function needsBody(
  adapter: Adapter,
  app: AppSettings,
  head: Omit<WireRequest, 'body'>,
  turnedAway: Failure,
): boolean {
  const { command, outcome } = adapter.read({ ...head, body: undefined, bodyFailure: turnedAway });
  const isCaller = outcome.type === 'failure' && outcome.failure.cause === turnedAway.cause;
  return isCaller && adapter.replyNeedsBody(command, verdictFor(app, turnedAway));
}

function verdictFor({ enforce, onFailure }: AppSettings, { cause }: Failure): AppSettings['onFailure'] {
  if (enforce === false) return 'allow';
  return cause === 'unauthenticated' ? 'refuse' : onFailure;
}
