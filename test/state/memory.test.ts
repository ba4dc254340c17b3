import { createMemoryStateStore } from '../../state/memory/store.js';
import { describeStateStore } from './contract.js';

describeStateStore(
  'memory',
  () => Promise.resolve({ store: createMemoryStateStore(), close: () => Promise.resolve() }),
  { sequences: 1000 },
);
