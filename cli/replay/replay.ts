/** Judges recorded decisions again. */
import type { DecisionPolicy, RuleSet } from '../../engine/rule-set.js';
import { createMemoryStateStore } from '../../state/memory/store.js';
import { AFTER_POLICY } from '../../server/failure.js';
import { flipsBetween, type Flip } from './compare.js';
import { readLine, type Recorded } from './recorded.js';
import { createTally } from './tally.js';

/** A line that flips, for people to look at. */
export interface Sample {
  readonly line: number;
  readonly id: string;
  readonly time: string;
  readonly kind: string;
  readonly actor: string;
  readonly target: string;
}

export interface ChangeRow {
  readonly change: string;
  readonly before: string;
  readonly now: string;
  readonly count: number;
  readonly samples: readonly Sample[];
}

export interface ReplayResult {
  readonly lines: number;
  readonly judged: number;
  /** Targets whose decision is another one. */
  readonly flips: number;
  readonly changes: readonly ChangeRow[];
  readonly actors: readonly { readonly actor: string; readonly flips: number }[];
  readonly notJudged: readonly { readonly reason: string; readonly lines: number }[];
  /** False when there were so many different rows that rare ones were forgotten. */
  readonly isExact: boolean;
}

export interface ReplayOptions {
  readonly ruleSet: RuleSet;
  /** The policy of a configured app. */
  readonly policyOf: (app: string) => DecisionPolicy | undefined;
  /** Samples that are kept of each change. */
  readonly samples: number;
  /** Called after each line. */
  readonly onLine?: (lines: number) => void;
}

/** Different rows of a table that are counted exactly. */
const CAPACITY = 1000;

/**
 * Judges lines in their order. What rules remember begins with the first line, and goes by the moments of the
 * lines.
 *
 * @param lines `null` stands for one that is too long
 */
export async function replay(
  lines: AsyncIterable<string | null>,
  { ruleSet, policyOf, samples, onLine = () => undefined }: ReplayOptions,
): Promise<ReplayResult> {
  const changes = createTally<{ readonly flip: Flip; readonly samples: Sample[] }>(CAPACITY);
  const actors = createTally<null>(CAPACITY);
  const reasons = createTally<null>(CAPACITY);
  const store = createMemoryStateStore();
  const counts = { lines: 0, judged: 0, flips: 0 };

  async function judge(text: string | null): Promise<string | undefined> {
    const recorded = text === null ? { reason: 'it is too long' } : readLine(text);
    if ('reason' in recorded) return recorded.reason;
    const policy = recorded.event.stage === 'after' ? AFTER_POLICY : policyOf(recorded.app);
    if (policy === undefined) return `the app ${recorded.app.slice(0, 64)} is not configured`;
    const { event, id, at, isEnforced } = recorded;
    const decision = await ruleSet.decide(event, policy, {
      decisionId: () => id,
      state: { store, now: () => at, keepsEffects: isEnforced },
    });
    const found = flipsBetween(recorded, decision);
    const [missing] = recorded.missing;
    if (missing !== undefined) return `the fact ${missing} was not kept`;
    counts.judged += 1;
    for (const flip of found) count(recorded, flip);
    return undefined;
  }

  function count(recorded: Recorded, flip: Flip): void {
    counts.flips += 1;
    const actor = String(recorded.event.facts.get('actor.id') ?? '');
    const key = JSON.stringify([flip.change, flip.before, flip.now]);
    const row = changes.add(key, () => ({ flip, samples: [] }));
    if (row.samples.length < samples) row.samples.push(sampleOf(recorded, flip, actor, counts.lines));
    actors.add(actor, () => null);
  }

  for await (const text of lines) {
    counts.lines += 1;
    if (text !== '') {
      const reason = await judge(text);
      if (reason !== undefined) reasons.add(reason, () => null);
    }
    onLine(counts.lines);
  }
  return {
    ...counts,
    changes: changes.top().map(({ count: number, value: { flip, samples: kept } }) => ({
      change: flip.change,
      before: flip.before,
      now: flip.now,
      count: number,
      samples: kept,
    })),
    actors: actors.top().map(({ key, count: flips }) => ({ actor: key, flips })),
    notJudged: reasons.top().map(({ key, count: number }) => ({ reason: key, lines: number })),
    isExact: changes.isExact() && actors.isExact() && reasons.isExact(),
  };
}

function sampleOf({ id, time, event }: Recorded, { target }: Flip, actor: string, line: number): Sample {
  return { line, id, time, kind: event.kind, actor, target };
}
