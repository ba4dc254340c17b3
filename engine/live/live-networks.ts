/** Whether an address is in one of many networks, which come and go: a look-up for each prefix length. */
import ipaddr from 'ipaddr.js';
import { parseNetwork, type Network } from '../networks.js';

export interface LiveNetworks {
  /** An entry that is no network is passed over. */
  add(entry: string): void;
  remove(entry: string): void;
  /** The same as `isInNetwork` with all networks. */
  holds(address: string): boolean;
}

type Address = Network[0];

export function createLiveNetworks(): LiveNetworks {
  /** By kind and prefix length: how many entries are each network, by its leading bytes. */
  const tables = new Map<string, { prefix: number; networks: Map<string, number> }>();

  return {
    add(entry) {
      const network = parseNetwork(entry);
      if (network === undefined) return;
      const [address, prefix] = network;
      const name = `${address.kind()} ${prefix}`;
      let table = tables.get(name);
      if (table === undefined) {
        table = { prefix, networks: new Map() };
        tables.set(name, table);
      }
      const key = leadingBytes(address.toByteArray(), prefix);
      table.networks.set(key, (table.networks.get(key) ?? 0) + 1);
    },
    remove(entry) {
      const network = parseNetwork(entry);
      if (network === undefined) return;
      const [address, prefix] = network;
      const name = `${address.kind()} ${prefix}`;
      const networks = tables.get(name)?.networks;
      const key = leadingBytes(address.toByteArray(), prefix);
      const left = (networks?.get(key) ?? 0) - 1;
      if (left > 0) networks?.set(key, left);
      else networks?.delete(key);
      if (networks?.size === 0) tables.delete(name);
    },
    holds(text) {
      if (tables.size === 0 || !ipaddr.isValid(text)) return false;
      const address: Address = ipaddr.process(text);
      const kind = address.kind();
      const bytes = address.toByteArray();
      for (const [name, { prefix, networks }] of tables) {
        if (name.startsWith(kind) && networks.has(leadingBytes(bytes, prefix))) return true;
      }
      return false;
    },
  };
}

/** The bytes of a network as characters, those behind the prefix left out, the one it cuts through masked. */
function leadingBytes(bytes: readonly number[], prefix: number): string {
  const whole = prefix >> 3;
  const rest = prefix & 7;
  const cut = rest === 0 ? [] : [(bytes[whole] ?? 0) & (0xff00 >> rest)];
  return String.fromCharCode(...bytes.slice(0, whole), ...cut);
}
