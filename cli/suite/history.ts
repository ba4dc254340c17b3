/** What has happened before the event of a case, on a memory of its own. */
import { messageOccurrence } from '../../adapters/index.js';
import type { Event } from '../../engine/event.js';
import { traceDecision, type TargetTrace } from '../../engine/trace.js';
import { createMemoryStateStore } from '../../state/memory/store.js';
import { outcomeOf, type Outcome, type RunContext } from './outcome.js';
import type { CaseResult } from './run.js';
import type { Case, EarlierEvent } from './suite.js';
import type { Circumstances } from './wire.js';
import type { Workbench } from './workbench.js';

/** What came of an earlier event the first time. */
export interface EarlierOutcome {
  readonly event: EarlierEvent;
  readonly outcome: Outcome;
}

export interface History {
  readonly outcomes: readonly EarlierOutcome[];
  /** For the event of the case. */
  readonly circumstances: Required<Circumstances>;
}

/** Lets everything happen that a case names before its event. */
export async function liveThrough(
  { earlier, clock }: Pick<Case, 'earlier' | 'clock'>,
  context: RunContext,
): Promise<History> {
  const store = createMemoryStateStore();
  const outcomes: EarlierOutcome[] = [];
  const circumstancesAt = (at: number, own: string, isRepeated: boolean): Required<Circumstances> => ({
    state: { store, now: () => at, keepsEffects: true },
    prepare: (event) => identified(event, own, isRepeated),
  });
  for (const [index, event] of earlier.entries()) {
    for (let time = 0; time < event.times; time += 1) {
      const circumstances = circumstancesAt(event.at, `earlier ${index} ${time}`, event.times > 1);
      const outcome = await outcomeOf(event.input, context, circumstances);
      if (time === 0) outcomes.push({ event, outcome });
    }
  }
  return { outcomes, circumstances: circumstancesAt(clock, 'the event', false) };
}

/** Each event is one of its own, but two with the same message ID are about one message. */
function identified(event: Event, own: string, isRepeated: boolean): Event {
  const occurrence = (isRepeated ? undefined : messageOccurrence(event.kind, event.facts)) ?? own;
  return { ...event, occurrence: () => occurrence };
}

/** How the decision of a case came about: everything before it happens once more. */
export async function traceCase(
  { case: one, judged }: CaseResult,
  { rules, apps }: Pick<Workbench, 'rules' | 'apps'>,
): Promise<readonly TargetTrace[]> {
  if (judged === undefined) return [];
  const { circumstances } = await liveThrough(one, { rules: rules.ruleSet, apps });
  return traceDecision(rules, judged.event, judged.decision, circumstances.state);
}
