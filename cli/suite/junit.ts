/** A run in the XML that build servers read (https://github.com/testmoapp/junitxml). */
import { showDifference } from './diff.js';
import type { CaseResult } from './run.js';
import type { SuiteResult, TestRun } from './session.js';
import { plain } from './style.js';

/** Characters that XML 1.0 does not have. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escape(text: string): string {
  return text.replace(NOT_XML, '\uFFFD').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

/** Line breaks in an attribute would be read as blanks. */
function attribute(text: string): string {
  return escape(text).replace(/\s/g, ' ');
}

/** The run as a JUnit file. */
export function junitOf({ suites, duration }: TestRun): string {
  const results = suites.flatMap((suite) => suite.results);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="callgate" ${countsOf(results, duration)}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n');
}

function countsOf(results: readonly CaseResult[], duration: number): string {
  const failures = results.filter(({ mismatches }) => mismatches.length > 0).length;
  return `tests="${results.length}" failures="${failures}" errors="0" time="${(duration / 1000).toFixed(3)}"`;
}

function suiteLines(suite: SuiteResult): readonly string[] {
  const { file, results, duration } = suite;
  return [
    `  <testsuite name="${attribute(file)}" file="${attribute(file)}" ${countsOf(results, duration)}>`,
    ...results.flatMap((result) => caseLines(suite, result)),
    '  </testsuite>',
  ];
}

function caseLines(suite: SuiteResult, result: CaseResult): readonly string[] {
  const { case: one, mismatches } = result;
  const { line } = suite.positionOf(one.node);
  const file = attribute(suite.file);
  const head = `    <testcase name="${attribute(one.name)}" classname="${file}" file="${file}" line="${line}"`;
  if (mismatches.length === 0) return [`${head}/>`];
  const details = mismatches.flatMap(({ name, want, got }) => [name, ...showDifference(want, got, plain)]);
  const names = mismatches.map(({ name }) => name).join(', ');
  return [
    `${head}>`,
    `      <failure message="${attribute(`${names} came out otherwise`)}">${escape(details.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}
