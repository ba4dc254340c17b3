/** What a soak comes to: a table, and whether all went well. */
import { countUnanswered, countWrong, type Ledger } from './ledger.js';

export interface SoakResult {
  readonly ledger: Ledger;
  readonly seconds: number;
  readonly workers: number;
  readonly killed: number;
  /** Bytes of all processes, once warm and at the end; `undefined` where the system does not tell. */
  readonly memory: readonly [start: number | undefined, end: number | undefined];
  /** Lines of the gate's log. */
  readonly log: readonly string[];
  /** What the gate counts itself; without the counts of processes that were killed. */
  readonly dropped: number;
  readonly shed: number;
  /** How the gate ended after SIGTERM. */
  readonly ending: string;
}

export interface Outcome {
  readonly rows: readonly (readonly string[])[];
  /** What must not have happened, and has. */
  readonly faults: readonly string[];
}

export function assess(result: SoakResult): Outcome {
  const { ledger, seconds, workers, killed, memory, log, dropped, shed, ending } = result;
  const having = (text: string): number => log.filter((line) => line.includes(text)).length;
  const [taken, refused] = [having('"msg":"rules reloaded"'), having('"msg":"rules refused"')];
  const mistakes = having('"cause":"internal-error"');
  const wrong = countWrong(ledger);
  const unanswered = countUnanswered(ledger);
  const [atStart, atEnd] = memory.map((bytes) =>
    bytes === undefined ? 'unknown' : `${Math.round(bytes / 2 ** 20)} MiB`,
  );
  const rows: readonly (readonly [what: string, value: number | string])[] = [
    ['seconds', seconds],
    ['workers', workers],
    ['callbacks sent', ledger.sent],
    ['answered', ledger.answered],
    ['wrong', wrong],
    ['unanswered', unanswered],
    ['late (longer than the deadline)', ledger.late],
    ['longest wait', `${Math.round(ledger.longest)} ms`],
    ['answered by the failure policy', ledger.degraded],
    ['turned away for overload', shed],
    ['after-callbacks dropped', dropped],
    ['workers killed', killed],
    ['reset by that', ledger.reset],
    ['of these, answered when sent again', ledger.answeredAgain],
    ['reloads taken', taken],
    ['reloads refused', refused],
    ['memory at the start', atStart ?? ''],
    ['memory at the end', atEnd ?? ''],
    ['mistakes of ours in the log', mistakes],
    ['ended after SIGTERM with', ending],
  ];
  const faults = [
    ...[...ledger.wrong].map(([name, { count, example }]) => `wrong: ${name} (${count}): ${example}`),
    ...[...ledger.unanswered].map(([reason, count]) => `unanswered: ${reason} (${count})`),
    ...(ledger.sent === ledger.answered + unanswered
      ? []
      : ['some callbacks are neither answered nor unanswered']),
    ...(ledger.answered === 0 ? ['nothing was answered'] : []),
    ...(taken === 0 ? ['no rules were reloaded'] : []),
    ...(mistakes === 0 ? [] : [`mistakes: ${log.find((line) => line.includes('internal-error')) ?? ''}`]),
    ...(ending === '0' ? [] : [`the gate ended with ${ending}`]),
  ];
  return { rows: rows.map(([what, value]) => [what, value.toLocaleString('en-US')]), faults };
}
