/** One TCP or TLS connection, opened once: who keeps it (`link.ts`) opens another when it is lost. */
import { isIP } from 'node:net';
import { createClient } from '@redis/client';
import { nameOf, type Address } from './address.js';
import { OverdueError, within } from './within.js';

export type Client = ReturnType<typeof createUnopened>;

/** Milliseconds for a connection to be there and to have answered for the first time. */
export const MOST_TO_OPEN = 2000;

/**
 * @param greet asks whether the server is the one that is wanted, and ready
 * @param onLost called once, when the connection is lost after it was opened
 * @throws Error that names the server when it cannot be had
 */
export async function openClient(
  address: Address,
  greet: (client: Client) => Promise<void>,
  onLost: (client: Client, error: Error) => void,
): Promise<Client> {
  const client = createUnopened(address);
  let tell: (error: Error) => void = () => undefined;
  client.on('error', (error: Error) => tell(error));
  // A process that has nothing else to do may end; what waits for an answer keeps it going.
  client.unref();
  try {
    await within(
      client.connect().then(() => greet(client)),
      MOST_TO_OPEN,
    );
  } catch (error) {
    client.destroy();
    throw new Error(`${nameOf(address)}: ${reasonOf(error)}`, { cause: error });
  }
  tell = (error) => {
    tell = () => undefined;
    onLost(client, new Error(`${nameOf(address)}: ${error.message}`, { cause: error }));
  };
  return client;
}

function createUnopened({ host, port, isTls, username, password, database }: Address) {
  return createClient({
    // What every version of Redis and Valkey, and every proxy for them, speaks without being asked.
    RESP: 2,
    socket: {
      host,
      port,
      // Only names are told to the server (RFC 6066); the certificate is checked all the same.
      ...(isTls && { tls: true, ...(isIP(host) === 0 && { servername: host }) }),
      connectTimeout: MOST_TO_OPEN,
      reconnectStrategy: false,
    },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    database,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    // The time of a command is measured by the link, until the answer and not only until it is sent.
    commandOptions: { timeout: 0 },
  });
}

/** Node tells of several addresses of one name as an error without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  if (error instanceof OverdueError) return `not there within ${MOST_TO_OPEN} ms`;
  return error instanceof Error ? error.message : String(error);
}
