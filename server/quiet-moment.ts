/** When to stop accepting connections. */
import type { Server } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** Milliseconds after which a moment is taken that is not quiet. */
const PATIENCE = 200;
/** Milliseconds of a turn in which nothing was done: so few that hardly anybody can have come since the look. */
const SHORT = 0.03;

/**
 * Resolves at a moment when nobody waits to be accepted. The system resets whoever does when the server is
 * closed, with a request that nobody has read and that a proxy in front will not dare to send again.
 */
export async function quietMoment(server: Server): Promise<void> {
  let accepted = 0;
  const count = (): void => void (accepted += 1);
  server.on('connection', count);
  const start = performance.now();
  // The first turn may end without a look at what has come.
  await turn();
  for (;;) {
    const before = accepted;
    const began = performance.now();
    await turn();
    const now = performance.now();
    if ((accepted === before && now - began < SHORT) || now - start > PATIENCE) break;
  }
  server.off('connection', count);
}
