/** A process of its own that writes to Redis: is told what, says `ready`, begins at `go`, and reports the results. */
import { createRedisStateStore } from '../../../state/redis/store.js';
import { connected } from './rig.js';
import type { Assignment, Report } from './writer-messages.js';

async function write({ settings, writers }: Assignment): Promise<void> {
  const { redis } = await connected(settings);
  const store = createRedisStateStore(redis);
  // Everyone begins together, so that they really are at the same keys at the same time.
  process.once('message', () => void writeAll());
  process.send?.('ready');

  async function writeAll(): Promise<void> {
    const report: Report = await Promise.all(
      writers.map(async (runs) => {
        const all: (readonly number[])[] = [];
        for (const commands of runs) all.push((await store.run(commands)).results);
        return all;
      }),
    );
    process.send?.(report, () => process.exit());
  }
}

process.once('message', (assignment: Assignment) => void write(assignment));
