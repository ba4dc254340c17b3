/**
 * Accepts connections and hands them to workers.
 *
 * The primary keeps a handle until the worker says that it has its own: a worker that dies takes none with
 * it that it has not begun to serve. node:cluster has no such answer; there, each worker that is killed
 * costs the connection that is on its way to it (docs/decisions/0008-handing-over-connections.md).
 */
import { createServer, type Socket } from 'node:net';
import type { Address } from '../address.js';
import { listen } from '../listener.js';
import { quietMoment } from '../quiet-moment.js';
import type { Member } from './member.js';

export interface Acceptor {
  /** Where it really listens: never port 0. */
  readonly address: Address;
  /** Hands a connection to a worker, or keeps it until there is one. */
  give(connection: Socket): void;
  /** Hands over what had to wait. */
  offer(): void;
  /** Stops accepting and hands over what waits. What nobody can take is closed. */
  close(): Promise<void>;
}

/** Connections that may wait for a worker. */
const MOST_WAITING = 10_000;

/** Starts to accept. @throws ListenError */
export async function openAcceptor(address: Address, members: () => readonly Member[]): Promise<Acceptor> {
  const waiting: Socket[] = [];
  let turn = 0;
  let isOpen = true;

  function give(connection: Socket): void {
    turn += 1;
    const member = nextOf(members(), turn);
    if (member !== undefined) member.give(connection);
    else if (isOpen && waiting.length < MOST_WAITING) waiting.push(connection);
    else connection.destroy();
  }

  function offer(): void {
    for (const connection of waiting.splice(0)) give(connection);
  }

  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (connection) => {
    connection.on('error', () => undefined);
    give(connection);
  });
  const opened = await listen(server, address);
  return {
    address: opened,
    give,
    offer,
    async close() {
      await quietMoment(server);
      isOpen = false;
      server.close();
      offer();
    },
  };
}

/** The worker with the fewest connections that it has not taken; those that are equal take turns. */
export function nextOf(members: readonly Member[], turn: number): Member | undefined {
  const serving = members.filter((member) => member.state() === 'serving');
  const fewest = Math.min(...serving.map((member) => member.untaken()));
  const free = serving.filter((member) => member.untaken() === fewest);
  return free[turn % free.length];
}
