/** Reads a test suite: every mistake is reported at its place, as for rule files. */
import { hintFor } from '../../engine/nearest.js';
import { readFactValue } from '../../engine/parse/effects.js';
import {
  problemAt,
  readList,
  readMapping,
  readText,
  type Members,
  type Node,
  type Report,
} from '../../engine/parse/node.js';
import { fillIn, namesIn, parseRows, reportUnusedColumns } from './each.js';
import { parseGiven } from './given.js';
import { parseRequest, readApp, type RequestContext } from './parse-request.js';
import { parseWant } from './parse-want.js';
import { CASE_SHAPE, SUITE_SHAPE } from './shapes.js';
import type { Case, CaseInput } from './suite.js';

export interface SuiteContext extends Omit<RequestContext, 'app'> {
  /** IDs of all rules. */
  readonly ruleIds: readonly string[];
}

/** When requests arrive unless a suite says otherwise: tests come out the same on every day. */
export const DEFAULT_CLOCK = Date.UTC(2026, 0, 1, 12);

/** @param root the suite's data @returns the cases that have no mistakes */
export function parseSuite(root: Node, context: SuiteContext, report: Report): readonly Case[] {
  const members = readMapping(root, SUITE_SHAPE, 'a test suite', report);
  if (members?.cases === undefined) return [];
  const app = members.app === undefined ? undefined : readApp(members.app, context.apps, report);
  const clock = readClock(members.clock, report) ?? DEFAULT_CLOCK;
  return (readList(members.cases, report) ?? []).flatMap((node) =>
    parseRowsOf(node, clock, { ...context, app }, report),
  );
}

type CaseContext = SuiteContext & RequestContext;

/** A case with a table is as many cases as the table has rows. */
function parseRowsOf(node: Node, clock: number, context: CaseContext, report: Report): readonly Case[] {
  const members = readMapping(node, CASE_SHAPE, 'a case', report);
  if (members === undefined) return [];
  const { each, ...written } = members;
  if (each === undefined) return parseCase(node, written, clock, context, report);
  const rows = parseRows(each, report);
  const parts = Object.entries(written);
  const used = new Set(parts.flatMap(([, part]) => [...namesIn(part)]));
  reportUnusedColumns(rows, used, report);
  const reportOnce = onceEach(report);
  return rows.flatMap((row) => {
    const filled = Object.fromEntries(parts.map(([key, part]) => [key, fillIn(part, row, reportOnce)]));
    const cases = parseCase(node, filled, clock, context, reportOnce);
    const isNamed = namesIn(written.name ?? node).size > 0;
    return cases.map((one) => ({
      ...one,
      node: row.node,
      name: isNamed ? one.name : `${one.name} (row ${row.number})`,
    }));
  });
}

/** A mistake in what all rows share is told once. */
function onceEach(report: Report): Report {
  const told = new Set<string>();
  return (problem) => {
    const mark = JSON.stringify([problem.code, problem.path, problem.message]);
    if (!told.has(mark)) report(problem);
    told.add(mark);
  };
}

function parseCase(
  node: Node,
  members: Members<typeof CASE_SHAPE>,
  suiteClock: number,
  context: CaseContext,
  report: Report,
): readonly Case[] {
  const name = members.name === undefined ? undefined : readText(members.name, report);
  const clock = readClock(members.clock, report) ?? suiteClock;
  const input = parseInput(node, members, clock, context, report);
  const want = members.want === undefined ? undefined : parseWant(members.want, report, context.ruleIds);
  if (name === undefined || input === undefined || want === undefined) return [];
  const needsRequest = input.type === 'given' ? (want.reply ?? want.failure) : undefined;
  if (needsRequest !== undefined) {
    const hint = 'Use `request` instead of `given`.';
    const message = `Only a request has a \`${needsRequest.name}\`.`;
    report(problemAt(needsRequest.node, 'wrong-value', message, { hint, atKey: true }));
  }
  return [{ name, node, input, want }];
}

function parseInput(
  node: Node,
  { given, request }: Members<typeof CASE_SHAPE>,
  clock: number,
  context: CaseContext,
  report: Report,
): CaseInput | undefined {
  if (request !== undefined && given !== undefined) {
    report(problemAt(given, 'wrong-value', 'A case has `given` or `request`, not both.', { atKey: true }));
    return undefined;
  }
  if (request !== undefined) return parseRequest(request, clock, context, report);
  if (given === undefined) {
    const hint = hintFor('', ['given', 'request']);
    report(problemAt(node, 'missing-key', '`given` or `request` is missing in a case.', { hint }));
    return undefined;
  }
  const event = parseGiven(given, clock, report);
  return event === undefined ? undefined : { type: 'given', event };
}

function readClock(node: Node | undefined, report: Report): number | undefined {
  if (node === undefined) return undefined;
  const message = 'Expected a moment.';
  const hint = 'For example `2026-01-03T15:30:00Z`.';
  const time = readFactValue('event.time', node, (problem) => report({ ...problem, message, hint }));
  return typeof time === 'number' ? time : undefined;
}
