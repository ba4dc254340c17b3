import { availableParallelism } from 'node:os';
import type { Benchmark } from '../benchmark.js';
import { ratios, type Figure } from '../figure.js';
import { generateRefusingRules, writeRulesFolder } from '../rules/folder.js';
import { SEED } from '../seed.js';
import { mixedTraffic } from '../workload/traffic.js';
import { requestsOf } from './http.js';
import { sendLoad } from './load.js';
import { startCallgate } from './target.js';

/** Two workers and the load generator. */
const CORES = 3;
const SECONDS = 3;

export const workers: Benchmark = {
  name: 'workers',
  title: 'Two workers against one',
  explains: [
    'Callbacks per second with `server.workers: 2` and with `1`, 10,000 rules, nothing bound to a core. It',
    'takes three cores to show what a second worker brings: on two, the load generator takes its part away.',
  ].join(' '),
  async measure({ rounds, say }) {
    const rules = generateRefusingRules(10_000);
    const callbacks = mixedTraffic(rules, { count: 1000, seed: SEED });
    const folders = [1, 2].map((count) => [count, writeRulesFolder(`workers-${count}`, rules)] as const);
    const rates = new Map<number, number[]>();
    for (const [count, folder] of folders) {
      const target = await startCallgate({ name: 'workers', rules: folder, workers: count, isPinned: false });
      const samples: number[] = [];
      for (let round = 0; round <= rounds; round += 1) {
        say(`${count} workers, round ${round} of ${rounds}`);
        const requests = requestsOf(callbacks);
        const load = { port: target.port, requests, seconds: SECONDS, connections: 64, isPinned: false };
        const { answers, seconds } = await sendLoad(load);
        // Round 0 warms up.
        if (round > 0) samples.push(answers / seconds);
      }
      rates.set(count, samples);
      await target.child.stop();
    }
    return figuresOf(rates.get(1) ?? [], rates.get(2) ?? []);
  },
};

function figuresOf(one: readonly number[], two: readonly number[]): readonly Figure[] {
  const cores = availableParallelism();
  const note = cores < CORES ? ` (only ${cores} cores, the load generator included)` : '';
  return [
    { id: 'workers.one.rate', label: 'one worker', unit: 'callbacks/s', samples: one },
    { id: 'workers.two.rate', label: 'two workers', unit: 'callbacks/s', samples: two },
    { id: 'workers.two', label: `two workers against one${note}`, unit: 'times', samples: ratios(two, one) },
  ];
}
