/** Runs cases and compares what comes out with what is wanted. */
import { isDeepStrictEqual } from 'node:util';
import type { Callback } from '../../adapters/index.js';
import type { Decision } from '../../engine/decision.js';
import type { Event } from '../../engine/event.js';
import { withEntries } from '../../engine/live/given-entries.js';
import type { Node } from '../../engine/parse/node.js';
import { liveThrough, type EarlierOutcome } from './history.js';
import { outcomeOf, type Outcome, type RunContext } from './outcome.js';
import type { Case, Wanted } from './suite.js';
import { WANTS, type Ruled, type WantName } from './wants.js';
import type { Answer } from './wire.js';

/** Something that came out otherwise than it was wanted. */
export interface Mismatch {
  /** Such as `verdict` or `targets.bob.verdict`. */
  readonly name: string;
  /** The place of the wish. */
  readonly node: Node;
  readonly want: unknown;
  readonly got: unknown;
}

export interface CaseResult {
  readonly case: Case;
  /** None when the case has passed. */
  readonly mismatches: readonly Mismatch[];
  /** What was judged; `undefined` when there was nothing to judge. */
  readonly judged: { readonly event: Event; readonly decision: Decision } | undefined;
}

/** Masks look into live lists when they are applied, so that comparing belongs to it. */
export function runCase(one: Case, context: RunContext): Promise<CaseResult> {
  return withEntries(one.lists, () => judgeCase(one, context));
}

async function judgeCase(one: Case, context: RunContext): Promise<CaseResult> {
  const { outcomes, circumstances } = await liveThrough(one, context);
  const outcome = await outcomeOf(one.input, context, circumstances);
  const { event, decision } = outcome;
  return {
    case: one,
    mismatches: [...outcomes.flatMap(earlierMismatches), ...mismatchesOf(one, outcome)],
    judged: event === undefined ? undefined : { event, decision },
  };
}

/** What happens before must be something that can be judged, or the case is about something else. */
function earlierMismatches({ event: { node }, outcome }: EarlierOutcome): readonly Mismatch[] {
  const { answer, decision } = outcome;
  return [...compareFailure(node, undefined, answer), ...compareErrors(node, decision)].map((mismatch) => ({
    ...mismatch,
    name: `earlier.${mismatch.name}`,
  }));
}

function mismatchesOf({ node, want }: Case, { decision, event, answer }: Outcome): readonly Mismatch[] {
  const failure = compareFailure(node, want.failure, answer);
  if (failure.length > 0) return failure;
  const ruled = ruledOf(decision, event);
  return [
    ...want.ruling.flatMap((wanted) => compareRuling(wanted, ruled)),
    ...want.targets.flatMap(({ id, node: place, ruling }) => {
      const index = event?.targets.findIndex((target) => target.id === id) ?? -1;
      const own = ruled[index];
      if (own === undefined) return [unknownTarget(id, place, event)];
      return ruling.flatMap((wanted) => compareRuling(wanted, [own], `targets.${id}.`));
    }),
    ...(want.reply === undefined || answer === undefined
      ? []
      : compare(want.reply, jsonOf(answer.reply.body))),
    ...compareErrors(node, decision),
  ];
}

/** Every ruling with the facts that it was made on. */
function ruledOf({ rulings }: Decision, event: Event | undefined): readonly Ruled[] {
  return rulings.map((ruling, index) => ({
    ruling,
    facts: event?.targets[index]?.facts ?? event?.facts ?? new Map(),
  }));
}

function compareRuling(wanted: Wanted<WantName>, ruled: readonly Ruled[], prefix = ''): readonly Mismatch[] {
  const kind = WANTS[wanted.name];
  return compare(wanted, kind.merge(ruled.map((one) => kind.got(one, wanted.value))), prefix);
}

function compare({ name, node, value }: Wanted, got: unknown, prefix = ''): readonly Mismatch[] {
  return isDeepStrictEqual(value, got) ? [] : [{ name: `${prefix}${name}`, node, want: value, got }];
}

function unknownTarget(id: string, node: Node, event: Event | undefined): Mismatch {
  const ids = event?.targets.map((target) => target.id) ?? [];
  return { name: 'targets', node, want: id, got: ids.length === 0 ? 'no list of targets' : ids };
}

/** A request that is not judged is a mistake in the case unless that is what the case is about. */
function compareFailure(
  node: Node,
  wanted: Wanted | undefined,
  answer: Answer | undefined,
): readonly Mismatch[] {
  if (answer === undefined) return [];
  const { outcome } = answer.callback;
  const cause = outcome.type === 'failure' ? outcome.failure.cause : outcome.type;
  if (wanted !== undefined) return compare(wanted, cause === 'event' ? 'none: the request is judged' : cause);
  if (outcome.type === 'event') return [];
  const want = `a request that the app ${answer.app.id} can judge`;
  return [{ name: 'failure', node, want, got: `${cause} (${detailOf(answer.callback)})` }];
}

function detailOf({ outcome, wireCommand = 'no name' }: Callback): string {
  switch (outcome.type) {
    case 'failure':
      return outcome.failure.message;
    case 'exempt':
      return outcome.reason;
    default:
      return wireCommand;
  }
}

function compareErrors(node: Node, { rulings }: Decision): readonly Mismatch[] {
  const errors = rulings.flatMap((ruling) => ruling.errors.map(({ rule, message }) => `${rule}: ${message}`));
  return errors.length === 0 ? [] : [{ name: 'errors', node, want: 'none', got: [...new Set(errors)] }];
}

/** A reply as the platform reads it. */
function jsonOf(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body));
}
