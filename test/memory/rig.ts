/** A rule set with a memory: events happen to it at moments that the test says. */
import type { Decision, Ruling } from '../../engine/decision.js';
import type { JudgedEvent } from '../../engine/event.js';
import type { Kind, Stage } from '../../engine/kinds.js';
import type { DecideOptions, DecisionPolicy, RuleSet } from '../../engine/rule-set.js';
import type { StateAnswer, StateCommand, StateStore } from '../../engine/state.js';
import { createStateModel } from '../state/model.js';
import { factMap, LENIENT, onlyRuling, ruleSetOf, type Facts } from '../support/rules.js';

/** 2026-11-21T00:00:00Z */
export const START = Date.UTC(2026, 10, 21);

export interface Happening {
  readonly kind?: Kind;
  readonly stage?: Stage;
  readonly facts?: Facts;
  readonly targets?: readonly Facts[];
  /** By default each is one of its own. */
  readonly occurrence?: string;
  /** Milliseconds after the start. */
  readonly at?: number;
  readonly app?: string;
  readonly keepsEffects?: boolean;
  readonly policy?: DecisionPolicy;
}

export interface Rig {
  readonly ruleSet: RuleSet;
  /** What the store was asked, one list a round trip. */
  readonly trips: (readonly StateCommand[])[];
  /** What the store does instead of answering. */
  answer: (commands: readonly StateCommand[]) => StateAnswer | Promise<StateAnswer>;
  readonly store: StateStore;
  decide(happening: Happening): Promise<Decision>;
  /** The ruling on an event about a single user. */
  happens(happening: Happening): Promise<Ruling>;
}

export async function createRig(
  source: string | Readonly<Record<string, string>>,
  options: Pick<DecideOptions, 'patience'> = {},
): Promise<Rig> {
  const ruleSet = await ruleSetOf(source);
  const model = createStateModel();
  let count = 0;
  const rig: Rig = {
    ruleSet,
    trips: [],
    answer: (commands) => ({ results: commands.map((command) => model.run(command)), isLocal: false }),
    store: {
      run(commands) {
        rig.trips.push(commands);
        return rig.answer(commands);
      },
    },
    async decide(happening) {
      count += 1;
      const { at = 0, keepsEffects = true, policy = LENIENT } = happening;
      const event = eventOf(happening, `event ${count}`);
      const state = { store: rig.store, now: () => START + at, keepsEffects };
      const decision = await ruleSet.decide(event, policy, { ...options, state });
      // What is remembered in the end is sent in a turn of its own.
      await Promise.resolve();
      return decision;
    },
    happens: async (happening) => onlyRuling(await rig.decide(happening)),
  };
  return rig;
}

function eventOf(happening: Happening, standard: string): JudgedEvent {
  const {
    kind = 'message.send',
    stage = 'before',
    facts = {},
    targets = [],
    occurrence = standard,
    app = 'im',
  } = happening;
  const shared: Facts = {
    'app.id': app,
    'event.kind': kind,
    'event.stage': stage,
    'actor.id': 'ann',
    ...facts,
  };
  return {
    kind,
    stage,
    facts: factMap(shared),
    targets: targets.map((own) => ({ facts: factMap({ ...shared, ...own }) })),
    occurrence: () => occurrence,
  };
}
