import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Decision } from '../../engine/decision.js';
import type { JudgedEvent } from '../../engine/event.js';
import type { StateAccess } from '../../engine/rule-set.js';
import { compileTraced, traceDecision, type TracedRuleSet } from '../../engine/trace.js';
import { createMemoryStateStore, type MemoryStateStore } from '../../state/memory/store.js';
import { ABLE, factMap, LENIENT } from '../support/rules.js';
import { START } from './rig.js';

const RULES = `
counters:
  sends: { on: message.send, by: [actor.id], window: 1m }
  allowed: { on: message.send, by: [actor.id], window: 1m, count: allowed }
  mentions: { on: message.send, by: [message.mentions], window: 1m }
  groups: { on: message.send, by: [actor.id], window: 1m, where: { fact: group.id, operator: exists, value: true } }
  strangers: { on: friend.request, by: [actor.id], distinct: target.id, window: 1h }
  asked: { on: friend.request, by: [target.id], window: 1h, count: allowed }
rules:
  - id: muted
    on: '*'
    priority: 9
    when: { fact: label.muted, operator: equal, value: true }
    then: { refuse: { message: 'muted' } }
  - id: mute
    on: message.send
    priority: 8
    when: { fact: strikes.spam, operator: greaterThanInclusive, value: 2 }
    then: { label: { target: actor.id, name: muted, for: 1h } }
    cooldown: { for: 1h }
  - id: flood
    on: message.send
    priority: 7
    when: { fact: count.sends, operator: greaterThan, value: 4 }
    then: { refuse: { message: '{{count.sends}}' }, strike: { ladder: spam } }
  - id: watched
    on: message.send
    priority: 6
    mode: shadow
    when: { fact: count.groups, operator: greaterThan, value: 1 }
    then: { refuse: true }
    cooldown: { for: 1h }
  - id: named
    on: message.send
    priority: 5
    when: { any: [{ fact: count.mentions, operator: greaterThan, value: 2 }, { fact: group.id, operator: equal, value: closed }] }
    then: { refuse: { message: '{{count.mentions}}' }, strike: { ladder: spam } }
  - id: often
    on: message.send
    when: { fact: count.allowed, operator: greaterThan, value: 2 }
    then: { refuse: { message: '{{count.allowed}}' } }
    cooldown: { for: 2m }
  - id: strangers
    on: friend.request
    when: { fact: count.strangers, operator: greaterThan, value: 2 }
    then: { refuse: { message: '{{count.strangers}}' }, strike: { ladder: spam } }
  - id: sought
    on: friend.request
    when: { all: [{ fact: count.asked, operator: greaterThan, value: 1 }, { fact: count.sends, operator: lessThan, value: 4 }] }
    then: { refuse: { message: '{{count.asked}}' } }
`;

/** The count that the message of a rule tells. */
const TOLD = {
  flood: 'count.sends of actor.id',
  named: 'count.mentions of message.mentions',
  often: 'count.allowed of actor.id',
  strangers: 'count.strangers of actor.id',
  sought: 'count.asked of target.id',
} as const;

const user = fc.constantFrom('ann', 'ann', 'bob', 'cat');

interface Step {
  readonly event: JudgedEvent;
  readonly at: number;
}

type Happening = Pick<Step, 'event'> & {
  /** Milliseconds after what has happened before. */
  readonly pause: number;
};

function inTime(happenings: readonly Happening[]): readonly Step[] {
  let at = START;
  return happenings.map(({ event, pause: wait }) => ({ event, at: (at += wait) }));
}

const pause = fc.constantFrom(0, 0, 0, 1000, 1000, 1000, 20_000, 61_000, 600_000, 3_600_000);

interface Message {
  readonly actor: string;
  readonly group: string | undefined;
  readonly mentions: readonly string[] | undefined;
  readonly id: number;
}

function messageOf({ actor, group, mentions, id }: Message): JudgedEvent {
  return {
    kind: 'message.send',
    stage: 'before',
    targets: [],
    facts: factMap({
      'actor.id': actor,
      ...(group !== undefined && { 'group.id': group }),
      ...(mentions !== undefined && { 'message.mentions': mentions }),
    }),
    occurrence: () => `message ${id}`,
  };
}

const message: fc.Arbitrary<Happening> = fc
  .record({
    pause,
    actor: user,
    group: fc.option(fc.constantFrom('open', 'closed'), { nil: undefined }),
    mentions: fc.option(fc.array(user, { maxLength: 3 }), { nil: undefined }),
    id: fc.nat(30),
  })
  .map(({ pause: wait, ...one }) => ({ pause: wait, event: messageOf(one) }));

const request: fc.Arbitrary<Happening> = fc
  .record({ pause, actor: user, targets: fc.array(user, { minLength: 1, maxLength: 4 }), id: fc.nat(30) })
  .map(({ actor, targets, id, pause: wait }) => ({
    pause: wait,
    event: {
      kind: 'friend.request',
      stage: 'before',
      facts: factMap({ 'actor.id': actor, 'target.id': targets[0] ?? '' }),
      targets: targets.map((target) => ({ facts: factMap({ 'actor.id': actor, 'target.id': target }) })),
      occurrence: () => `request ${id}`,
    },
  }));

async function traced(text: string): Promise<TracedRuleSet> {
  const folder = {
    documents: [{ file: 'r.yaml', data: parse(text) as unknown }],
    texts: new Map<string, string>(),
  };
  const result = await compileTraced(folder, { capabilities: ABLE, platforms: ['able'] });
  if (result.traced === null) throw new Error(result.problems.map(({ message: text }) => text).join('\n'));
  return result.traced;
}

describe('the trace of a decision that remembers', () => {
  let rules: TracedRuleSet;
  before(async () => {
    rules = await traced(RULES);
  });

  const accessTo = (store: MemoryStateStore, { at }: Step): StateAccess => ({
    store,
    now: () => at,
    keepsEffects: true,
  });
  const decideOn = async (store: MemoryStateStore, step: Step): Promise<Decision> =>
    rules.ruleSet.decide(step.event, LENIENT, { state: accessTo(store, step) });

  it('finds what the decision found, and tells the counts that it told (property)', async () => {
    const steps = fc
      .array(fc.oneof({ weight: 3, arbitrary: message }, request), { minLength: 5, maxLength: 20 })
      .map(inTime);
    const states = new Set<string>();
    const written = Array.from({ length: 4 }, (_, id) => ({
      pause: 1000,
      event: messageOf({ actor: 'ann', group: undefined, mentions: undefined, id }),
    }));
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const store = createMemoryStateStore();
        for (const [index, step] of history.entries()) {
          const decision = await decideOn(store, step);
          const twin = createMemoryStateStore();
          for (const earlier of history.slice(0, index)) await decideOn(twin, earlier);
          const traces = await traceDecision(rules, step.event, decision, accessTo(twin, step));
          for (const { ruling, remembered, rules: found } of traces) {
            for (const { state } of found) states.add(state);
            const fact = Object.entries(TOLD).find(([rule]) => rule === ruling.decidedBy)?.[1];
            if (fact !== undefined)
              expect(String(remembered.get(fact) ?? '')).to.equal(ruling.refusal?.message);
          }
        }
      }),
      { numRuns: 60, examples: [[inTime(written)]] },
    );
    expect([...states].sort()).to.deep.equal(['cooling', 'late', 'matched', 'unmatched']);
  });

  it('has what an event tells by itself, and nothing else, where there is no store', async () => {
    const facts = factMap({ 'actor.id': 'ann', 'count.sends': 5 });
    const event = { kind: 'message.send', stage: 'before', facts, targets: [] } as const;
    const [trace] = await traceDecision(rules, event, await rules.ruleSet.decide(event, LENIENT));
    expect(trace?.ruling.decidedBy).to.equal('flood');
    expect(trace?.remembered.get('count.sends of actor.id')).to.equal(5);
    expect(trace?.remembered.get('count.allowed of actor.id')).to.equal(undefined);
    expect([...(trace?.remembered.keys() ?? [])]).to.include.members([
      'strikes.spam of actor.id',
      'label.muted of actor.id',
    ]);
  });
});
