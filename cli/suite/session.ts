/** One run over suites: cases, results, coverage. */
import { withEntries } from '../../engine/live/given-entries.js';
import { findOnExamples } from '../../engine/trace.js';
import type { LocatedProblem } from '../../engine/problem.js';
import type { Position } from '../../store/text.js';
import type { Node } from '../../engine/parse/node.js';
import { recordCoverage, type Coverage } from './coverage.js';
import { findSuites, readSuite, type SuiteFile } from './files.js';
import { traceCase } from './history.js';
import type { RunContext } from './outcome.js';
import { runCase, type CaseResult } from './run.js';
import type { Workbench } from './workbench.js';

export interface SuiteResult {
  readonly file: string;
  readonly results: readonly CaseResult[];
  /** Milliseconds. */
  readonly duration: number;
  /** Where something of the suite stands. */
  positionOf(node: Pick<Node, 'path'>): Position;
}

export interface TestRun {
  readonly suites: readonly SuiteResult[];
  /** Mistakes in the suites themselves; then nothing was run. */
  readonly problems: readonly LocatedProblem[];
  /** Examples inside rules, all of which came out right: else there would be no rules. */
  readonly examples: number;
  /** Cases that a filter left out. */
  readonly skipped: number;
  /** `undefined` unless it was asked for. */
  readonly coverage: Coverage | undefined;
  /** Milliseconds. */
  readonly duration: number;
}

export interface TestOptions {
  /** Files and folders; the rules folder when there are none. */
  readonly paths: readonly string[];
  /** Only cases whose name or file contains this, capitals or not. */
  readonly filter?: string | undefined;
  /** Whether coverage is recorded, which takes time with many rules. */
  readonly coverage: boolean;
}

/** Runs suites. @throws UserError when a path leads to none */
export async function runSuites(bench: Workbench, options: TestOptions): Promise<TestRun> {
  const begin = performance.now();
  const { rules } = bench.rules;
  const files = await findSuites(options.paths.length === 0 ? [bench.folder] : options.paths);
  // Whether an app only observes for now does not concern what its rules are meant to do.
  const apps = bench.apps.map((app) => ({ ...app, enforce: true }));
  const ruleIds = rules.map(({ rule }) => rule.id);
  const { lists, memory } = bench.rules;
  const read = await Promise.all(files.map((file) => readSuite(file, { apps, ruleIds, lists, memory })));
  const problems = read.flatMap((suite) => suite.problems);
  const suites: SuiteResult[] = [];
  if (problems.length === 0) {
    for (const suite of read)
      suites.push(await runSuite({ rules: bench.rules.ruleSet, apps }, suite, options.filter));
  }
  const ran = suites.reduce((sum, { results }) => sum + results.length, 0);
  const written = read.reduce((sum, { cases }) => sum + cases.length, 0);
  return {
    suites,
    problems,
    examples: rules.reduce((sum, { rule }) => sum + rule.examples.length, 0),
    skipped: problems.length === 0 ? written - ran : 0,
    coverage: options.coverage && problems.length === 0 ? await coverageOf(bench, suites) : undefined,
    duration: performance.now() - begin,
  };
}

async function runSuite(context: RunContext, suite: SuiteFile, filter = ''): Promise<SuiteResult> {
  const begin = performance.now();
  const wanted = filter.toLowerCase();
  const isWanted = (name: string): boolean => `${suite.file} ${name}`.toLowerCase().includes(wanted);
  const results: CaseResult[] = [];
  for (const one of suite.cases) if (isWanted(one.name)) results.push(await runCase(one, context));
  return {
    file: suite.file,
    results,
    duration: performance.now() - begin,
    positionOf: ({ path }) => suite.source?.locate(path) ?? { line: 1, column: 1 },
  };
}

/** Examples count as well: each is judged by its own rule alone. */
async function coverageOf(bench: Workbench, suites: readonly SuiteResult[]): Promise<Coverage> {
  const { rules } = bench;
  const recorder = recordCoverage(rules.rules);
  for (const traced of rules.rules) {
    for (const finding of await findOnExamples(traced))
      if (finding !== undefined) recorder.add(traced, finding);
  }
  for (const result of suites.flatMap(({ results }) => results)) {
    const traces = await withEntries(result.case.lists, () => traceCase(result, bench));
    for (const trace of traces) recorder.addTrace(trace);
  }
  return recorder.result();
}

/** Whether anything went wrong. */
export function hasFailed({ suites, problems }: TestRun): boolean {
  return (
    problems.length > 0 ||
    suites.some(({ results }) => results.some(({ mismatches }) => mismatches.length > 0))
  );
}
