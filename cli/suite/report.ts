/** What a run looks like on a terminal. */
import { withEntries } from '../../engine/live/given-entries.js';
import type { TargetTrace } from '../../engine/trace.js';
import { printable } from '../../store/code-frame.js';
import { formatProblems } from '../../store/report.js';
import { storyOf } from '../explain/why.js';
import { showRemembered } from '../explain/words.js';
import { showDifference } from './diff.js';
import { traceCase } from './history.js';
import type { CaseResult, Mismatch } from './run.js';
import type { SuiteResult, TestRun } from './session.js';
import type { Paint } from './style.js';
import type { Workbench } from './workbench.js';

/** A line per case, then every failure with its place and reason, then the counts. */
export async function reportRun(run: TestRun, bench: Workbench, paint: Paint): Promise<string> {
  if (run.problems.length > 0) return formatProblems(run.problems);
  const suites = run.suites.filter(({ results }) => results.length > 0);
  const failures: string[] = [];
  for (const suite of suites) {
    for (const result of suite.results) {
      if (result.mismatches.length > 0) failures.push(await failureText(suite, result, bench, paint));
    }
  }
  const numbered = failures.map((text, index) => `${index + 1}) ${text}`);
  return [...suites.map((suite) => suiteText(suite, paint)), ...numbered, summaryText(run, paint)].join(
    '\n\n',
  );
}

function suiteText({ file, results }: SuiteResult, paint: Paint): string {
  const lines = results.map(({ case: { name }, mismatches }) =>
    mismatches.length === 0
      ? `  ${paint('green', '✓')} ${printable(name)}`
      : `  ${paint('red', '✗')} ${paint('red', printable(name))}`,
  );
  return [paint('bold', printable(file)), ...lines].join('\n');
}

async function failureText(
  suite: SuiteResult,
  result: CaseResult,
  bench: Workbench,
  paint: Paint,
): Promise<string> {
  const { line, column } = suite.positionOf(result.case.node);
  const place = `${printable(suite.file)}:${line}:${column}`;
  const parts = result.mismatches.flatMap((mismatch) => mismatchLines(suite, mismatch, paint));
  const reasons = await withEntries(result.case.lists, () => reasonLines(result, bench));
  const lines = [...parts, ...reasons.map((reason) => paint('dim', reason))];
  return [
    `${paint('cyan', place)}  ${paint('bold', printable(result.case.name))}`,
    ...lines.flatMap((text) => text.split('\n')).map((text) => `   ${text}`),
  ].join('\n');
}

function mismatchLines(
  suite: SuiteResult,
  { name, node, want, got }: Mismatch,
  paint: Paint,
): readonly string[] {
  const { line, column } = suite.positionOf(node);
  return [`${name} (${line}:${column})`, ...showDifference(want, got, paint).map((text) => `  ${text}`)];
}

/** How it came out as it did. */
async function reasonLines(result: CaseResult, bench: Workbench): Promise<readonly string[]> {
  const traces = await traceCase(result, bench);
  const isAboutRules = result.mismatches.some(({ name }) => /(^|\.)(verdict|rule|matched)$/.test(name));
  return [
    ...(isAboutRules ? await storyLines(result, traces, bench) : []),
    ...traces.flatMap(({ remembered }, index) => {
      if (remembered.size === 0) return [];
      return [`${targetPrefix(result, index)}Remembered: ${showRemembered(remembered)}.`];
    }),
  ];
}

function targetPrefix({ judged }: CaseResult, index: number): string {
  const target = judged?.event.targets[index];
  return target === undefined ? '' : `${target.id}: `;
}

/** Why the rule that was wanted did not decide, or which one did when another verdict was wanted. */
async function storyLines(
  result: CaseResult,
  traces: readonly TargetTrace[],
  bench: Workbench,
): Promise<readonly string[]> {
  const { judged, case: one } = result;
  if (judged === undefined) return [];
  const { event } = judged;
  const wanted = new Set(
    [...one.want.ruling, ...one.want.targets.flatMap(({ ruling }) => ruling)]
      .filter(({ name }) => name === 'rule')
      .map(({ value }) => value),
  );
  const lines: string[] = [];
  for (const [index, trace] of traces.entries()) {
    const { decidedBy } = trace.ruling;
    lines.push(
      `${targetPrefix(result, index)}${decidedBy === null ? 'No rule decided.' : `${decidedBy} decided: ${trace.ruling.verdict}.`}`,
    );
    for (const traced of bench.rules.rules) {
      if (traced.rule.id === decidedBy || !wanted.has(traced.rule.id)) continue;
      lines.push(...(await storyOf(bench, traced, event, trace, index)));
    }
  }
  return lines;
}

function summaryText({ suites, examples, skipped, duration }: TestRun, paint: Paint): string {
  const results = suites.flatMap((suite) => suite.results);
  const failed = results.filter(({ mismatches }) => mismatches.length > 0).length;
  const passed = results.length - failed;
  const counts = [
    ...(failed > 0 ? [paint('red', `${failed} failed`)] : []),
    paint('green', `${passed} passed`),
    ...(skipped > 0 ? [paint('yellow', `${skipped} left out`)] : []),
  ];
  const files = suites.filter((suite) => suite.results.length > 0).length;
  const within = `${files} ${files === 1 ? 'suite' : 'suites'}, ${(duration / 1000).toFixed(2)} s`;
  const inside = examples === 0 ? '' : `; ${examples} examples inside rules hold`;
  return `${counts.join(', ')} in ${within}${inside}`;
}
