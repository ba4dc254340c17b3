/** Reads what happens in a case: an event as facts, or as a request. */
import type { Memory } from '../../engine/memory.js';
import { hintFor } from '../../engine/nearest.js';
import { problemAt, type Node, type Report } from '../../engine/parse/node.js';
import { parseGiven } from './given.js';
import { parseRequest, type RequestContext } from './parse-request.js';
import type { CaseInput } from './suite.js';

export interface InputContext extends RequestContext {
  /** What the rules remember. */
  readonly memory: Memory;
}

/** The part of a case that says what happens. */
export interface InputNodes {
  readonly given?: Node | undefined;
  readonly request?: Node | undefined;
}

/**
 * @param node the case, or whatever else has `given` or `request`
 * @param clock when it happens, in milliseconds since 1970
 * @returns `undefined` after at least one report
 */
export function parseInput(
  node: Node,
  { given, request }: InputNodes,
  clock: number,
  context: InputContext,
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
  const event = parseGiven(given, clock, context, report);
  return event === undefined ? undefined : { type: 'given', event };
}
