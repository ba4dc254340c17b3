/** Asks Sentinels who the master is. */
import { besideOf, type Address } from './address.js';
import { askOnce } from './ask-once.js';
import { itemsOf } from './items.js';
import type { RedisReply } from './redis.js';

/**
 * How to enter is that of the master; Sentinels are mostly open, so that one which refuses it is asked without.
 *
 * @returns what tells the address of the master; it begins with the Sentinel that answered last
 */
export function masterFinder(sentinels: readonly Address[], name: string): () => Promise<Address> {
  let order = sentinels;
  return async () => {
    const errors: unknown[] = [];
    for (const sentinel of order) {
      try {
        const [host, port] = readAddress(await ask(sentinel, name));
        order = [sentinel, ...order.filter((other) => other !== sentinel)];
        return besideOf(sentinel, host, port);
      } catch (error) {
        errors.push(error);
      }
    }
    throw new AggregateError(errors, `no Sentinel knows where the master ${name} is`);
  };
}

async function ask(sentinel: Address, name: string): Promise<RedisReply> {
  const command = ['SENTINEL', 'get-master-addr-by-name', name];
  // Sentinels have no numbered databases.
  const { username, password, ...open } = { ...sentinel, database: 0 };
  const secured = { ...sentinel, database: 0 };
  if (username === undefined && password === undefined) return askOnce(open, command);
  return askOnce(secured, command).catch(() => askOnce(open, command));
}

function readAddress(reply: RedisReply): readonly [string, number] {
  const [host, port] = itemsOf(reply);
  if (typeof host !== 'string' || !(Number(port) > 0)) throw new Error('it knows no such master');
  return [host, Number(port)];
}
