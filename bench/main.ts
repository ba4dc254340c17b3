/** `npm run bench`: measures, and tells what came out. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHMARKS } from './suite.js';
import type { Benchmark, Surroundings } from './benchmark.js';
import { toCheck, toJson, toMarkdown, toText } from './report/formats.js';
import { describeMachine } from './report/machine.js';
import { assessResults, type ResultGroup, type Results } from './report/results.js';
import { withFigures } from './report/page.js';
import { projectRoot } from './root.js';

const USAGE = `npm run bench [-- NAME...] [-- options]

  NAME              one of ${BENCHMARKS.map(({ name }) => name).join(', ')}; all without one
  --rounds <n>      how often everything is measured (7); the median counts
  --json            figures for programs
  --markdown        the figures section of docs/benchmarks.md
  --write           put that section into docs/benchmarks.md
  --check           only the targets that are not reached; exit with 1 when there are any
`;

const PAGE = join(projectRoot, 'docs', 'benchmarks.md');

interface Options {
  readonly benchmarks: readonly Benchmark[];
  readonly rounds: number;
  readonly format: (results: Results) => string;
  readonly write: boolean;
  readonly check: boolean;
}

/** A command line that makes no sense; the message is for people. */
class UsageError extends Error {}

function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) throw new UsageError(`There is no benchmark "${unknown}".`);
  const rounds = Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new UsageError('--rounds wants a whole number from 1.');
  return {
    benchmarks: BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    rounds,
    format: formatFor(values),
    write: values.write,
    check: values.check,
  };
}

function formatFor(flags: { json: boolean; markdown: boolean; check: boolean }): Options['format'] {
  if (flags.json) return toJson;
  if (flags.markdown) return toMarkdown;
  return flags.check ? toCheck : toText;
}

async function run({ benchmarks, rounds }: Options): Promise<Results> {
  const groups: ResultGroup[] = [];
  for (const benchmark of benchmarks) {
    const say: Surroundings['say'] = (progress) =>
      void process.stderr.write(`${benchmark.name}: ${progress}\n`);
    groups.push({ benchmark, figures: await benchmark.measure({ rounds, say }) });
  }
  const date = new Date(Date.now()).toISOString().slice(0, 10);
  return {
    date,
    rounds,
    machine: describeMachine(),
    groups,
    isComplete: benchmarks.length === BENCHMARKS.length,
  };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const results = await run(options);
  process.stdout.write(options.format(results));
  if (options.write) writeFileSync(PAGE, withFigures(readFileSync(PAGE, 'utf8'), toMarkdown(results)));
  const missed = assessResults(results).filter(({ isReached }) => !isReached);
  if (options.check && missed.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError) && !isArgumentError(error)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

/** Thrown by `parseArgs`. */
function isArgumentError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
