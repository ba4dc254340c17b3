/** Fills a memory store with keys and tells what they take. The argument is the number of keys. */
import { createMemoryStateStore } from '../../state/memory/store.js';
import { additionOf } from './commands.js';

const [count = '0'] = process.argv.slice(2);
const keys = Number(count);

function inUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const store = createMemoryStateStore({ maxKeys: keys + 1 });
const before = inUse();
for (let key = 0; key < keys; key += 1) store.run([additionOf(key)]);
process.send?.({ bytesPerKey: (inUse() - before) / keys, keys: store.counts().keys });
