/** Found problems in the forms that people, programs and GitHub read. */
import { describeRules } from '../server/banner.js';
import type { RuleSet } from '../engine/rule-set.js';
import type { LocatedProblem } from '../engine/problem.js';
import { printable } from '../store/code-frame.js';
import { formatProblems, summarize } from '../store/report.js';
import type { CheckResult } from './check-project.js';

export const CHECK_FORMATS = ['text', 'github', 'json'] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** @returns the report, with a line break at its end */
export function reportOf(result: CheckResult, format: CheckFormat): string {
  return `${REPORTS[format](result)}\n`;
}

const REPORTS: Readonly<Record<CheckFormat, (result: CheckResult) => string>> = {
  text: ({ problems, rules }) => (problems.length === 0 ? summary(rules) : formatProblems(problems)),
  json: ({ problems, rules }) => {
    const errors = count(problems, 'error');
    const warnings = count(problems, 'warning');
    const found = rules === null ? null : countsOf(rules);
    return JSON.stringify({ ok: errors === 0, errors, warnings, rules: found, problems }, null, 2);
  },
  github: ({ problems, rules }) =>
    [...problems.map(workflowCommand), problems.length === 0 ? summary(rules) : summarize(problems)].join(
      '\n',
    ),
};

function summary(rules: CheckResult['rules']): string {
  if (rules === null) return 'No problems. The rules are checked when they are published.';
  return `No problems: ${describeRules(countsOf(rules))}.`;
}

function countsOf({ rules, files, lists, revision }: RuleSet) {
  const modes = { enforce: 0, shadow: 0, off: 0 };
  for (const { mode } of rules) modes[mode] += 1;
  return { rules: modes, files, lists, revision };
}

function count(problems: readonly LocatedProblem[], wanted: LocatedProblem['severity']): number {
  return problems.filter(({ severity }) => severity === wanted).length;
}

/**
 * A workflow command, which GitHub shows beside the line of the file. Source: "Workflow commands for
 * GitHub Actions", and for the escapes `actions/toolkit packages/core/src/command.ts`.
 */
function workflowCommand({ severity, file, line, column, code, message, hint }: LocatedProblem): string {
  const properties = { file, line: String(line), col: String(column), title: code };
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  const text = hint === undefined ? [message] : [message, hint];
  return `::${severity} ${listed.join(',')}::${escapeData(text.map(printable).join('\n'))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
