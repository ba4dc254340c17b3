/** What `CLUSTER SLOTS` and redirections say. */
import { besideOf, type Address } from './address.js';
import { itemsOf } from './items.js';
import type { RedisReply } from './redis.js';

export interface SlotRange {
  readonly from: number;
  readonly to: number;
  readonly master: Address;
}

/** @param asked the node that answered: it is meant where a host is left out, and all are entered as it is */
export function readSlots(reply: RedisReply, asked: Address): SlotRange[] {
  return itemsOf(reply).flatMap((range) => {
    const [from, to, master] = itemsOf(range);
    const [host, port] = itemsOf(master);
    if (typeof from !== 'number' || typeof to !== 'number' || typeof port !== 'number') return [];
    return [{ from, to, master: besideOf(asked, hostOf(host, asked), port) }];
  });
}

/** Redis 7 says `?` and earlier ones an empty text when they do not know their own address. */
function hostOf(host: RedisReply | undefined, asked: Address): string {
  return typeof host === 'string' && host !== '' && host !== '?' ? host : asked.host;
}

export interface Redirection {
  readonly isLasting: boolean;
  readonly host: string;
  readonly port: number;
}

/** Reads `MOVED 3999 127.0.0.1:6381` and `ASK 3999 127.0.0.1:6381`. */
export function readRedirection(message: string): Redirection | undefined {
  const found = /^(MOVED|ASK) \d+ (.*):(\d+)$/.exec(message);
  if (found === null) return undefined;
  const [, kind, host = '', port] = found;
  return { isLasting: kind === 'MOVED', host, port: Number(port) };
}
