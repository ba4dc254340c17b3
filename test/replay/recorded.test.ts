import { expect } from 'chai';
import fc from 'fast-check';
import { readLine, type ReadLine, type Recorded } from '../../cli/replay/recorded.js';
import { eventOf, eventWithTargets, ruleSetOf, STRICT } from '../support/rules.js';
import { entryOf, memoryLog, SETTINGS } from '../decision-log/support.js';
import type { Event } from '../../engine/event.js';

const LINE = {
  time: '2026-03-01T12:00:00.000Z',
  id: 'id1',
  app: 'im',
  platform: 'openim',
  command: 'c',
  kind: 'message.send',
  stage: 'before',
  actor: 'alice',
  verdict: 'allow',
  rule: null,
  revision: 'r',
  ms: 1,
};

const read = (more: Readonly<Record<string, unknown>> = {}): ReadLine =>
  readLine(JSON.stringify({ ...LINE, ...more }));

function recorded(line: ReadLine): Recorded {
  if ('reason' in line) throw new Error(line.reason);
  return line;
}

/** What comes back of an event that was logged with all its facts. */
async function loggedAndRead(event: Event): Promise<Recorded> {
  const ruleSet = await ruleSetOf('rules: []');
  const { log, lines } = memoryLog({ ...SETTINGS, facts: ['*'], text: 'full' });
  log.record(entryOf(event, await ruleSet.decide(event, STRICT)));
  return recorded(readLine(JSON.stringify((await lines())[0])));
}

describe('a recorded decision', () => {
  it('brings back the event and all its facts', async () => {
    const facts = {
      platform: 'fake',
      'app.id': 'fake',
      command: 'fake',
      'event.time': 1_700_000_000_000,
      'actor.id': 'alice',
      'actor.isAdmin': false,
      'target.id': 'bob',
      'group.id': 'g',
      'message.text': 'Hello',
      'message.mentions': ['bob', 'carol'],
      'message.seq': 7,
    } as const;
    const { event, rulings, missing } = await loggedAndRead(eventOf('message.send', facts));
    expect(event).to.deep.include({ kind: 'message.send', stage: 'before', targets: [] });
    for (const [name, value] of Object.entries(facts)) {
      expect(event.facts.get(name as keyof typeof facts), name).to.deep.equal(value);
    }
    expect(event.facts.get('message.links')).to.equal(undefined);
    expect(missing.size).to.equal(0);
    expect(rulings).to.deep.equal([{ verdict: 'allow', rule: null, matched: [], rewrites: new Map() }]);
  });

  it('brings back each of several targets', async () => {
    const base = eventWithTargets('friend.request', { 'actor.id': 'alice' }, ['bob', 'carol']);
    const { event, rulings } = await loggedAndRead(base);
    expect(event.targets.map(({ id }) => id)).to.deep.equal(['bob', 'carol']);
    expect(event.targets.map(({ facts }) => facts.get('target.id'))).to.deep.equal(['bob', 'carol']);
    expect(event.targets.map(({ facts }) => facts.get('actor.id'))).to.deep.equal(['alice', 'alice']);
    expect(rulings).to.have.lengthOf(2);
  });

  it('remembers facts that were asked for and that the line does not tell', () => {
    const bare = recorded(read());
    expect(bare.event.facts.get('actor.id')).to.equal('alice');
    expect(bare.event.facts.get('group.id')).to.equal(undefined);
    expect([...bare.missing]).to.deep.equal([]);
    bare.event.facts.get('client.ip');
    expect([...bare.missing]).to.deep.equal(['client.ip']);

    const some = recorded(read({ facts: {}, kept: { facts: ['client.*', 'message.*'], text: 'hash' } }));
    some.event.facts.get('client.ip');
    some.event.facts.get('message.seq');
    expect([...some.missing]).to.deep.equal([]);
    some.event.facts.get('message.text');
    expect([...some.missing]).to.deep.equal(['message.text']);
  });

  it('leaves out values that are no facts, or of another type', () => {
    const { event } = recorded(
      read({
        facts: {
          'message.seq': 'seven',
          'message.mentions': ['a', 1],
          nonsense: 1,
          'client.ip': '192.0.2.1',
        },
        kept: { facts: ['*'], text: 'full' },
      }),
    );
    expect(event.facts.get('message.seq')).to.equal(undefined);
    expect(event.facts.get('message.mentions')).to.equal(undefined);
    expect(event.facts.get('client.ip')).to.equal('192.0.2.1');
  });

  it('is not there in a line that rules have not judged', () => {
    expect(read({ degraded: 'deadline' })).to.deep.equal({ reason: 'it was not judged by rules (deadline)' });
  });

  it('is not there in anything else, whatever it is', () => {
    const not = { reason: 'it is no line of a decision log' };
    for (const text of ['', 'x', '[]', 'null', '{}', '{"id":1}']) expect(readLine(text)).to.deep.equal(not);
    for (const more of [{ kind: 'x' }, { stage: 'x' }, { verdict: 'x' }, { targets: [{ id: 'a' }] }]) {
      expect(read(more)).to.deep.equal(not);
    }
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(LINE)), (value, key) => {
        expect(read({ [key]: value, facts: value, targets: value, rewrites: value })).to.be.an('object');
      }),
    );
  });
});
