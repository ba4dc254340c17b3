/** The log lines of callbacks. Bodies, headers and queries never get here, so neither do their secrets. */
import type { Logger } from 'pino';
import type { Callback, Failure, Shortfall } from '../adapters/index.js';
import type { Decision, Ruling } from '../engine/decision.js';
import type { Event } from '../engine/event.js';
import type { FactName } from '../engine/facts.js';

/** Characters of a command that are logged: whoever can reach the port chooses it. */
const MAX_COMMAND = 100;

const EFFECT_FACTS = ['actor.id', 'group.id'] as const satisfies readonly FactName[];

/** What is said about every callback: which one it was. */
function named(callback: Callback): { command?: string } {
  const command = callback.command ?? callback.wireCommand?.slice(0, MAX_COMMAND);
  return command === undefined ? {} : { command };
}

export function logFailure(
  logger: Logger,
  callback: Callback,
  failure: Failure,
  verdict: string,
  shortfalls: readonly Shortfall[],
): void {
  logger.warn(
    {
      ...named(callback),
      cause: failure.cause,
      verdict,
      ...(shortfalls.length === 0 ? {} : { shortfalls }),
    },
    `callback not judged: ${failure.message}`,
  );
}

export function logUnknownCommand(logger: Logger, callback: Callback): void {
  logger.warn({ ...named(callback) }, 'unknown command, allowed');
}

export function logDropped(logger: Logger, callback: Callback): void {
  logger.warn({ ...named(callback) }, 'after-callback not judged: too many are waiting');
}

export function logShortfalls(
  logger: Logger,
  callback: Callback,
  decision: Decision,
  shortfalls: readonly Shortfall[],
): void {
  if (shortfalls.length === 0) return;
  logger.warn(
    { ...named(callback), revision: decision.revision, rules: deciders(decision), shortfalls },
    'the command cannot carry the whole decision',
  );
}

/** One line per rule that failed, tag set and notification; what a target's ruling says names the target. */
export function logEffects(logger: Logger, callback: Callback, event: Event, decision: Decision): void {
  decision.rulings.forEach((ruling, index) => {
    if (ruling.errors.length + ruling.tags.length + ruling.notify.length === 0) return;
    const about = {
      ...named(callback),
      revision: decision.revision,
      ...who(event, index),
      rules: ruling.matched.filter(({ mode }) => mode === 'enforce').map(({ rule }) => rule),
    };
    for (const { rule, message } of ruling.errors)
      logger.error(
        { ...named(callback), revision: decision.revision, cause: 'rule-error', rule },
        `rule not judged: ${message}`,
      );
    if (ruling.tags.length > 0) logger.info({ ...about, tags: ruling.tags }, 'tagged');
    for (const name of ruling.notify) logger.info({ ...about, notify: name }, 'notification');
  });
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
