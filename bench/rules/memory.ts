import type { Benchmark } from '../benchmark.js';
import type { Figure } from '../figure.js';
import { requestsOf } from '../http/http.js';
import { sendLoad } from '../http/load.js';
import { startCallgate } from '../http/target.js';
import { SEED } from '../seed.js';
import { mixedTraffic } from '../workload/traffic.js';
import { generateRefusingRules, writeRulesFolder } from './folder.js';

const COUNTS = [0, 10_000, 100_000] as const;
const MIB = 2 ** 20;

export const memory: Benchmark = {
  name: 'memory',
  title: 'Memory',
  explains: [
    'What a process of `callgate start` holds after it has loaded its rules and answered callbacks for five',
    'seconds, one in ten matching a rule; garbage is collected before it is asked. Resident memory is what',
    'the system counts, heap the part of it that JavaScript objects in use take.',
  ].join(' '),
  async measure({ say }) {
    const figures: Figure[] = [];
    const callbacks = mixedTraffic(generateRefusingRules(10_000), { count: 1000, seed: SEED });
    for (const count of COUNTS) {
      say(`${count.toLocaleString('en-US')} rules`);
      const rules = generateRefusingRules(count);
      const target = await startCallgate({
        name: 'memory',
        rules: writeRulesFolder(`memory-${count}`, rules),
        nodeOptions: ['--expose-gc'],
      });
      const requests = requestsOf(callbacks);
      await sendLoad({ port: target.port, requests, seconds: 5, connections: 16 });
      const { resident, heap } = await target.child.usage();
      await target.child.stop();
      const label = `${count.toLocaleString('en-US')} rules`;
      figures.push(
        { id: `memory.${count}`, label: `resident, ${label}`, unit: 'MiB', samples: [resident / MIB] },
        { id: `memory.${count}.heap`, label: `heap, ${label}`, unit: 'MiB', samples: [heap / MIB] },
      );
    }
    return figures;
  },
};
