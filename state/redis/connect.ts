/** Connects to Redis or Valkey: one server, one behind Sentinels, or a Cluster. */
import { createMask, parseAddress, type Address } from './address.js';
import { createCluster } from './cluster.js';
import { createOneNode, type Nodes, type NodesOptions } from './nodes.js';
import type { Redis, RedisSettings, RedisStatus } from './redis.js';
import { masterFinder } from './sentinel.js';
import { createSubscriber } from './subscriber.js';

export interface ConnectOptions {
  /** Called for each loss and each failed attempt, with a message that holds no passwords. */
  readonly onError: (error: Error) => void;
}

/**
 * Begins to connect, and keeps connected from then on.
 *
 * @throws Error when a URL cannot be read
 */
export function connectRedis(settings: RedisSettings, { onError }: ConnectOptions): Redis {
  const [first, ...others] = settings.urls.map(parseAddress);
  if (first === undefined) throw new Error('there is no URL to connect to');
  const addresses: readonly [Address, ...Address[]] = [first, ...others];
  const mask = createMask(addresses);
  const listeners = new Set<(status: RedisStatus) => void>();
  let status: RedisStatus = { connected: false, since: Date.now() };

  function onChange(error?: Error): void {
    const message = error === undefined ? status.lastError : mask(error.message);
    const connected = nodes.isUp();
    const hasTurned = connected !== status.connected;
    status = {
      connected,
      since: hasTurned ? Date.now() : status.since,
      ...(message !== undefined && { lastError: message }),
    };
    if (error !== undefined) onError(new Error(mask(error.message)));
    if (hasTurned) for (const listener of listeners) listener(status);
  }

  const nodes = createNodes(settings, addresses, { timeout: settings.timeout, onChange });
  const subscriber = createSubscriber(nodes.findAny, settings.timeout);
  return {
    settings,
    send: nodes.send,
    subscribe: subscriber.subscribe,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    status: () => status,
    async close() {
      await Promise.all([nodes.close(), subscriber.close()]);
    },
  };
}

function createNodes(
  { mode, name = '' }: RedisSettings,
  addresses: readonly [Address, ...Address[]],
  options: NodesOptions,
): Nodes {
  switch (mode) {
    case 'single':
      return createOneNode(() => Promise.resolve(addresses[0]), 'PING', options);
    case 'sentinel':
      return createOneNode(masterFinder(addresses, name), 'ROLE', options);
    case 'cluster':
      return createCluster(addresses, options);
  }
}
