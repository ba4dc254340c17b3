/** Random events about the vocabulary; some facts arrive later, in any order. */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { FactSource, JudgedEvent } from '../../../engine/event.js';
import type { FactName, FactValue } from '../../../engine/facts.js';
import type { Kind, Stage } from '../../../engine/kinds.js';
import { ADDRESSES, IDS, NUMBERS, TEXTS, TIMES } from './vocabulary.js';

export type Facts = Partial<Record<FactName, FactValue>>;

export interface RandomEvent {
  readonly kind: Kind;
  readonly stage: Stage;
  /** Facts of each judged target; of the event itself where it has no list of targets. */
  readonly targets: readonly Facts[];
  readonly hasTargets: boolean;
  /** Turns of the event loop until a fact is there; those not named are at hand. */
  readonly late: Readonly<Record<string, number>>;
}

const id = fc.constantFrom(...IDS);
const ids = fc.array(id, { maxLength: 3 });
const time = fc.constantFrom(...TIMES);
const number = fc.constantFrom(...NUMBERS);
const text = fc.array(fc.constantFrom(...TEXTS), { maxLength: 4 }).map((pieces) => pieces.join(''));

const facts = fc.record(
  {
    'actor.id': id,
    'target.id': id,
    'group.id': id,
    'target.ids': ids,
    'event.time': time,
    'actor.isAdmin': fc.boolean(),
    'client.ip': fc.constantFrom(...ADDRESSES),
    'message.text': text,
    'message.mentions': ids,
    'message.seq': number,
    'message.random': number,
    'message.sentAt': time,
  } satisfies Partial<Record<FactName, fc.Arbitrary<FactValue>>>,
  { requiredKeys: ['actor.id'] },
);

const delays = fc.dictionary(
  fc.constantFrom<FactName>(
    'actor.id',
    'target.id',
    'group.id',
    'message.text',
    'message.mentions',
    'event.time',
  ),
  fc.nat(3),
  { maxKeys: 3 },
);

export const randomEvent: fc.Arbitrary<RandomEvent> = fc
  .record({
    kind: fc.constantFrom<Kind>(
      'message.send',
      'message.send',
      'message.edit',
      'block.add',
      'friend.request',
    ),
    stage: fc.constantFrom<Stage>('before', 'before', 'after'),
    shared: facts,
    own: fc.array(fc.record({ 'target.id': id, 'actor.id': id }, { requiredKeys: ['target.id'] }), {
      maxLength: 2,
    }),
    late: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: delays }),
  })
  .map(({ kind, stage, shared, own, late }) => {
    const all = { ...shared, 'event.kind': kind, 'event.stage': stage };
    const targets = own.map((values) => ({ ...all, ...values }));
    const hasTargets = targets.length > 0;
    return { kind, stage, targets: hasTargets ? targets : [all], hasTargets, late };
  });

/** The event as the engine gets it. */
export function eventOf({ kind, stage, targets, hasTargets, late }: RandomEvent): JudgedEvent {
  const sources = targets.map((facts) => ({ facts: sourceOf(facts, late) }));
  return {
    kind,
    stage,
    facts: sources[0]?.facts ?? new Map(),
    targets: hasTargets ? sources : [],
  };
}

function sourceOf(known: Facts, late: RandomEvent['late']): FactSource {
  return {
    get(name) {
      const turns = late[name];
      return turns === undefined ? known[name] : afterTurns(turns, known[name]);
    },
  };
}

async function afterTurns<T>(turns: number, value: T): Promise<T> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
  return value;
}
