/** Addresses for people. */

/** Where to listen; port 0 takes any free one. */
export interface Address {
  /** Host name or IP address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `HOST:PORT`, with brackets around an IPv6 address. */
export function formatAddress({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The address as the beginning of a URL, without a slash at its end. */
export function originOf(address: Address, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://${formatAddress(address)}`;
}
