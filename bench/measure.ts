/** Times functions against each other. */
import { Bench } from 'tinybench';

/** Something that is timed. */
export interface Contender {
  readonly name: string;
  /** Calls that one run makes; their cost is shared out. */
  readonly calls: number;
  readonly run: () => void | Promise<void>;
}

/** Milliseconds that each contender gets in each round. */
const TIME = 300;
const WARM_UP = 150;

/**
 * Times all contenders in turn, round after round, so that a disturbance hits all of them alike.
 *
 * @returns for each name the microseconds of one call: the median run of each round
 */
export async function timeRounds(
  contenders: readonly Contender[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, calls, run } of contenders) {
      const bench = new Bench({
        time: TIME,
        iterations: 3,
        warmupTime: round === 0 ? WARM_UP : 0,
        warmupIterations: 1,
        throws: true,
        // Without it, tinybench would call the function once more to find out.
      }).add(name, run, { async: true });
      const [task] = await bench.run();
      if (task?.result.state !== 'completed') throw new Error(`${name} could not be timed`);
      times.get(name)?.push((task.result.latency.p50 * 1000) / calls);
    }
  }
  return times;
}
