import type { Benchmark } from '../benchmark.js';
import { ratios, type Figure } from '../figure.js';
import { timeRounds, type Contender } from '../measure.js';
import { SEED } from '../seed.js';
import { installPeers } from '../peers.js';
import { generateRules } from '../workload/rules.js';
import { eventOf, mixedTraffic, type PreparedEvent } from '../workload/traffic.js';
import type { Engine, Judge } from './contender.js';
import { callgate } from './contenders/callgate.js';
import { cel } from './contenders/cel.js';
import { closures } from './contenders/closures.js';
import { jsonLogic } from './contenders/json-logic.js';
import { stock } from './contenders/stock.js';
import { zen } from './contenders/zen.js';
import { contender } from './decision.js';
import { assertAgreement } from './matching.js';

const RULES = 10_000;
/** Events of one run; those that try every rule are slow enough to be timed one by one. */
const EVENTS = 200;

/** Engines by the part of their figures' names. */
const OTHERS: readonly (readonly [id: string, engine: Engine])[] = [
  ['closures', closures],
  ['json-logic', jsonLogic],
  ['zen', zen],
  ['cel', cel],
  ['stock', stock],
];

/** Takes the next event with every run. */
function oneByOne(name: string, judge: Judge, events: readonly PreparedEvent[]): Contender {
  let turn = 0;
  return {
    name,
    calls: 1,
    async run() {
      const event = events[turn % events.length];
      turn += 1;
      if (event !== undefined) await judge(event);
    },
  };
}

export const peers: Benchmark = {
  name: 'peers',
  title: 'Against other engines',
  explains: [
    'Microseconds for one decision about 10,000 rules, one event in ten matching a rule; the others have to',
    'try every rule, since none of them looks rules up. All get the same rules, written in their own',
    'language and compiled where they can compile, and must find the same matches before the clock runs.',
  ].join(' '),
  async measure({ rounds, say }) {
    installPeers(say);
    const rules = generateRules(RULES, SEED);
    const events = mixedTraffic(rules, { count: EVENTS, seed: SEED }).map(eventOf);
    say('compiling the rules for everyone');
    const ours = await callgate.prepare(rules);
    const judges: [id: string, judge: Judge][] = [];
    for (const [id, engine] of OTHERS) judges.push([id, await engine.prepare(rules)]);
    say('checking that all find the same');
    await assertAgreement([['callgate', ours], ...judges], events.slice(0, 40));
    say('deciding');
    const times = await timeRounds(
      [contender('callgate', ours, events), ...judges.map(([id, judge]) => oneByOne(id, judge, events))],
      rounds,
    );
    const own = times.get('callgate') ?? [];
    return [
      { id: 'peers.callgate', label: callgate.name, unit: 'µs', samples: own },
      ...OTHERS.flatMap(([id, { name }]): readonly Figure[] => {
        const samples = times.get(id) ?? [];
        return [
          { id: `peers.${id}`, label: name, unit: 'µs', samples },
          {
            id: `peers.${id}.ratio`,
            label: `${name} against Callgate`,
            unit: 'times',
            samples: ratios(samples, own),
          },
        ];
      }),
    ];
  },
};
