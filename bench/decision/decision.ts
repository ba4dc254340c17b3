import type { Benchmark, Surroundings } from '../benchmark.js';
import { ratios, type Figure } from '../figure.js';
import { SEED } from '../seed.js';
import { timeRounds, type Contender } from '../measure.js';
import { generateRules, type GeneratedRule } from '../workload/rules.js';
import { eventOf, traffic, type PreparedEvent } from '../workload/traffic.js';
import type { Judge } from './contender.js';
import { callgate, POLICY, ruleSetOf } from './contenders/callgate.js';
import { closures } from './contenders/closures.js';
import { assertAgreement, withMatches } from './matching.js';

/** Different events of each sort; one after the other is judged. */
const EVENTS = 200;

const US = { unit: 'µs' } as const;
const TIMES = { unit: 'times' } as const;

/** Judges all events, one after the other. */
export function contender(name: string, judge: Judge, events: readonly PreparedEvent[]): Contender {
  return {
    name,
    calls: events.length,
    async run() {
      for (const event of events) await judge(event);
    },
  };
}

/** Events that match exactly so many of the rules, by plain functions. */
export async function eventsThatMatch(
  rules: readonly GeneratedRule[],
  matches: number,
  count = EVENTS,
): Promise<readonly PreparedEvent[]> {
  const events = traffic(rules, { count: count * 2, matches, seed: SEED + matches }).map(eventOf);
  return withMatches(await closures.prepare(rules), events, matches, count);
}

export const decision: Benchmark = {
  name: 'decision',
  title: 'One decision',
  explains: [
    'Microseconds from an event, its facts at hand, to the decision. Every message has 200 characters,',
    'English or Chinese. The events of a row match no rule, one rule or five rules of 10,000; all rules',
    'tag, so that none ends the judging. Growth is the cost of events that match nothing, and of a list',
    'in a single rule: user IDs looked up in it, words of it searched in messages.',
  ].join(' '),
  async measure(surroundings) {
    return [...(await cost(surroundings)), ...(await lists(surroundings))];
  },
};

async function cost({ rounds, say }: Surroundings): Promise<readonly Figure[]> {
  say('generating 100,000 rules');
  const all = generateRules(100_000, SEED);
  const rules = all.slice(0, 10_000);
  const [none, one, five] = await Promise.all([0, 1, 5].map((matches) => eventsThatMatch(rules, matches)));
  const clean = await withMatches(await closures.prepare(all), none ?? [], 0, EVENTS);
  const judge = await callgate.prepare(rules);
  for (const events of [none, one, five]) {
    await assertAgreement(
      [
        ['plain functions', await closures.prepare(rules)],
        ['Callgate', judge],
      ],
      events ?? [],
    );
  }
  const [few, many] = await Promise.all([callgate.prepare(all.slice(0, 100)), callgate.prepare(all)]);
  say('deciding');
  const times = await timeRounds(
    [
      contender('none', judge, none ?? []),
      contender('one', judge, one ?? []),
      contender('five', judge, five ?? []),
      contender('few', few, clean),
      contender('many', many, clean),
    ],
    rounds,
  );
  const of = (name: string): readonly number[] => times.get(name) ?? [];
  return [
    { id: 'decision.none', label: '10,000 rules, none matches', ...US, samples: of('none') },
    { id: 'decision.one', label: '10,000 rules, one matches', ...US, samples: of('one') },
    { id: 'decision.five', label: '10,000 rules, five match', ...US, samples: of('five') },
    { id: 'decision.few', label: '100 rules, none matches', ...US, samples: of('few') },
    { id: 'decision.many', label: '100,000 rules, none matches', ...US, samples: of('many') },
    {
      id: 'decision.growth',
      label: '100,000 rules against 100',
      ...TIMES,
      samples: ratios(of('many'), of('few')),
    },
  ];
}

/** One rule whose list is short or long; the events miss it. */
async function lists({ rounds, say }: Surroundings): Promise<readonly Figure[]> {
  say('deciding with long lists');
  const events = traffic([], { count: EVENTS, matches: 0, seed: SEED + 9 })
    .filter(({ sketch }) => sketch.kind === 'message.send')
    .map(eventOf);
  const kinds = [
    { id: 'ids', fact: 'actor.id', operator: 'in', entry: (index: number) => `banned_${index}` },
    {
      id: 'words',
      fact: 'message.text',
      operator: 'containsAny',
      entry: (index: number) => `x${index.toString(36)}x`,
    },
  ] as const;
  const figures: Figure[] = [];
  for (const { id, fact, operator, entry } of kinds) {
    const judgeOf = async (length: number): Promise<Judge> => {
      const value = Array.from({ length }, (_, index) => entry(index));
      const when = { fact, operator, value } as const;
      const ruleSet = await ruleSetOf({
        rules: [{ id: 'listed', on: 'message.send', stage: 'before', when, then: { refuse: true } }],
      });
      return async ({ event }) =>
        (await ruleSet.decide(event, POLICY)).rulings[0]?.decidedBy === null ? [] : [id];
    };
    const [short, long] = [await judgeOf(10), await judgeOf(100_000)];
    await assertAgreement(
      [
        ['nothing', () => []],
        ['a short list', short],
        ['a long list', long],
      ],
      events,
    );
    const times = await timeRounds(
      [contender('short', short, events), contender('long', long, events)],
      rounds,
    );
    const [fast, slow] = [times.get('short') ?? [], times.get('long') ?? []];
    const label = id === 'ids' ? 'user IDs' : 'words';
    figures.push(
      { id: `list.${id}.short`, label: `list of 10 ${label}`, ...US, samples: fast },
      { id: `list.${id}.long`, label: `list of 100,000 ${label}`, ...US, samples: slow },
      {
        id: `list.${id}.growth`,
        label: `${label}: 100,000 entries against 10`,
        ...TIMES,
        samples: ratios(slow, fast),
      },
    );
  }
  return figures;
}
