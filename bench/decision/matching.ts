import { isDeepStrictEqual } from 'node:util';
import type { PreparedEvent } from '../workload/traffic.js';
import type { Judge } from './contender.js';

/** Events for which a judge finds exactly so many rules. @throws Error when there are fewer such events than wanted */
export async function withMatches(
  judge: Judge,
  events: readonly PreparedEvent[],
  matches: number,
  wanted: number,
): Promise<readonly PreparedEvent[]> {
  const fitting: PreparedEvent[] = [];
  for (const event of events) {
    if (fitting.length === wanted) break;
    if ((await judge(event)).length === matches) fitting.push(event);
  }
  if (fitting.length < wanted) throw new Error(`only ${fitting.length} events match ${matches} rules`);
  return fitting;
}

/** @throws Error when a judge disagrees with the first one about an event */
export async function assertAgreement(
  judges: readonly (readonly [name: string, judge: Judge])[],
  events: readonly PreparedEvent[],
): Promise<void> {
  const [first, ...others] = judges;
  if (first === undefined) return;
  for (const event of events) {
    const expected = [...(await first[1](event))].sort();
    for (const [name, judge] of others) {
      const found = [...(await judge(event))].sort();
      if (!isDeepStrictEqual(found, expected)) {
        throw new Error(`${name} finds [${found.join()}] where ${first[0]} finds [${expected.join()}]`);
      }
    }
  }
}
