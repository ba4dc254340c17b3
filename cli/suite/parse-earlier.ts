/** Reads `earlier`: what happens before the event of a case. */
import { readDuration } from '../../engine/parse/memory.js';
import {
  problemAt,
  readAnyList,
  readInteger,
  readMapping,
  type Node,
  type Report,
} from '../../engine/parse/node.js';
import { parseInput, type InputContext } from './parse-input.js';
import { EARLIER_SHAPE } from './shapes.js';
import type { EarlierEvent } from './suite.js';

/** How often an event can happen in a test. */
const MOST_TIMES = 100_000;

/** @param clock when the event of the case happens, in milliseconds since 1970 */
export function parseEarlier(
  node: Node,
  clock: number,
  context: InputContext,
  report: Report,
): readonly EarlierEvent[] {
  const nodes = Array.isArray(node.value) ? readAnyList(node, report) : [node];
  let latest = -Infinity;
  return nodes.flatMap((member) => {
    const members = readMapping(member, EARLIER_SHAPE, 'an earlier event', report);
    if (members === undefined) return [];
    const { times, ago, ...written } = members;
    const at = clock - (ago === undefined ? 0 : (readDuration(ago, report) ?? 0));
    if (at < latest) {
      const hint = 'Write the oldest first; without `ago`, an event happens just before the one of the case.';
      report(problemAt(ago ?? member, 'wrong-value', 'It happens before the event above it.', { hint }));
    }
    latest = Math.max(latest, at);
    const number = times === undefined ? 1 : readInteger(times, 1, MOST_TIMES, report);
    const input = parseInput(member, written, at, context, report);
    return input === undefined || number === undefined ? [] : [{ node: member, input, times: number, at }];
  });
}
