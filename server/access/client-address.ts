/** Where a request comes from, through the proxies that are trusted to say so. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isInNetwork, type Network } from '../../engine/networks.js';

/** How many proxies stand in front, or where they are; 0 when none is trusted. */
export type TrustedProxies = number | readonly Network[];

/**
 * The caller's IP address; `undefined` when it cannot be known. Each proxy appends the address of who
 * called it to X-Forwarded-For, so the header is read from its end, and no further than what a trusted
 * proxy wrote: what stands before may be made up.
 */
export function clientAddressOf(request: IncomingMessage, proxies: TrustedProxies): string | undefined {
  const peer = addressIn(request.socket.remoteAddress);
  if (proxies === 0) return peer;
  const forwarded = forwardedFor(request);
  if (typeof proxies === 'number') return addressIn(forwarded.at(-proxies));
  let address = peer;
  while (address !== undefined && isInNetwork(address, proxies) && forwarded.length > 0) {
    address = addressIn(forwarded.pop());
  }
  return address;
}

function forwardedFor({ headers }: IncomingMessage): string[] {
  const header = headers['x-forwarded-for'];
  const text = typeof header === 'object' ? header.join() : header;
  return text === undefined ? [] : text.split(',');
}

/** An address, perhaps with a port, as some proxies write it. */
function addressIn(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  const candidates = [
    trimmed,
    /^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(trimmed)?.[1],
    /^([\d.]+):\d+$/.exec(trimmed)?.[1],
  ];
  return candidates.find((candidate) => candidate !== undefined && isIP(candidate) !== 0);
}
