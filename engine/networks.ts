/** Networks of IP addresses. */
import ipaddr from 'ipaddr.js';

/** A network; a single address is one with the longest prefix. */
export type Network = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number];

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; `undefined` for anything else. */
export function parseNetwork(text: string): Network | undefined {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    return undefined;
  }
}

/** Whether an address is in one of the networks. An IPv4 address that is written as an IPv6 one is an IPv4 one. */
export function isInNetwork(text: string, networks: readonly Network[]): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return networks.some(
    ([network, prefix]) => address.kind() === network.kind() && address.match(network, prefix),
  );
}
