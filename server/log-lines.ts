/** The log lines of callbacks. Bodies, headers and queries never get here, so neither do their secrets. */
import type { Logger } from 'pino';
import type { Callback, Failure, Shortfall } from '../adapters/index.js';
import type { Decision, RuleError, Ruling } from '../engine/decision.js';
import type { Event } from '../engine/event.js';
import type { FactName } from '../engine/facts.js';
import type { FailureLog } from './log-repeats.js';

/** Characters of a command that are logged: whoever can reach the port chooses it. */
const MAX_COMMAND = 100;

const EFFECT_FACTS = ['actor.id', 'group.id'] as const satisfies readonly FactName[];

/** Which callback a line is about. */
export interface Subject {
  readonly callback: Callback;
  readonly trace: { readonly id: string } | undefined;
}

/** What is said about every callback: which one it was, and its trace by the name that OpenTelemetry gives it. */
function named({ callback, trace }: Subject): { command?: string; trace_id?: string } {
  const command = commandOf(callback);
  return { ...(command !== undefined && { command }), ...(trace !== undefined && { trace_id: trace.id }) };
}

function commandOf({ command, wireCommand }: Callback): string | undefined {
  return command ?? wireCommand?.slice(0, MAX_COMMAND);
}

export function logFailure(
  log: FailureLog,
  subject: Subject,
  { cause, message }: Failure,
  verdict: string,
  shortfalls: readonly Shortfall[],
): void {
  log.warn(
    { cause, place: commandOf(subject.callback) },
    { ...named(subject), cause, verdict, ...(shortfalls.length > 0 && { shortfalls }) },
    `callback not judged: ${message}`,
  );
}

export function logUnknownCommand(log: FailureLog, subject: Subject): void {
  const place = commandOf(subject.callback);
  log.warn({ cause: 'unknown-command', place }, named(subject), 'unknown command, allowed');
}

export function logDropped(log: FailureLog, subject: Subject): void {
  const place = commandOf(subject.callback);
  log.warn(
    { cause: 'after-queue', place },
    named(subject),
    'after-callback not judged: too many are waiting',
  );
}

export function logShortfalls(
  log: FailureLog,
  subject: Subject,
  decision: Decision,
  shortfalls: readonly Shortfall[],
): void {
  if (shortfalls.length === 0) return;
  const rules = deciders(decision);
  log.warn(
    { cause: 'shortfall', place: [commandOf(subject.callback), ...rules].join(' ') },
    { ...named(subject), revision: decision.revision, rules, shortfalls },
    'the command cannot carry the whole decision',
  );
}

/** One line per rule that failed, set of tags, strikes or labels, and notification; what a target's ruling says names the target. */
export function logEffects(
  logger: Logger,
  log: FailureLog,
  subject: Subject,
  event: Event,
  decision: Decision,
): void {
  const { revision } = decision;
  decision.rulings.forEach((ruling, index) => {
    const { errors, tags, notify, strikes, labels } = ruling;
    if ([errors, tags, notify, strikes, labels].every((list) => list.length === 0)) return;
    for (const error of errors) logRuleError(log, subject, revision, error);
    const about = {
      ...named(subject),
      revision,
      ...who(event, index),
      rules: ruling.matched.filter(({ mode }) => mode === 'enforce').map(({ rule }) => rule),
    };
    if (tags.length > 0) logger.info({ ...about, tags }, 'tagged');
    if (strikes.length > 0) logger.info({ ...about, strikes }, 'strike given');
    if (labels.length > 0) logger.info({ ...about, labels }, 'label given');
    for (const name of notify) logger.info({ ...about, notify: name }, 'notification');
  });
}

function logRuleError(
  log: FailureLog,
  subject: Subject,
  revision: string,
  { rule, message }: RuleError,
): void {
  const cause = 'rule-error';
  log.error(
    { cause, place: `${commandOf(subject.callback) ?? ''} ${rule}` },
    { ...named(subject), revision, cause, rule },
    `rule not judged: ${message}`,
  );
}

function deciders(decision: Decision): readonly string[] {
  const ids = decision.rulings.map(({ decidedBy }: Ruling) => decidedBy);
  return [...new Set(ids.filter((id) => id !== null))];
}

function who(event: Event, index: number): Readonly<Record<string, unknown>> {
  const target = event.targets[index]?.id ?? event.facts.get('target.id');
  const found = EFFECT_FACTS.map((name) => [name, event.facts.get(name)] as const);
  return Object.fromEntries(
    [...found, ['target.id', target] as const].filter(([, value]) => value !== undefined),
  );
}
