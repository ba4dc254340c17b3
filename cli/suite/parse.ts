/** Reads a test suite: every mistake is reported at its place, as for rule files. */
import type { List } from '../../engine/list.js';
import type { GivenEntries } from '../../engine/live/given-entries.js';
import { readFactValue } from '../../engine/parse/effects.js';
import { parseGivenLists } from '../../engine/parse/given-lists.js';
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
import { parseEarlier } from './parse-earlier.js';
import { parseInput, type InputContext } from './parse-input.js';
import { readApp } from './parse-request.js';
import { parseWant } from './parse-want.js';
import { CASE_SHAPE, SUITE_SHAPE } from './shapes.js';
import type { Case } from './suite.js';

export interface SuiteContext extends Omit<InputContext, 'app'> {
  /** IDs of all rules. */
  readonly ruleIds: readonly string[];
  /** All lists of the rules. */
  readonly lists: ReadonlyMap<string, List>;
}

/** When requests arrive unless a suite says otherwise: tests come out the same on every day. */
export const DEFAULT_CLOCK = Date.UTC(2026, 0, 1, 12);

/** @param root the suite's data @returns the cases that have no mistakes */
export function parseSuite(root: Node, context: SuiteContext, report: Report): readonly Case[] {
  const members = readMapping(root, SUITE_SHAPE, 'a test suite', report);
  if (members?.cases === undefined) return [];
  const app = members.app === undefined ? undefined : readApp(members.app, context.apps, report);
  const clock = readClock(members.clock, report) ?? DEFAULT_CLOCK;
  const given = members.lists === undefined ? [] : parseGivenLists(members.lists, context.lists, report);
  return (readList(members.cases, report) ?? []).flatMap((node) =>
    parseRowsOf(node, clock, { ...context, app, given }, report),
  );
}

interface CaseContext extends SuiteContext, InputContext {
  /** What live lists hold unless a case says otherwise. */
  readonly given: readonly GivenEntries[];
}

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
  const earlier = members.earlier === undefined ? [] : parseEarlier(members.earlier, clock, context, report);
  const want = members.want === undefined ? undefined : parseWant(members.want, report, context.ruleIds);
  if (name === undefined || input === undefined || want === undefined) return [];
  const needsRequest = input.type === 'given' ? (want.reply ?? want.failure) : undefined;
  if (needsRequest !== undefined) {
    const hint = 'Use `request` instead of `given`.';
    const message = `Only a request has a \`${needsRequest.name}\`.`;
    report(problemAt(needsRequest.node, 'wrong-value', message, { hint, atKey: true }));
  }
  return [{ name, node, clock, earlier, input, lists: givenTo(members.lists, context, report), want }];
}

function givenTo(
  node: Node | undefined,
  { lists, given }: CaseContext,
  report: Report,
): readonly GivenEntries[] {
  const own = node === undefined ? [] : parseGivenLists(node, lists, report);
  return [...given.filter(({ live }) => !own.some((one) => one.live === live)), ...own];
}

function readClock(node: Node | undefined, report: Report): number | undefined {
  if (node === undefined) return undefined;
  const message = 'Expected a moment.';
  const hint = 'For example `2026-01-03T15:30:00Z`.';
  const time = readFactValue('event.time', node, (problem) => report({ ...problem, message, hint }));
  return typeof time === 'number' ? time : undefined;
}
