/**
 * What one callback asks of what is remembered, and tells it: everything in one round trip before the rules
 * are judged, and everything that they bring about in one more that nobody waits for.
 */
import { PENDING, type FactReader, type Peeked, type Recollection } from './fact-reader.js';
import type { JudgedEvent } from './event.js';
import type { FactValue } from './facts.js';
import type { MemoryPlan } from './memory-plan.js';
import type { Cooldown } from './parse/rules.js';
import type { DecideOptions, StateAccess } from './rule-set.js';
import { createBatch, type Batch, type Taken } from './state-batch.js';
import { createStateCommands, type Deed, type StateCommands } from './state-commands.js';
import type { StateAnswer, StateCommand, StateStore } from './state.js';
import { readStateFact, stateFactName, type StateFact, type StateFactName } from './state-facts.js';

/** The part of a recall that concerns one target. */
export interface TargetRecall extends Recollection {
  /** Notes what the event feeds, and what rules need. To be called before {@link Recall.ask}. */
  prepare(facts: FactReader, needs: readonly StateFactName[]): void;
  /** Whether a rule may match again; takes the time until it may once more. Rejects when that cannot be told. */
  claim(rule: string, cooldown: Cooldown, facts: FactReader): Promise<boolean>;
  /** Notes what was decided. To be called before {@link Recall.keep}. */
  conclude(facts: FactReader, isAllowed: boolean, deeds: readonly Deed[]): void;
}

export interface Recall {
  /** @param index of the target; 0 for an event without a list of targets */
  target(index: number): TargetRecall;
  /** Asks for what is still unknown. @returns `undefined` when nothing has to be waited for; never rejects */
  ask(): Promise<unknown> | undefined;
  /** Whether the answers are only what this process has seen. */
  isLocal(): boolean;
  /** Sends what was concluded. */
  keep(): void;
}

/** What the parts of a recall share. */
interface Shared {
  readonly commands: StateCommands;
  readonly plan: MemoryPlan;
  readonly event: JudgedEvent;
  readonly keepsEffects: boolean;
  readonly asking: Batch;
  readonly keeping: Batch;
  /** By place in `asking`; those that are missing have not come yet. */
  readonly answers: (number | Error | undefined)[];
  /** Told when rules need what was asked for. */
  readonly wait: () => void;
  readonly claim: (command: StateCommand) => Promise<boolean>;
}

/** @param patience see `DecideOptions` */
export function startRecall(
  plan: MemoryPlan,
  event: JudgedEvent,
  { store, now, keepsEffects }: StateAccess,
  patience: DecideOptions['patience'],
): Recall {
  const [asking, keeping] = [createBatch(), createBatch()];
  const answers: Shared['answers'] = [];
  const targets: TargetRecall[] = [];
  let isLocal = false;
  let isWaitedFor = false;
  let outstanding: Promise<unknown> | undefined;
  const shared: Shared = {
    commands: createStateCommands(plan, event, now()),
    plan,
    event,
    keepsEffects,
    asking,
    keeping,
    answers,
    wait: () => void (isWaitedFor = true),
    claim: async (command) => (await inTime(store.run([command]), patience)).results[0] === 1,
  };

  /** @returns `undefined` when the answer is there at once; never rejects */
  function send({ from, commands }: Taken): Promise<unknown> | undefined {
    const note = (answer: StateAnswer): void => {
      for (const [index, result] of answer.results.entries()) answers[from + index] = result;
      isLocal ||= answer.isLocal;
    };
    const fail = (cause: unknown): void => {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      for (const index of commands.keys()) answers[from + index] = error;
    };
    try {
      const answer = store.run(commands);
      if (answer instanceof Promise) return inTime(answer, patience).then(note).catch(fail);
      note(answer);
    } catch (error) {
      fail(error);
    }
    return undefined;
  }

  return {
    target: (index) => (targets[index] ??= createTarget(shared)),
    ask() {
      const taken = asking.take();
      const sent = taken.commands.length === 0 ? undefined : send(taken);
      if (sent !== undefined) {
        outstanding = outstanding === undefined ? sent : Promise.all([outstanding, sent]);
      }
      const isAwaited = isWaitedFor;
      isWaitedFor = false;
      return isAwaited ? outstanding : undefined;
    },
    isLocal: () => isLocal,
    keep() {
      const { commands } = keeping.take();
      if (commands.length > 0) void runLater(store, commands);
    },
  };
}

/** The store tells operators itself when it cannot be reached; the decision stands. */
async function runLater(store: StateStore, commands: readonly StateCommand[]): Promise<void> {
  try {
    await Promise.resolve();
    await store.run(commands);
  } catch {
    return;
  }
}

async function inTime<T>(answer: T | Promise<T>, patience: DecideOptions['patience']): Promise<T> {
  if (patience === undefined || !(answer instanceof Promise)) return answer;
  return Promise.race([answer, tooLate(patience())]);
}

async function tooLate(end: Promise<unknown>): Promise<never> {
  await end;
  throw new Error('what is remembered did not come in time');
}

interface Asked {
  readonly kind: StateFact['kind'];
  /** Where in the answers its values are; none where it is absent. */
  readonly places: readonly number[];
}

function createTarget({
  commands,
  plan,
  event,
  keepsEffects,
  asking,
  keeping,
  answers,
  wait,
  claim,
}: Shared): TargetRecall {
  const asked = new Map<StateFactName, Asked>();
  /** What is counted once the event is allowed. */
  const later: StateCommand[] = [];
  /** Counts of allowed events that this event would feed, and how to ask for them. */
  const assumptions = new Map<StateFactName, () => readonly StateCommand[]>();
  let isPrepared = false;

  /** Counts the event, or notes that it may be counted. */
  function feed(facts: FactReader): void {
    for (const fed of plan.feeds(event.kind, event.stage)) {
      const commandsTo = commands.feed(fed, facts);
      if (commandsTo === undefined) continue;
      const { name, by, counts } = fed.counter;
      const fact = stateFactName({ kind: 'count', name, by });
      if (counts === 'attempts') {
        asked.set(fact, { kind: 'count', places: asking.add(commandsTo('add')) });
      } else {
        later.push(...commandsTo('add'));
        assumptions.set(fact, () => commandsTo('assume'));
      }
    }
  }

  function settled(name: StateFactName): FactValue | undefined | typeof PENDING | Error {
    const entry = asked.get(name);
    if (entry === undefined) return isPrepared ? undefined : PENDING;
    if (entry.places.length === 0) return undefined;
    let most = 0;
    for (const place of entry.places) {
      const answer = answers[place];
      if (answer instanceof Error) return answer;
      if (answer === undefined) return PENDING;
      most = Math.max(most, answer);
    }
    return entry.kind === 'label' ? most > 0 : most;
  }

  return {
    prepare(facts, needs) {
      if (!isPrepared) feed(facts);
      isPrepared = true;
      for (const name of needs) {
        let entry = asked.get(name);
        if (entry === undefined) {
          const fact = readStateFact(name);
          entry = {
            kind: fact.kind,
            places: asking.add(assumptions.get(name)?.() ?? commands.read(fact, facts)),
          };
          asked.set(name, entry);
        }
        if (entry.places.length > 0) wait();
      }
    },
    peek(name): Peeked {
      const value = settled(name);
      return value instanceof Error ? PENDING : value;
    },
    read(name) {
      const value = settled(name);
      if (value instanceof Error) return Promise.reject(value);
      return Promise.resolve(value === PENDING ? undefined : value);
    },
    async claim(rule, cooldown, facts) {
      const command = keepsEffects ? commands.claim(rule, cooldown, facts) : undefined;
      return command === undefined || claim(command);
    },
    conclude(facts, isAllowed, deeds) {
      if (isAllowed || !keepsEffects) keeping.add(later);
      if (!keepsEffects) return;
      for (const deed of deeds) keeping.add(commands.keep(deed, facts));
    },
  };
}
