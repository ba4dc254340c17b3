/** Whether a request comes from where an app's callers are. */
import type { IncomingMessage } from 'node:http';
import type { AppSettings, Failure } from '../../adapters/index.js';
import { isInNetwork, parseNetwork, type Network } from '../../engine/networks.js';
import type { TrustProxy } from '../../store/config.js';
import { clientAddressOf, type TrustedProxies } from './client-address.js';

/** Why the caller is a stranger; `undefined` when it may call. */
export type Admission = (request: IncomingMessage) => Failure | undefined;

/** The check of an app's `networks`, which admits everybody where there are none. */
export function createAdmission({ networks }: AppSettings, trustProxy: TrustProxy | undefined): Admission {
  if (networks === undefined) return () => undefined;
  const admitted = networksIn(networks);
  const proxies = trustedProxies(trustProxy);
  return (request) => {
    const address = clientAddressOf(request, proxies);
    if (address !== undefined && isInNetwork(address, admitted)) return undefined;
    const message = `called from ${address ?? 'an unknown address'}, which is not in \`networks\``;
    return { cause: 'unauthenticated', message };
  };
}

function trustedProxies(trustProxy: TrustProxy | undefined): TrustedProxies {
  return typeof trustProxy === 'object' ? networksIn(trustProxy) : (trustProxy ?? 0);
}

function networksIn(texts: readonly string[]): readonly Network[] {
  return texts.map(parseNetwork).filter((network) => network !== undefined);
}
