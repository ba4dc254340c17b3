import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  return port;
}

const ATTEMPTS = 3000;

/**
 * Waits until a URL answers.
 *
 * @param isGood whether the status is the one that is waited for; any will do without it
 * @throws Error after five minutes
 */
export async function waitFor(url: string, isGood: (status: number) => boolean = () => true): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response !== undefined && isGood(response.status)) return;
    await setTimeout(100);
  }
  throw new Error(`${url} does not answer`);
}
