import { SEED } from '../seed.js';
import type { StateCommand, StateStore } from '../../engine/state.js';
import { createMemoryStateStore } from '../../state/memory/store.js';
import { createRedisStateStore } from '../../state/redis/store.js';
import type { Benchmark, Surroundings } from '../benchmark.js';
import { POLICY, ruleSetOf } from '../decision/contenders/callgate.js';
import { ratios, type Figure } from '../figure.js';
import { timeRounds, type Contender } from '../measure.js';
import { startChild } from '../process/child.js';
import { eventOf, traffic, type PreparedEvent } from '../workload/traffic.js';
import { additionOf } from './commands.js';
import { startRedis, type RunningRedis } from './redis.js';

const EVENTS = 200;
/** Callbacks that are judged at the same time, as a busy gate does. */
const AT_ONCE = 50;
const COUNTERS = [0, 1, 5] as const;
const MILLION = 1_000_000;
const FEW_KEYS = 1000;

const US = { unit: 'µs' } as const;

export const state: Benchmark = {
  name: 'state',
  title: 'Counters',
  explains: [
    'What a message costs that feeds counters which a rule reads, each by another fact, with 10,000 users',
    'writing; no rule matches. In Redis, on this machine, 50 messages are judged at a time, and the cost is',
    'that of one of them; the wait is that of a message that is judged alone. Growth compares one addition',
    'among a million keys with one among a thousand.',
  ].join(' '),
  async measure(surroundings) {
    const redis = await startRedis();
    try {
      return [
        ...(await decisions(surroundings, redis)),
        ...(await growth(surroundings, redis)),
        ...(await keySizes(surroundings, redis)),
      ];
    } finally {
      await redis?.stop();
    }
  },
};

const BY = ['actor.id', 'message.id', 'command', 'platform', 'event.kind'] as const;

/** So many counters, and for each a rule that reads it and never matches. */
function rulesWith(counters: number): object {
  const facts = BY.slice(0, counters);
  const entries = facts.map(
    (fact, index) =>
      [
        `counter_${index}`,
        { on: 'message.send', by: fact === 'actor.id' ? [fact] : ['actor.id', fact], window: '1m' },
      ] as const,
  );
  return {
    counters: Object.fromEntries(entries),
    rules: facts.map((_, index) => ({
      id: `limit-${index}`,
      on: 'message.send',
      stage: 'before',
      when: { fact: `count.counter_${index}`, operator: 'greaterThan', value: MILLION },
      then: { refuse: true },
    })),
  };
}

/** Judges all events, so many at a time; each time they happen anew, to another user. */
async function contender(
  name: string,
  counters: number,
  events: readonly PreparedEvent[],
  store: StateStore,
  atOnce: number,
): Promise<Contender> {
  const ruleSet = await ruleSetOf(rulesWith(counters));
  let number = 0;
  const judge = async ({ event, facts }: PreparedEvent): Promise<void> => {
    number += 1;
    const occurrence = `${name} ${number}`;
    const own = new Map(facts).set('actor.id', `user_${(number * 7919) % 10_000}`);
    const happening = { ...event, facts: own, occurrence: () => occurrence };
    const { rulings } = await ruleSet.decide(happening, POLICY, {
      state: { store, now: Date.now, keepsEffects: true },
    });
    if (rulings[0]?.verdict !== 'allow' || rulings[0].errors.length > 0)
      throw new Error(`${name} went wrong`);
  };
  return {
    name,
    calls: events.length,
    async run() {
      for (let start = 0; start < events.length; start += atOnce) {
        await Promise.all(events.slice(start, start + atOnce).map(judge));
      }
    },
  };
}

async function decisions(
  { rounds, say }: Surroundings,
  redis: RunningRedis | undefined,
): Promise<readonly Figure[]> {
  say('deciding with counters');
  const events = traffic([], { count: EVENTS * 2, matches: 0, seed: SEED })
    .filter(({ sketch }) => sketch.kind === 'message.send')
    .slice(0, EVENTS)
    .map(eventOf);
  const memory = createMemoryStateStore();
  const remote = redis && createRedisStateStore(redis.redis);
  const contenders: Contender[] = [];
  for (const counters of COUNTERS) {
    contenders.push(await contender(`memory ${counters}`, counters, events, memory, 1));
    if (remote === undefined) continue;
    contenders.push(await contender(`redis ${counters}`, counters, events, remote, AT_ONCE));
    contenders.push(await contender(`wait ${counters}`, counters, events, remote, 1));
  }
  const times = await timeRounds(contenders, rounds);
  const rows = [
    ['memory', 'in memory'],
    ['redis', 'in Redis'],
    ['wait', 'in Redis, waited for'],
  ] as const;
  return rows.flatMap(([store, where]) =>
    COUNTERS.map((counters): Figure => {
      const samples = times.get(`${store} ${counters}`);
      const what = { id: `state.${store}.${counters}`, label: `${counters} counters ${where}` };
      return samples === undefined ? { ...what, ...NO_REDIS } : { ...what, ...US, samples };
    }),
  );
}

const NO_REDIS = { unavailable: 'redis-server is not installed' } as const;

async function growth(
  { rounds, say }: Surroundings,
  redis: RunningRedis | undefined,
): Promise<readonly Figure[]> {
  const stores: readonly (readonly [
    id: string,
    where: string,
    create: (() => StateStore) | undefined,
    batch: number,
  ])[] = [
    ['memory', 'in memory', () => createMemoryStateStore({ maxKeys: 2 * MILLION }), 1],
    ['redis', 'in Redis', redis && (() => createRedisStateStore(redis.redis)), 100],
  ];
  const figures: Figure[] = [];
  for (const [id, where, create, batch] of stores) {
    const label = `one addition ${where}, a million keys against a thousand`;
    if (create === undefined) {
      figures.push({ id: `state.${id}.growth`, label, ...NO_REDIS });
      continue;
    }
    say(`a million keys ${where}`);
    const add = adder(create(), batch);
    await redis?.redis.send(null, ['FLUSHALL']);
    const few = await timeRounds([{ name: 'few', calls: 1000, run: () => add(1000, FEW_KEYS) }], rounds);
    await add(MILLION, MILLION);
    const many = await timeRounds([{ name: 'many', calls: 1000, run: () => add(1000, MILLION) }], rounds);
    const [small, large] = [few.get('few') ?? [], many.get('many') ?? []];
    figures.push(
      { id: `state.${id}.few`, label: `one addition ${where}, a thousand keys`, ...US, samples: small },
      { id: `state.${id}.many`, label: `one addition ${where}, a million keys`, ...US, samples: large },
      { id: `state.${id}.growth`, label, unit: 'times', samples: ratios(large, small) },
    );
  }
  return figures;
}

/** Adds to one key after the other, so many commands in one call. */
function adder(store: StateStore, batch: number): (additions: number, keys: number) => Promise<void> {
  let number = 0;
  return async (additions, keys) => {
    for (let done = 0; done < additions; done += batch) {
      const commands: StateCommand[] = [];
      for (let index = 0; index < batch; index += 1) {
        number += 1;
        commands.push(additionOf((number * 7919) % keys, number));
      }
      await store.run(commands);
    }
  };
}

async function keySizes({ say }: Surroundings, redis: RunningRedis | undefined): Promise<readonly Figure[]> {
  say('the size of keys');
  const child = startChild('state/keys-child', { args: [`${MILLION}`], nodeOptions: ['--expose-gc'] });
  const { bytesPerKey } = (await child.message()) as { readonly bytesPerKey: number };
  const label = 'a key with one addition';
  const figures: Figure[] = [
    { id: 'state.memory.key', label: `${label}, in memory`, unit: 'bytes', samples: [bytesPerKey] },
  ];
  if (redis === undefined)
    return [...figures, { id: 'state.redis.key', label: `${label}, in Redis`, ...NO_REDIS }];
  await redis.redis.send(null, ['FLUSHALL']);
  const before = await redis.usedMemory();
  const keys = 100_000;
  await adder(createRedisStateStore(redis.redis), 100)(keys, keys);
  const size = ((await redis.usedMemory()) - before) / keys;
  return [...figures, { id: 'state.redis.key', label: `${label}, in Redis`, unit: 'bytes', samples: [size] }];
}
