/** The server, or the servers, behind a connection. */
import type { Address } from './address.js';
import { itemsOf } from './items.js';
import { createLink, type Command } from './link.js';
import type { RedisReply } from './redis.js';

export interface Nodes {
  /** Rejects as `Link.send` does. */
  send(key: string | null, command: Command): Promise<RedisReply>;
  /** A server whose channels can be listened to. @throws Error when none can be found */
  findAny(): Promise<Address>;
  isUp(): boolean;
  close(): Promise<void>;
}

export interface NodesOptions {
  readonly timeout: number;
  /** Something may have changed: a connection is there, or one is lost, or an attempt failed. */
  readonly onChange: (error?: Error) => void;
}

/** A server that is asked for whether it is there, or the one that a place tells at the time. */
export function createOneNode(
  find: () => Promise<Address>,
  greeting: 'PING' | 'ROLE',
  { timeout, onChange }: NodesOptions,
): Nodes {
  const link = createLink({
    find,
    greet: async (client) => {
      const reply = await client.sendCommand<RedisReply>([greeting]);
      const [role] = itemsOf(reply);
      if (greeting === 'ROLE' && role !== 'master') throw new Error(`is no master but ${String(role)}`);
    },
    timeout,
    onUp: () => onChange(),
    onDown: onChange,
  });
  return {
    send: (_key, command) => link.send(command),
    findAny: find,
    isUp: () => link.client() !== undefined,
    close: link.close,
  };
}
