import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { plainRuling, type Ruling } from '../../engine/decision.js';
import type { Event } from '../../engine/event.js';
import type { DecisionEntry } from '../../server/decision-log/line.js';
import type { DecisionLogSettings } from '../../store/config.js';
import { fakeApp } from '../support/fake-adapter.js';
import { eventOf, eventWithTargets, factMap, ruleSetOf, STRICT } from '../support/rules.js';
import { entryOf, memoryLog } from './support.js';

async function lineOf(
  event: Event,
  rules: string,
  settings: Partial<DecisionLogSettings> = {},
  more: Partial<DecisionEntry> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const ruleSet = await ruleSetOf(rules);
  const { log, lines } = memoryLog(settings);
  log.record(entryOf(event, await ruleSet.decide(event, STRICT), more));
  const [line] = await lines();
  const { revision, ...rest } = line!;
  expect(revision).to.equal(ruleSet.revision);
  return rest;
}

const MESSAGE = eventOf('message.send', {
  platform: 'fake',
  'app.id': 'fake',
  'actor.id': 'alice',
  'target.id': 'bob',
  'group.id': 'g1',
  'client.ip': '192.0.2.1',
  'message.text': 'bad words',
  'message.mentions': ['carol'],
});

const RULES = `
rules:
  - { id: mask, on: message.send, priority: 5, when: always, then: { rewrite: { message.text: { mask: { words: [bad] } } }, tag: masked } }
  - { id: watch, on: message.send, priority: 4, mode: shadow, when: always, then: { refuse: true, tag: spam } }
  - { id: stop, on: message.send, when: always, then: { refuse: { message: "No." }, notify: team } }`;

const NONE = 'rules: []';

describe('a line of the decision log', () => {
  it('tells who, what, which rule, and what shadow rules would have done', async () => {
    expect(await lineOf(MESSAGE, RULES)).to.deep.equal({
      time: '2026-03-01T12:00:00.000Z',
      id: '0000000000000001',
      app: 'fake',
      platform: 'fake',
      command: 'fake',
      kind: 'message.send',
      stage: 'before',
      actor: 'alice',
      target: 'bob',
      group: 'g1',
      verdict: 'refuse',
      rule: 'stop',
      matched: ['mask', 'stop'],
      shadowed: [{ rule: 'watch', verdict: 'refuse', tags: ['spam'] }],
      tags: ['masked'],
      notify: ['team'],
      rewrites: { 'message.text': null },
      ms: 0.123,
    });
  });

  it('tells strikes and labels that are given, and that a shadow rule would give', async () => {
    const gives = (name: string): string =>
      `{ strike: { ladder: ${name} }, label: { target: actor.id, name: ${name}, for: 1h } }`;
    const rules = `
rules:
  - { id: give, on: [message.send, friend.request], when: always, then: ${gives('spam')} }
  - { id: would, on: [message.send, friend.request], mode: shadow, when: always, then: ${gives('rude')} }`;
    const given = { strikes: ['spam'], labels: ['spam'] };
    const would = [{ rule: 'would', strikes: ['rude'], labels: ['rude'] }];
    expect(await lineOf(MESSAGE, rules)).to.deep.include({ ...given, shadowed: would });
    const facts = { 'event.kind': 'friend.request', 'actor.id': 'alice' } as const;
    const several = eventWithTargets('friend.request', facts, ['bob', 'carol']);
    const line = await lineOf(several, rules);
    expect(line).to.deep.include(given);
    expect(line['targets']).to.have.length(2);
    expect((line['targets'] as readonly unknown[])[0]).to.deep.include({ ...given, shadowed: would });
  });

  it('tells nothing of counts, strikes and labels that rules asked for', async () => {
    const asking =
      'rules: [{ id: r, on: message.send, when: { fact: strikes.spam, operator: equal, value: 3 }, then: { tag: x } }]';
    const event = eventOf('message.send', { 'actor.id': 'alice', 'strikes.spam': 3 });
    const line = await lineOf(event, asking, { facts: ['*'], text: 'full' });
    expect(line).to.deep.include({ tags: ['x'], facts: {} });
  });

  it('hashes fingerprints of messages as it hashes their texts', async () => {
    const event = eventOf('message.send', { 'message.fingerprint': 'abc' });
    const keeping = async (settings: Partial<DecisionLogSettings>): Promise<unknown> =>
      (await lineOf(event, NONE, { facts: ['*'], ...settings }))['facts'];
    expect(await keeping({ text: 'none' })).to.deep.equal({});
    expect(await keeping({ text: 'full' })).to.deep.equal({ 'message.fingerprint': 'abc' });
    const hash = createHmac('sha256', 'k'.repeat(16)).update('abc').digest('base64url');
    expect(await keeping({ text: 'hash', hashKey: 'k'.repeat(16) })).to.deep.equal({
      'message.fingerprint': `hmac-sha256:${hash}`,
    });
  });

  it('says no more than it has to where nothing happened', async () => {
    const line = await lineOf(eventOf('user.presence', { 'actor.id': 'alice' }, 'after'), NONE);
    expect(line).to.deep.equal({
      time: '2026-03-01T12:00:00.000Z',
      id: '0000000000000001',
      app: 'fake',
      platform: 'fake',
      command: 'fake',
      kind: 'user.presence',
      stage: 'after',
      actor: 'alice',
      verdict: 'allow',
      rule: null,
      ms: 0.123,
    });
  });

  it('tells of each target where there are several', async () => {
    const event = eventWithTargets('friend.request', { 'actor.id': 'alice' }, ['bob', 'mallory']);
    const line = await lineOf(
      event,
      'rules: [{ id: no, on: friend.request, when: { fact: target.id, operator: equal, value: mallory }, then: { refuse: true, tag: x } }]',
      { facts: ['*'] },
    );
    expect(line).to.deep.include({ verdict: 'mixed', rule: null, matched: ['no'], tags: ['x'] });
    expect(line).not.to.have.property('target');
    expect(line['targets']).to.deep.equal([
      { id: 'bob', verdict: 'allow', rule: null },
      { id: 'mallory', verdict: 'refuse', rule: 'no', matched: ['no'], tags: ['x'] },
    ]);
  });

  it('names what degraded the decision and what the command could not carry', async () => {
    const ruling: Ruling = { ...plainRuling('allow'), errors: [{ rule: 'r', message: 'no counter' }] };
    const { log, lines } = memoryLog();
    log.record(
      entryOf(
        MESSAGE,
        { revision: 'r1', rulings: [ruling] },
        {
          degraded: 'deadline',
          shortfalls: [{ effect: 'discard', reason: 'refused instead' }],
          app: { ...fakeApp, enforce: false },
        },
      ),
    );
    expect((await lines())[0]).to.deep.include({
      degraded: 'deadline',
      errors: [{ rule: 'r', message: 'no counter' }],
      shortfalls: [{ effect: 'discard', reason: 'refused instead' }],
      enforced: false,
    });
  });

  it('works for callbacks that could not be read, and cuts what a stranger can make long', async () => {
    const { log, lines } = memoryLog({ facts: ['*'] });
    log.record(
      entryOf(
        MESSAGE,
        { revision: 'r1', rulings: [plainRuling('allow')] },
        {
          degraded: 'unknown-command',
          callback: {
            wireCommand: 'x'.repeat(500),
            stage: 'before',
            body: {},
            outcome: { type: 'unknown-command' },
          },
        },
      ),
    );
    const [line] = await lines();
    expect(line).to.include({ command: 'x'.repeat(100), verdict: 'allow', degraded: 'unknown-command' });
    expect(line).not.to.have.any.keys('kind', 'actor', 'facts');
  });

  describe('keeps facts', () => {
    const facts = async (settings: Partial<DecisionLogSettings>) => {
      const line = await lineOf(MESSAGE, RULES, settings);
      return { facts: line['facts'], kept: line['kept'], rewrites: line['rewrites'] };
    };

    it('that are selected, by name or pattern, and says which', async () => {
      expect(await facts({ facts: ['client.ip', 'message.*'] })).to.deep.equal({
        facts: { 'client.ip': '192.0.2.1', 'message.mentions': ['carol'] },
        kept: { facts: ['client.ip', 'message.*'], text: 'none' },
        rewrites: { 'message.text': null },
      });
    });

    it('of messages in full where that is asked for', async () => {
      expect(await facts({ text: 'full' })).to.deep.equal({
        facts: { 'message.text': 'bad words' },
        kept: { facts: [], text: 'full' },
        rewrites: { 'message.text': '*** words' },
      });
    });

    it('of messages as keyed hashes', async () => {
      const hash = (text: string) =>
        `hmac-sha256:${createHmac('sha256', '0123456789abcdef').update(text).digest('base64url')}`;
      expect(await facts({ text: 'hash', hashKey: '0123456789abcdef' })).to.deep.equal({
        facts: { 'message.text': hash('bad words') },
        kept: { facts: [], text: 'hash' },
        rewrites: { 'message.text': hash('*** words') },
      });
    });

    it('of single targets where they differ from those of the event', async () => {
      const base = eventWithTargets('friend.request', { 'actor.id': 'a', 'friend.source': 'app' }, [
        'b',
        'c',
      ]);
      const event: Event = {
        ...base,
        targets: base.targets.map(({ id }) => ({
          id,
          facts: factMap({
            'actor.id': 'a',
            'target.id': id,
            'friend.source': 'app',
            'friend.remark': `${id} remark`,
          }),
        })),
      };
      const line = await lineOf(event, NONE, { facts: ['friend.*'] });
      expect(line['facts']).to.deep.equal({ 'friend.source': 'app' });
      expect(line['targets']).to.deep.equal([
        { id: 'b', verdict: 'allow', rule: null, facts: { 'friend.remark': 'b remark' } },
        { id: 'c', verdict: 'allow', rule: null, facts: { 'friend.remark': 'c remark' } },
      ]);
    });
  });
});
