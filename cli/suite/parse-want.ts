/** Reads the `want` of a case. */
import type { Callback, FailureCause } from '../../adapters/index.js';
import {
  describe,
  problemAt,
  readEntries,
  readMapping,
  readWord,
  type Members,
  type Node,
  type Report,
} from '../../engine/parse/node.js';
import { isRecord } from '../../store/data.js';
import { RULING_SHAPE, WANT_SHAPE } from './shapes.js';
import type { CaseWant, TargetWant, Wanted } from './suite.js';
import { WANTS, type WantName } from './wants.js';

/** What can be wrong with a request that is written down. */
const FAILURES = [
  'wrong-path',
  'unreadable-body',
  'no-command',
  'contradicting-command',
  'missing-field',
  'bad-field',
  'wrong-app',
  'unknown-command',
  'exempt',
] as const satisfies readonly (FailureCause | Callback['outcome']['type'])[];

const RULING_NAMES = Object.keys(WANTS) as readonly WantName[];

/** @returns `undefined` after at least one report */
export function parseWant(node: Node, report: Report, ruleIds: readonly string[]): CaseWant | undefined {
  if (typeof node.value === 'string') {
    return { ruling: [parseWanted('verdict', node, report, ruleIds)], targets: [] };
  }
  const members = readMapping(node, WANT_SHAPE, '`want`', report);
  if (members === undefined) return undefined;
  if (isRecord(node.value) && Object.keys(node.value).length === 0) {
    const hint = 'For example `verdict: refuse`.';
    report(problemAt(node, 'empty-group', 'The case wants nothing.', { hint }));
    return undefined;
  }
  const { targets, reply, failure } = members;
  const cause = failure === undefined ? undefined : readWord(failure, FAILURES, report);
  return {
    ruling: parseRuling(members, report, ruleIds),
    targets: targets === undefined ? [] : parseTargets(targets, report, ruleIds),
    ...(reply !== undefined && { reply: { name: 'reply', node: reply, value: reply.value } }),
    ...(failure !== undefined && { failure: { name: 'failure', node: failure, value: cause } }),
  };
}

function parseRuling(
  members: Members<typeof RULING_SHAPE>,
  report: Report,
  ruleIds: readonly string[],
): readonly Wanted<WantName>[] {
  return RULING_NAMES.flatMap((name) => {
    const node = members[name];
    return node === undefined ? [] : [parseWanted(name, node, report, ruleIds)];
  });
}

function parseWanted(
  name: WantName,
  node: Node,
  report: Report,
  ruleIds: readonly string[],
): Wanted<WantName> {
  return { name, node, value: WANTS[name].parse(node, report, ruleIds) };
}

function parseTargets(node: Node, report: Report, ruleIds: readonly string[]): readonly TargetWant[] {
  return readEntries(node, report).map(([id, member]) => {
    if (typeof member.value === 'string') {
      return { id, node: member, ruling: [parseWanted('verdict', member, report, ruleIds)] };
    }
    if (member.value === null) {
      report(problemAt(member, 'wrong-type', `Expected a verdict, found ${describe(member.value)}.`));
      return { id, node: member, ruling: [] };
    }
    const members = readMapping(member, RULING_SHAPE, 'what is wanted for a target', report) ?? {};
    return { id, node: member, ruling: parseRuling(members, report, ruleIds) };
  });
}
