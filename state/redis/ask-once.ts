/** One question on a connection of its own. */
import type { Address } from './address.js';
import { openClient } from './client.js';
import type { Command } from './link.js';
import type { RedisReply } from './redis.js';

/** @throws Error when the server cannot be reached or does not answer */
export async function askOnce(address: Address, command: Command): Promise<RedisReply> {
  let reply: RedisReply = null;
  const client = await openClient(
    address,
    async (opened) => {
      reply = await opened.sendCommand<RedisReply>(command);
    },
    () => undefined,
  );
  client.destroy();
  return reply;
}
