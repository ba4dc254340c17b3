import { expect } from 'chai';
import { factMap, LENIENT } from '../support/rules.js';
import { createRig, START, type Rig } from './rig.js';

const MINUTE = 60_000;

/** Counters, and a rule that refuses when one of them is above a number. */
function limit(counter: string, most: number, more = ''): string {
  return `
counters:
  things: ${counter}
rules:
  - id: limit
    on: '*'
    when: { fact: count.things, operator: greaterThan, value: ${most} }
    then: { refuse: { message: 'This is {{ count.things }}.' } }
${more}`;
}

describe('a counter', () => {
  it('counts the event that is judged, so that "more than two" refuses the third', async () => {
    const rig = await createRig(limit('{ on: message.send, by: [actor.id], window: 1m }', 2));
    const verdicts = [];
    for (let number = 0; number < 4; number += 1) verdicts.push((await rig.happens({})).verdict);
    expect(verdicts).to.deep.equal(['allow', 'allow', 'refuse', 'refuse']);
  });

  it('tells its count to texts', async () => {
    const rig = await createRig(limit('{ on: message.send, by: [actor.id], window: 1m }', 1));
    await rig.happens({});
    expect((await rig.happens({})).refusal?.message).to.equal('This is 2.');
  });

  it('forgets what is older than its window, and counts for each user by itself', async () => {
    const rig = await createRig(limit('{ on: message.send, by: [actor.id], window: 1m }', 1));
    await rig.happens({});
    expect((await rig.happens({ facts: { 'actor.id': 'bob' } })).verdict).to.equal('allow');
    expect((await rig.happens({ at: MINUTE / 2 })).verdict).to.equal('refuse');
    expect((await rig.happens({ at: 3 * MINUTE })).verdict).to.equal('allow');
  });

  it('counts a repeated callback once, and another callback about the same message as well', async () => {
    const rig = await createRig(limit('{ on: message.send, by: [actor.id], window: 1m }', 1));
    for (let number = 0; number < 3; number += 1) {
      expect((await rig.happens({ occurrence: 'message 1' })).verdict).to.equal('allow');
    }
    expect((await rig.happens({ occurrence: 'message 2' })).verdict).to.equal('refuse');
  });

  it('counts different values', async () => {
    const rig = await createRig(
      limit('{ on: friend.request, by: [actor.id], distinct: target.id, window: 1h }', 2),
    );
    const request = async (target: string) =>
      (await rig.happens({ kind: 'friend.request', facts: { 'target.id': target } })).verdict;
    expect([await request('a'), await request('b'), await request('a')]).to.deep.equal(
      Array(3).fill('allow'),
    );
    expect(await request('c')).to.equal('refuse');
  });

  it('counts what meets its condition only', async () => {
    const where = '{ fact: conversation.type, operator: equal, value: group }';
    const rig = await createRig(
      limit(`{ on: message.send, by: [actor.id], window: 1m, where: ${where} }`, 1),
    );
    const send = async (type: string) =>
      (await rig.happens({ facts: { 'conversation.type': type } })).verdict;
    expect([await send('direct'), await send('direct'), await send('group')]).to.deep.equal(
      Array(3).fill('allow'),
    );
    expect(await send('direct')).to.equal('allow');
    expect(await send('group')).to.equal('refuse');
  });

  it('counts allowed events only, and this one as if it were', async () => {
    const rig = await createRig(
      limit(
        '{ on: message.send, by: [actor.id], window: 1m, count: allowed }',
        2,
        `  - id: no-loans
    on: message.send
    priority: 1
    when: { fact: message.text, operator: contains, value: loan }
    then: { refuse: true }
`,
      ),
    );
    const send = async (text: string, occurrence?: string) =>
      (
        await rig.happens({
          facts: { 'message.text': text },
          ...(occurrence !== undefined && { occurrence }),
        })
      ).verdict;
    expect([await send('loan'), await send('loan'), await send('loan')]).to.deep.equal(
      Array(3).fill('refuse'),
    );
    expect([await send('hi'), await send('hi', 'one')]).to.deep.equal(['allow', 'allow']);
    // The other question about what was allowed is not one more.
    expect(await send('hi', 'one')).to.equal('allow');
    expect([await send('hi'), await send('hi')]).to.deep.equal(['refuse', 'refuse']);
  });

  it('is fed by one event and read by another, whoever is meant there', async () => {
    const rig = await createRig(`
counters:
  blocked_by: { on: block.add, stage: after, by: [target.id], distinct: actor.id, window: 7d }
rules:
  - id: unwelcome
    on: [message.send, friend.request]
    when: { fact: count.blocked_by, by: [actor.id], operator: greaterThanInclusive, value: 3 }
    then: { refuse: true }
`);
    const block = (actor: string) =>
      rig.happens({
        kind: 'block.add',
        stage: 'after',
        facts: { 'actor.id': actor, 'target.id': 'mallory' },
      });
    const send = async (actor: string) => (await rig.happens({ facts: { 'actor.id': actor } })).verdict;
    await block('ann');
    await block('ann');
    await block('bob');
    expect(await send('mallory')).to.equal('allow');
    await block('cat');
    expect(await send('mallory')).to.equal('refuse');
    expect(await send('ann')).to.equal('allow');
  });

  it('counts each app by itself, unless its scope is all', async () => {
    for (const [scope, verdict] of [
      ['app', 'allow'],
      ['all', 'refuse'],
    ]) {
      const rig = await createRig(
        limit(`{ on: message.send, by: [actor.id], window: 1m, scope: ${scope} }`, 1),
      );
      await rig.happens({ app: 'im' });
      expect((await rig.happens({ app: 'tc' })).verdict, scope).to.equal(verdict);
    }
  });

  it('has a count for each entry of a fact that is a list, and tells the highest', async () => {
    const rig = await createRig(limit('{ on: message.send, by: [message.linkDomains], window: 1m }', 1));
    const send = async (...domains: string[]) =>
      (await rig.happens({ facts: { 'message.linkDomains': domains } })).verdict;
    expect([await send('a.com', 'b.com'), await send('c.com'), await send()]).to.deep.equal(
      Array(3).fill('allow'),
    );
    expect(await send('d.com', 'b.com')).to.equal('refuse');
  });

  it('counts a callback about several users for each of them, or once where they do not matter', async () => {
    const source = `
counters:
  invited: { on: group.invite, by: [target.id], window: 1m }
  invitations: { on: group.invite, by: [actor.id], window: 1m }
rules:
  - id: tell
    on: group.invite
    when: { fact: count.invited, operator: greaterThan, value: 0 }
    then: { refuse: { message: '{{count.invited}} {{count.invitations}}' } }
`;
    const rig = await createRig(source);
    // OpenIM lists some members of a new group twice.
    const targets = ['bob', 'cat', 'bob'].map((id) => ({ 'target.id': id }));
    const messages = async () =>
      (await rig.decide({ kind: 'group.invite', targets })).rulings.map(({ refusal }) => refusal?.message);
    expect(await messages()).to.deep.equal(['1 1', '1 1', '1 1']);
    expect(await messages()).to.deep.equal(['2 2', '2 2', '2 2']);
  });

  it('is absent where nobody says whose it is', async () => {
    const rig = await createRig(limit('{ on: message.send, by: [group.id], window: 1m }', 0));
    expect((await rig.happens({})).verdict).to.equal('allow');
    expect((await rig.happens({ facts: { 'group.id': 'g' } })).verdict).to.equal('refuse');
  });

  it('counts by every character of an ID, however long', async () => {
    const rig = await createRig(limit('{ on: message.send, by: [actor.id, group.id], window: 1m }', 1));
    const send = async (actor: string, group: string) =>
      (await rig.happens({ facts: { 'actor.id': actor, 'group.id': group } })).verdict;
    const long = 'x'.repeat(5000);
    for (const [actor, group] of [
      ['a', 'b:c'],
      ['a:b', 'c'],
      ['a","b', 'c'],
      ['a', 'b","c'],
      [`${long}1`, 'c'],
      [`${long}2`, 'c'],
      ['c', `${long}2`],
    ] as const) {
      expect(await send(actor, group)).to.equal('allow');
    }
    expect(await send(`${long}2`, 'c')).to.equal('refuse');
    for (const { owner, key } of rig.trips.flat()) expect(Math.max(owner.length, key.length)).to.be.most(200);
  });
});

describe('asking for what is remembered', () => {
  const SOURCE = `
counters:
  sends: { on: message.send, by: [actor.id], window: 1m }
  groups: { on: message.send, by: [group.id], window: 1m }
  rare: { on: friend.request, by: [actor.id], window: 1m }
rules:
  - id: banned
    on: message.send
    when: { fact: actor.id, operator: equal, value: mallory }
    then: { refuse: true }
  - id: busy
    on: message.send
    when:
      all:
        - { fact: message.text, operator: contains, value: hello }
        - { fact: count.sends, operator: greaterThan, value: 1 }
        - { fact: count.rare, operator: greaterThan, value: 0 }
    then: { refuse: true }
  - id: muted
    on: message.send
    when: { fact: label.muted, operator: equal, value: true }
    then: { refuse: true }
  - id: give
    on: friend.request
    when: always
    then: { label: { target: actor.id, name: muted, for: 1h } }
`;

  const asked = (rig: Rig): unknown =>
    rig.trips.map((trip) =>
      trip
        .map((command) => `${'effect' in command ? command.effect : ''} ${command.key.split(':')[1]}`)
        .sort(),
    );

  it('is one round trip, for what rules need that could still match, with what is counted', async () => {
    const rig = await createRig(SOURCE);
    await rig.happens({ facts: { 'message.text': 'hello', 'group.id': 'g' } });
    expect(asked(rig)).to.deep.equal([['add groups', 'add sends', 'read muted', 'read rare']]);
  });

  it('leaves out what no rule needs that could still match', async () => {
    const rig = await createRig(SOURCE);
    await rig.happens({ facts: { 'message.text': 'bye' } });
    expect(asked(rig)).to.deep.equal([['add sends', 'read muted']]);
  });

  it('leaves out what comes after a verdict', async () => {
    const rig = await createRig(SOURCE);
    await rig.happens({ facts: { 'message.text': 'hello', 'actor.id': 'mallory' } });
    expect(asked(rig)).to.deep.equal([['add sends']]);
  });

  it('is one round trip for all targets of a callback', async () => {
    const rig = await createRig(`
counters:
  invited: { on: group.invite, by: [target.id], window: 1m }
rules:
  - id: first
    on: group.invite
    when: { fact: target.id, operator: equal, value: bob }
    then: { tag: bob }
  - id: often
    on: group.invite
    when: { fact: count.invited, operator: greaterThan, value: 9 }
    then: { refuse: true }
`);
    await rig.decide({ kind: 'group.invite', targets: [{ 'target.id': 'bob' }, { 'target.id': 'cat' }] });
    expect(asked(rig)).to.deep.equal([['add invited', 'add invited']]);
  });

  it('does not happen for an event that nothing is remembered about', async () => {
    const rig = await createRig(SOURCE);
    await rig.happens({ kind: 'group.create' });
    expect(rig.trips).to.deep.equal([]);
  });

  it('does not keep a callback that is only counted', async () => {
    const rig = await createRig(`
counters:
  sends: { on: message.send, by: [actor.id], window: 1m }
rules:
  - id: other
    on: friend.request
    when: { fact: count.sends, operator: greaterThan, value: 1 }
    then: { refuse: true }
`);
    rig.answer = () => new Promise(() => undefined);
    expect((await rig.happens({})).verdict).to.equal('allow');
    expect(asked(rig)).to.deep.equal([['add sends']]);
  });
});

describe('a store that cannot be asked', () => {
  const source = (onError: string): string => `
counters:
  sends: { on: message.send, by: [actor.id], window: 1m }
rules:
  - id: flood
    on: message.send
    ${onError}
    when: { fact: count.sends, operator: greaterThan, value: 20 }
    then: { refuse: { reason: 20 } }
  - id: others
    on: message.send
    when: { fact: message.text, operator: equal, value: hi }
    then: { tag: greeting }
`;

  for (const [onError, onFailure, verdict, tags] of [
    ['', 'allow', 'allow', ['greeting']],
    ['', 'refuse', 'refuse', []],
    ['on_error: skip', 'refuse', 'allow', ['greeting']],
    ['on_error: match', 'allow', 'refuse', []],
  ] as const) {
    it(`leaves it to the rule: ${onError || 'nothing said'}, failures ${onFailure}`, async () => {
      for (const answer of [
        () => Promise.reject(new Error('gone')),
        () => {
          throw new Error('gone');
        },
      ]) {
        const rig = await createRig(source(onError));
        rig.answer = answer;
        const policy = { default: 'allow', onFailure } as const;
        const ruling = await rig.happens({ facts: { 'message.text': 'hi' }, policy });
        expect(ruling).to.deep.include({ verdict, tags });
        if (onError === '') expect(ruling.errors).to.deep.equal([{ rule: 'flood', message: 'gone' }]);
      }
    });
  }

  it('does not keep a callback past its time', async () => {
    const rig = await createRig(source(''), { patience: () => Promise.resolve() });
    rig.answer = () => new Promise(() => undefined);
    expect((await rig.happens({})).errors[0]?.message).to.include('did not come in time');
  });

  it('is stood in for by what this process has seen, where the rule does not say otherwise', async () => {
    for (const [onError, count, verdict] of [
      ['', 21, 'refuse'],
      ['', 20, 'allow'],
      ['on_error: skip', 21, 'allow'],
      ['on_error: match', 20, 'refuse'],
      ['on_error: fail', 20, 'refuse'],
    ] as const) {
      const rig = await createRig(source(onError));
      rig.answer = (commands) => ({ results: commands.map(() => count), isLocal: true });
      const policy = { default: 'allow', onFailure: 'refuse' } as const;
      expect((await rig.happens({ policy })).verdict, `${onError} ${count}`).to.equal(verdict);
    }
  });
});

describe('a rule that cannot be judged', () => {
  const source = (count: string): string => `
counters:
  sends: { on: message.send, by: [actor.id], window: 1m, count: ${count} }
  rare: { on: friend.request, by: [actor.id], window: 1m }
rules:
  - id: broken
    on: message.send
    on_error: skip
    when: always
    then: { refuse: { message: '{{message.text}}' } }
  - id: flood
    on: message.send
    when:
      any:
        - { fact: count.sends, operator: greaterThan, value: 1 }
        - { fact: count.rare, operator: greaterThan, value: 0 }
    then: { refuse: { message: '{{count.sends}} {{count.rare}}' } }
`;

  for (const count of ['attempts', 'allowed']) {
    for (const isLate of [false, true]) {
      it(`leaves the later ones their counts: ${count}, ${isLate ? 'from afar' : 'at hand'}`, async () => {
        const rig = await createRig(source(count));
        const { answer } = rig;
        if (isLate) rig.answer = async (commands) => answer(commands);
        const facts = { 'app.id': 'im', 'actor.id': 'ann' };
        const messages: (string | undefined)[] = [];
        for (const occurrence of ['1', '2', '3']) {
          const { rulings } = await rig.ruleSet.decide(
            {
              kind: 'message.send',
              stage: 'before',
              facts: {
                get: (name) =>
                  name === 'message.text' ? Promise.reject(new Error('late')) : factMap(facts).get(name),
              },
              targets: [],
              occurrence: () => occurrence,
            },
            LENIENT,
            { state: { store: rig.store, now: () => START, keepsEffects: true } },
          );
          messages.push(rulings[0]?.refusal?.message);
        }
        expect(messages).to.deep.equal([undefined, '2 0', count === 'attempts' ? '3 0' : '2 0']);
      });
    }
  }
});
