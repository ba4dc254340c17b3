/** `npm run soak`: load, reloads and faults together; ends with a table, and with 1 when a callback fared ill. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { alignRows } from '../report/text.js';
import { assess } from './outcome.js';
import { soak } from './soak.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    workers: { type: 'string', default: availableParallelism() > 1 ? '2' : '1' },
  },
});
const [seconds, workers] = [Number(values.seconds), Number(values.workers)];

if (!(seconds >= 1 && seconds <= 86_400) || !Number.isInteger(workers) || workers < 1) {
  process.stderr.write('npm run soak [-- [--seconds 60] [--workers 2]]\n');
  process.exitCode = 2;
} else {
  process.stderr.write(`Soaking for ${seconds} s with ${workers} workers.\n`);
  const { rows, faults } = assess(await soak({ seconds, workers }));
  process.stdout.write(`${alignRows(rows)}\n`);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
