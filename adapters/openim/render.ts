/** Puts a decision into OpenIM's words. */
import type { Decision, Ruling } from '../../engine/decision.js';
import type { Callback, Reply, Shortfall } from '../adapter.js';
import { isUnchanged } from '../rulings.js';
import { allow, plainAllow } from './allow.js';
import type { Dialect } from './app.js';
import { commandNamed } from './commands.js';
import { refuse } from './refuse.js';
import { judgedTargets } from './targets.js';

/** What an answer that nobody acts upon leaves out. */
function unheard(rulings: readonly Ruling[], reason: string): readonly Shortfall[] {
  const verdicts = rulings.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'allow');
  const rewrites = rulings.flatMap((ruling) => [...ruling.rewrites.keys()]).map((fact) => `rewrite ${fact}`);
  return [...new Set([...verdicts, ...rewrites])].map((effect) => ({ effect, reason }));
}

function distinct(shortfalls: readonly Shortfall[]): readonly Shortfall[] {
  const byText = new Map(shortfalls.map((one) => [`${one.effect}: ${one.reason}`, one]));
  return [...byText.values()];
}

/**
 * The reply to a callback.
 *
 * After-callbacks and unknown commands are always allowed: v3.4.2 to v3.5.1 fail the user's call, although
 * it is done, when the reply to an after-callback refuses. A refused target is left out of the reply's list
 * where there is one; as an empty list means "unchanged", nobody left is a refusal of the whole.
 */
export function render(dialect: Dialect, callback: Callback, decision: Decision): Reply {
  const { rulings } = decision;
  const row = callback.command === undefined ? undefined : commandNamed(callback.command)?.row;
  if (row?.reply.echo === undefined && rulings.every(isUnchanged)) return plainAllow(dialect);
  if (callback.outcome.type === 'unknown-command') {
    return plainAllow(dialect, unheard(rulings, 'the command is unknown'));
  }
  if (callback.stage === 'after') {
    return plainAllow(dialect, unheard(rulings, 'it has happened already'));
  }
  const allowed = rulings.filter(({ verdict }) => verdict === 'allow');
  if (row === undefined) {
    return allowed.length === rulings.length
      ? plainAllow(dialect)
      : refuse(dialect, {}, callback.body, rulings);
  }
  const targets = judgedTargets(row, callback, rulings);
  const isPartial = row.reply.targets?.mode === 'replace' && targets.length > 0 && allowed.length > 0;
  const { body, shortfalls } =
    allowed.length === rulings.length || isPartial
      ? allow(dialect, row, callback, allowed, targets)
      : refuse(dialect, row.reply, callback.body, rulings);
  return { body, shortfalls: distinct(shortfalls) };
}

/**
 * An allow must repeat some fields, a refusal by the documentation others. A message may be the server's own
 * notification, which only its body tells, and which is never refused.
 */
export function replyNeedsBody(
  dialect: Dialect,
  command: string | undefined,
  verdict: 'allow' | 'refuse',
): boolean {
  const row = command === undefined ? undefined : commandNamed(command)?.row;
  if (row === undefined) return true;
  if (row.stage === 'after') return false;
  if (verdict === 'allow') return row.reply.echo !== undefined;
  const repeats = dialect === 'documented' && row.reply.documentedEcho !== undefined;
  return repeats || row.kind === 'message.send';
}
