/** `callgate test`: runs test suites of the rules. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { percentOf } from './suite/coverage.js';
import { coverageTable, summaryOf } from './suite/coverage-table.js';
import { junitOf } from './suite/junit.js';
import { reportRun } from './suite/report.js';
import { hasFailed, runSuites, type TestRun } from './suite/session.js';
import { paintFor, type Paint } from './suite/style.js';
import { orUserError, UserError } from './suite/user-error.js';
import { openWorkbench, type Workbench } from './suite/workbench.js';

interface TestCommandOptions {
  readonly config?: string;
  readonly rules?: string;
  readonly filter?: string;
  readonly junit?: string;
  readonly coverage?: true;
  readonly minCoverage?: number;
}

export function registerTest(program: Command): void {
  program
    .command('test')
    .description('Run test suites (*.test.yaml) of the rules.')
    .argument('[path...]', 'suites, or folders with suites (default: the rules folder)')
    .option('--config <file>', 'configuration file (default: config.yaml here, else the shipped one)')
    .option('--rules <folder>', 'rules folder, instead of the configured one')
    .option('--filter <text>', 'only cases whose name or file contains the text')
    .option('--coverage', 'print which outcomes of rules and conditions no test has seen')
    .option('--min-coverage <percent>', 'fail when fewer outcomes are seen', readPercent)
    .option('--junit <file>', 'write the results as JUnit XML')
    .addHelpText('after', EXAMPLE)
    .action((paths: string[], options: TestCommandOptions) => orUserError(() => test(paths, options)));
}

const EXAMPLE = `
A suite:
  cases:
    - name: nobody blocks the support team
      given: { event.kind: block.add, platform: openim, actor.id: alice, target.id: support_1 }
      want: { verdict: refuse, rule: support-stays-reachable }
    - name: everybody else can be blocked, as OpenIM asks
      request:
        platform: openim
        body: { callbackCommand: callbackBeforeAddBlackCommand, ownerUserID: alice, blackUserID: bob }
      want: none

docs/testing-rules.md tells all of it.`;

function readPercent(text: string): number {
  const percent = Number(text);
  if (text.trim() === '' || !(percent >= 0 && percent <= 100)) {
    throw new InvalidArgumentError('Expected a number from 0 to 100.');
  }
  return percent;
}

async function test(paths: readonly string[], options: TestCommandOptions): Promise<void> {
  const { filter, minCoverage, junit } = options;
  const bench = await openWorkbench(options);
  const coverage = options.coverage === true || minCoverage !== undefined;
  const run = await runSuites(bench, { paths, filter, coverage });
  const paint = paintFor(process.stdout, process.env);
  process.stdout.write(`${await textOf(run, bench, paint, options)}\n`);
  if (junit !== undefined) writeJunit(junit, run);
  if (hasFailed(run) || isEmpty(run) || isBelow(run, minCoverage)) process.exitCode = 1;
}

async function textOf(
  run: TestRun,
  bench: Workbench,
  paint: Paint,
  { coverage, minCoverage }: TestCommandOptions,
): Promise<string> {
  const parts = [await reportRun(run, bench, paint)];
  if (isEmpty(run)) parts.push(paint('red', nothingRan(run)));
  if (run.coverage !== undefined) {
    parts.push(coverage === true ? coverageTable(run.coverage, bench, paint) : summaryOf(run.coverage));
  }
  if (isBelow(run, minCoverage)) parts.push(paint('red', `Coverage is below ${minCoverage ?? 0} %.`));
  return parts.join('\n\n');
}

/** A run of nothing proves nothing: a misspelt filter or folder must not look like success. */
function isEmpty({ suites, problems }: TestRun): boolean {
  return problems.length === 0 && suites.every(({ results }) => results.length === 0);
}

function nothingRan({ skipped }: TestRun): string {
  return skipped > 0
    ? 'No test was run: none has the text of --filter.'
    : 'No test was run: there is no *.test.yaml.';
}

function isBelow({ coverage }: TestRun, minCoverage: number | undefined): boolean {
  return coverage !== undefined && minCoverage !== undefined && percentOf(coverage) < minCoverage;
}

function writeJunit(file: string, run: TestRun): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, junitOf(run));
  } catch (error) {
    throw new UserError(
      `${file}: cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
