/** What has happened to every callback that was sent. */
import { FAILURE, type Said, type SoakCallback } from './callbacks.js';
import { revisionOf, type Span } from './revisions.js';

export interface Ledger {
  sent: number;
  answered: number;
  /** Answers that say what they must not, by name of the callback, with an example each. */
  readonly wrong: Map<string, { count: number; example: string }>;
  /** Judged by the failure policy although nothing was wrong with them. */
  degraded: number;
  /** Answers that took longer than the platform waits. */
  late: number;
  longest: number;
  /** Connections that were reset while a worker was killed. */
  reset: number;
  /** Of these, callbacks that were answered when they were sent again. */
  answeredAgain: number;
  /** Callbacks without an answer, by what happened instead. */
  readonly unanswered: Map<string, number>;
}

export function createLedger(): Ledger {
  return {
    sent: 0,
    answered: 0,
    wrong: new Map(),
    degraded: 0,
    late: 0,
    longest: 0,
    reset: 0,
    answeredAgain: 0,
    unanswered: new Map(),
  };
}

/** What an answer is worth. @param span revisions that may have been in force while it was made */
export function judge(
  { wanted, mayFail }: SoakCallback,
  said: Said,
  span: Span,
): 'right' | 'degraded' | 'wrong' {
  const isRight = wanted === 'rules' ? revisionOf(said, span) !== undefined : said === wanted;
  if (isRight) return 'right';
  return said === FAILURE && mayFail ? 'degraded' : 'wrong';
}

export function noteAnswer(
  ledger: Ledger,
  callback: SoakCallback,
  answer: { readonly said: Said; readonly text: string; readonly ms: number; readonly span: Span },
): void {
  ledger.answered += 1;
  ledger.longest = Math.max(ledger.longest, answer.ms);
  if (answer.ms > callback.deadline) ledger.late += 1;
  const worth = judge(callback, answer.said, answer.span);
  if (worth === 'degraded') ledger.degraded += 1;
  const { from, to } = answer.span;
  if (worth === 'wrong')
    noteWrong(ledger, callback, `revisions ${from} to ${to}: ${answer.text.slice(0, 300)}`);
}

/** @param example what was wrong, for the first time */
export function noteWrong({ wrong }: Ledger, { name }: SoakCallback, example: string): void {
  const before = wrong.get(name);
  wrong.set(name, { count: (before?.count ?? 0) + 1, example: before?.example ?? example });
}

export function noteUnanswered(ledger: Ledger, reason: string): void {
  ledger.unanswered.set(reason, (ledger.unanswered.get(reason) ?? 0) + 1);
}

export function countWrong({ wrong }: Ledger): number {
  return [...wrong.values()].reduce((sum, { count }) => sum + count, 0);
}

export function countUnanswered({ unanswered }: Ledger): number {
  return [...unanswered.values()].reduce((sum, count) => sum + count, 0);
}
