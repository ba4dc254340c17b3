import { expect } from 'chai';
import { replay, type ReplayResult } from '../../cli/replay/replay.js';
import type { Event } from '../../engine/event.js';
import { createMemoryStateStore } from '../../state/memory/store.js';
import type { DecisionLogSettings } from '../../store/config.js';
import { entryOf, memoryLog } from '../decision-log/support.js';
import { fakeApp } from '../support/fake-adapter.js';
import { eventOf, eventWithTargets, LENIENT, ruleSetOf, type Facts } from '../support/rules.js';

const RULES = `
counters:
  sends: { on: message.send, by: [actor.id], window: 1m }
  strangers: { on: friend.request, by: [actor.id], distinct: target.id, window: 1h }
rules:
  - { id: muted, on: message.send, priority: 3, when: { fact: label.muted, operator: equal, value: true }, then: { refuse: true } }
  - { id: mute, on: message.send, priority: 2, when: { fact: strikes.spam, operator: greaterThanInclusive, value: 2 }, then: { refuse: true, label: { target: actor.id, name: muted, for: 1h } } }
  - { id: flood, on: message.send, priority: 1, when: { fact: count.sends, operator: greaterThan, value: 2 }, then: { refuse: true, strike: { ladder: spam } } }
  - { id: first, on: message.send, when: always, then: { rewrite: { message.text: { set: first } } }, cooldown: { for: 10m } }
  - { id: strangers, on: friend.request, when: { fact: count.strangers, operator: greaterThan, value: 2 }, then: { refuse: true } }
`;

const START = Date.parse('2026-03-01T12:00:00Z');
const KEEPING: Partial<DecisionLogSettings> = { facts: ['*'], text: 'full' };

interface Happening {
  readonly event: Event;
  /** Seconds after the start. */
  readonly at: number;
}

interface Logging {
  readonly settings?: Partial<DecisionLogSettings>;
  readonly enforce?: boolean;
}

/** The lines of a gate that begins with nothing. */
async function logged(
  happenings: readonly Happening[],
  { settings = KEEPING, enforce = true }: Logging = {},
): Promise<readonly string[]> {
  const ruleSet = await ruleSetOf(RULES);
  const store = createMemoryStateStore();
  const written: string[] = [];
  for (const [index, { event, at }] of happenings.entries()) {
    const now = START + at * 1000;
    const state = { store, now: () => now, keepsEffects: enforce };
    const decision = await ruleSet.decide(event, LENIENT, { state });
    const { log, lines } = memoryLog(settings);
    const app = { ...fakeApp, enforce };
    log.record(entryOf(event, decision, { id: `id${index}`, app }));
    for (const line of await lines()) {
      written.push(JSON.stringify({ ...line, time: new Date(now).toISOString() }));
    }
  }
  return written;
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) {
    await Promise.resolve();
    yield line;
  }
}

async function replayed(lines: readonly string[], rules = RULES): Promise<ReplayResult> {
  return replay(each(lines), { ruleSet: await ruleSetOf(rules), policyOf: () => LENIENT, samples: 0 });
}

const message = (more: Facts = {}): Event =>
  eventOf('message.send', { 'app.id': 'fake', 'actor.id': 'ann', 'message.text': 'hi', ...more });

const sends = (count: number, from: number): readonly Happening[] =>
  Array.from({ length: count }, (_, index) => ({ event: message(), at: from + index }));

const HISTORY: readonly Happening[] = [
  ...sends(4, 0),
  {
    event: eventWithTargets('friend.request', { 'app.id': 'fake', 'actor.id': 'ann' }, ['b', 'c', 'd']),
    at: 90,
  },
  ...sends(3, 120),
  ...sends(1, 600),
  ...sends(2, 3600),
  ...sends(1, 8000),
];

describe('the replay of decisions that remember', () => {
  it('by the same rules finds no flips, whatever was counted, struck, labelled or cooling down', async () => {
    const lines = await logged(HISTORY);
    const rules = lines.map((line) => (JSON.parse(line) as { rule: string | null }).rule);
    expect(new Set(rules)).to.deep.equal(new Set([null, 'flood', 'mute', 'muted']));
    expect(await replayed(lines)).to.deep.include({ judged: HISTORY.length, flips: 0, notJudged: [] });
  });

  it('goes by the moments of the lines', async () => {
    const lines = await logged(sends(3, 0));
    const later = lines.map((line, index) =>
      line.replace(/"time":"[^"]*"/, `"time":"2026-03-0${index + 2}T00:00:00Z"`),
    );
    expect((await replayed(lines)).flips).to.equal(0);
    const { changes } = await replayed(later);
    expect(changes.map(({ change, before, count }) => [change, before, count])).to.have.deep.members([
      ['refuse -> allow', 'flood', 1],
      ['rewrite', '(none)', 1],
    ]);
  });

  it('by other limits finds what they would have refused', async () => {
    const stricter = RULES.replace(
      'count.sends, operator: greaterThan, value: 2',
      'count.sends, operator: greaterThan, value: 1',
    );
    const { changes } = await replayed(await logged(sends(3, 0)), stricter);
    expect(changes.map(({ change, now, count }) => [change, now, count])).to.deep.equal([
      ['allow -> refuse', 'flood', 1],
    ]);
  });

  it('counts one message once, though two lines tell of it, where its ID is kept', async () => {
    const twice = [1, 1, 2].map((id, at) => ({ event: message({ 'message.id': `m${id}` }), at }));
    const asked = twice.map(({ event, at }) => ({
      event: { ...event, occurrence: () => String(event.facts.get('message.id')) },
      at,
    }));
    const lines = await logged(asked);
    expect(await replayed(lines)).to.deep.include({ judged: 3, flips: 0 });
    const withoutIds = lines.map((line) => line.replace(/"message.id":"m\d",?/, ''));
    expect((await replayed(withoutIds)).changes.map(({ now }) => now)).to.include('flood');
  });

  it('gives nothing to a user where the app only observed', async () => {
    const lines = await logged(HISTORY, { enforce: false });
    expect(await replayed(lines)).to.deep.include({ judged: HISTORY.length, flips: 0 });
    const enforced = lines.map((line) => line.replace('"enforced":false', '"enforced":true'));
    expect((await replayed(enforced)).flips).to.be.greaterThan(0);
  });

  it('needs the facts that counters count by, and no others', async () => {
    const lines = await logged(sends(2, 0), { settings: { facts: [], text: 'none' } });
    expect(await replayed(lines, RULES)).to.deep.include({ judged: 2 });
    const byText = `
counters: { same: { on: message.send, by: [message.fingerprint], window: 1m } }
rules: [{ id: r, on: message.send, when: { fact: count.same, operator: greaterThan, value: 1 }, then: { refuse: true } }]`;
    expect(await replayed(lines, byText)).to.deep.include({
      judged: 0,
      notJudged: [{ reason: 'the fact message.fingerprint was not kept', lines: 2 }],
    });
  });

  it('does not judge a line without a moment', async () => {
    const [line = ''] = await logged(sends(1, 0));
    expect(await replayed([line.replace(/"time":"[^"]*"/, '"time":"noon"')])).to.deep.include({
      notJudged: [{ reason: 'it is no line of a decision log', lines: 1 }],
    });
  });
});
