import { expect } from 'chai';
import { replay, type ReplayResult } from '../../cli/replay/replay.js';
import type { Event } from '../../engine/event.js';
import { eventOf, eventWithTargets, ruleSetOf, type Facts } from '../support/rules.js';
import { entryOf, memoryLog } from '../decision-log/support.js';
import { fakeApp } from '../support/fake-adapter.js';
import type { DecisionLogSettings } from '../../store/config.js';

const KEEPING: Partial<DecisionLogSettings> = { facts: ['*'], text: 'full' };

const POLICY = { default: 'allow', onFailure: 'allow' } as const;

/** Log lines of events that were judged by rules. */
async function logged(
  events: readonly Event[],
  rules: string,
  settings: Partial<DecisionLogSettings> = KEEPING,
): Promise<readonly string[]> {
  const ruleSet = await ruleSetOf(rules);
  const { log, lines } = memoryLog(settings);
  for (const event of events) log.record(entryOf(event, await ruleSet.decide(event, POLICY)));
  return (await lines()).map((line) => JSON.stringify(line));
}

async function* each(lines: readonly (string | null)[]): AsyncGenerator<string | null> {
  for (const line of lines) {
    await Promise.resolve();
    yield line;
  }
}

async function replayBy(rules: string, lines: readonly (string | null)[]): Promise<ReplayResult> {
  return replay(each(lines), {
    ruleSet: await ruleSetOf(rules),
    policyOf: (id) => (id === fakeApp.id ? POLICY : undefined),
    samples: 2,
  });
}

const message = (actor: string, text: string, more: Facts = {}): Event =>
  eventOf('message.send', { 'actor.id': actor, 'message.text': text, ...more });

const NO_SPAM =
  'rules: [{ id: no-spam, on: message.send, when: { fact: message.text, operator: contains, value: spam }, then: { refuse: true } }]';
const NO_HAM =
  'rules: [{ id: no-ham, on: message.send, when: { fact: message.text, operator: contains, value: ham }, then: { refuse: true } }]';

describe('a replay', () => {
  it('finds no flips by the rules that judged', async () => {
    const lines = await logged([message('a', 'spam'), message('b', 'ham')], NO_SPAM);
    expect(await replayBy(NO_SPAM, lines)).to.deep.equal({
      lines: 2,
      judged: 2,
      flips: 0,
      changes: [],
      actors: [],
      notJudged: [],
      isExact: true,
    });
  });

  it('counts what flips by rule and actor, with samples', async () => {
    const events = [
      message('a', 'spam', { 'target.id': 'z' }),
      message('a', 'spam'),
      message('a', 'spam'),
      message('b', 'ham'),
      message('c', 'neither'),
    ];
    const result = await replayBy(NO_HAM, await logged(events, NO_SPAM));
    expect(result).to.deep.include({ lines: 5, judged: 5, flips: 4 });
    expect(result.changes.map(({ samples, ...row }) => [row, samples.map(({ line }) => line)])).to.deep.equal(
      [
        [{ change: 'refuse -> allow', before: 'no-spam', now: '(default)', count: 3 }, [1, 2]],
        [{ change: 'allow -> refuse', before: '(default)', now: 'no-ham', count: 1 }, [4]],
      ],
    );
    expect(result.changes[0]?.samples[0]).to.deep.equal({
      line: 1,
      id: '0000000000000001',
      time: '2026-03-01T12:00:00.000Z',
      kind: 'message.send',
      actor: 'a',
      target: 'z',
    });
    expect(result.actors).to.deep.equal([
      { actor: 'a', flips: 3 },
      { actor: 'b', flips: 1 },
    ]);
  });

  it('finds other verdicts, and what is written otherwise', async () => {
    const rule = (id: string, then: string) =>
      `rules: [{ id: ${id}, on: message.send, when: always, then: ${then} }]`;
    const mask = (word: string) => `{ rewrite: { message.text: { mask: { words: [${word}] } } } }`;
    const changes = async (before: string, now: string) =>
      (await replayBy(now, await logged([message('a', 'spam and ham')], before))).changes.map(
        ({ change, before: then, now: later }) => [change, then, later],
      );
    expect(await changes(rule('r', '{ refuse: true }'), rule('d', '{ discard: true }'))).to.deep.equal([
      ['refuse -> discard', 'r', 'd'],
    ]);
    expect(await changes(rule('m', mask('spam')), rule('m', mask('ham')))).to.deep.equal([
      ['rewrite', 'm', 'm'],
    ]);
    expect(await changes(rule('m', mask('spam')), 'rules: []')).to.deep.equal([['rewrite', 'm', '(none)']]);
    expect(await changes(rule('m', mask('spam')), rule('other', mask('spam')))).to.deep.equal([]);
  });

  it('judges each of several targets', async () => {
    const event = eventWithTargets('friend.request', { 'actor.id': 'a' }, ['bob', 'mallory', 'carol']);
    const now =
      'rules: [{ id: no, on: friend.request, when: { fact: target.id, operator: equal, value: mallory }, then: { refuse: true } }]';
    const result = await replayBy(now, await logged([event], 'rules: []'));
    expect(result).to.deep.include({ judged: 1, flips: 1 });
    expect(result.changes[0]?.samples[0]?.target).to.equal('mallory');
  });

  it('does not judge a line that does not keep what the rules ask for, and says which fact', async () => {
    const lines = await logged([message('a', 'spam')], NO_SPAM, {
      facts: ['*'],
      text: 'hash',
      hashKey: 'k'.repeat(16),
    });
    const result = await replayBy(NO_HAM, lines);
    expect(result).to.deep.include({
      judged: 0,
      flips: 0,
      notJudged: [{ reason: 'the fact message.text was not kept', lines: 1 }],
    });
    const byActor =
      'rules: [{ id: no-a, on: message.send, when: { fact: actor.id, operator: equal, value: a }, then: { refuse: true } }]';
    expect(await replayBy(byActor, lines)).to.deep.include({ judged: 1, flips: 0 });
    expect(await replayBy(byActor.replace('value: a', 'value: b'), lines)).to.deep.include({
      judged: 1,
      flips: 1,
    });
  });

  it('counts lines that cannot be judged with the reason, and passes over empty ones', async () => {
    const [line] = await logged([message('a', 'spam')], NO_SPAM);
    const foreign = line!.replace('"app":"fake"', '"app":"other"');
    const result = await replayBy(NO_SPAM, ['', 'nonsense', null, foreign, line!]);
    expect(result).to.deep.include({ lines: 5, judged: 1 });
    expect(result.notJudged).to.have.deep.members([
      { reason: 'it is no line of a decision log', lines: 1 },
      { reason: 'it is too long', lines: 1 },
      { reason: 'the app other is not configured', lines: 1 },
    ]);
  });

  it('stays small when everything is different', async () => {
    const [line] = await logged([message('alice', 'ham')], NO_SPAM);
    const many = Array.from({ length: 5000 }, (_, index) => line!.replace('"alice"', `"user${index}"`));
    const result = await replayBy(NO_HAM, many);
    expect(result).to.include({ flips: 5000, isExact: false });
    expect(result.actors.length).to.be.at.most(2000);
    expect(result.changes).to.have.lengthOf(1);
    expect(result.changes[0]).to.include({ count: 5000 });
  });

  it('refuses nothing that has happened already', async () => {
    const ruleSet = await ruleSetOf('rules: []');
    const lines = await logged([eventOf('block.add', { 'actor.id': 'a' }, 'after')], 'rules: []');
    const result = await replay(each(lines), {
      ruleSet,
      policyOf: () => ({ default: 'refuse', onFailure: 'refuse' }),
      samples: 0,
    });
    expect(result).to.include({ judged: 1, flips: 0 });
  });
});
