import { expect } from 'chai';
import { createRig } from './rig.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('strikes', () => {
  const SOURCE = `
ladders:
  spam: { decay: 7d }
rules:
  - id: third-offence
    on: message.send
    when:
      all:
        - { fact: message.text, operator: contains, value: loan }
        - { fact: strikes.spam, operator: greaterThanInclusive, value: 2 }
    then: { refuse: { reason: 3 }, strike: { ladder: spam } }
  - id: offence
    on: message.send
    when: { fact: message.text, operator: contains, value: loan }
    then: { refuse: { reason: 1 }, strike: { ladder: spam } }
`;
  const LOAN = { 'message.text': 'a loan for you' };

  it('are given by rules, and count from the next event on until they have decayed', async () => {
    const rig = await createRig(SOURCE);
    const offend = async (at: number) => (await rig.happens({ facts: LOAN, at })).refusal?.reason;
    expect([await offend(0), await offend(1), await offend(2)]).to.deep.equal([1, 1, 3]);
    expect(await offend(8 * DAY)).to.equal(1);
  });

  it('are told by the ruling', async () => {
    const rig = await createRig(SOURCE);
    expect((await rig.happens({ facts: LOAN })).strikes).to.deep.equal(['spam']);
    expect((await rig.happens({})).strikes).to.deep.equal([]);
  });

  it('are given once for a repeated callback', async () => {
    const rig = await createRig(SOURCE);
    for (let number = 0; number < 5; number += 1) await rig.happens({ facts: LOAN, occurrence: 'same' });
    expect((await rig.happens({ facts: LOAN })).refusal?.reason).to.equal(1);
  });

  it('are the same whatever role the user has', async () => {
    const rig = await createRig(`
rules:
  - id: reported
    on: block.add
    stage: after
    when: always
    then: { strike: { ladder: unwelcome, by: [target.id] } }
  - id: unwelcome
    on: message.send
    when: { fact: strikes.unwelcome, operator: greaterThan, value: 0 }
    then: { refuse: true }
`);
    await rig.happens({ kind: 'block.add', stage: 'after', facts: { 'target.id': 'bob' } });
    expect((await rig.happens({ facts: { 'actor.id': 'bob' } })).verdict).to.equal('refuse');
    expect((await rig.happens({ facts: { 'actor.id': 'ann' } })).verdict).to.equal('allow');
  });
});

describe('labels', () => {
  const SOURCE = `
rules:
  - id: muted
    on: message.send
    priority: 1
    when: { fact: label.muted, operator: equal, value: true }
    then: { refuse: { message: muted } }
  - id: quiet-group
    on: message.send
    priority: 1
    when: { fact: label.muted, by: group.id, operator: equal, value: true }
    then: { refuse: { message: group } }
  - id: mute
    on: message.send
    when: { fact: message.text, operator: equal, value: loan }
    then: { refuse: true, label: { target: actor.id, name: muted, for: 1h } }
  - id: mute-group
    on: message.send
    when: { fact: message.text, operator: equal, value: fire }
    then: { label: [{ target: group.id, name: muted, for: 1h }] }
`;

  it('stay for their time, on the user or group that they were given to', async () => {
    const rig = await createRig(SOURCE);
    const send = async (text: string, actor: string, group: string, at = 0) =>
      (await rig.happens({ facts: { 'message.text': text, 'actor.id': actor, 'group.id': group }, at }))
        .refusal?.message;
    await send('loan', 'ann', 'g');
    expect(await send('hi', 'ann', 'g')).to.equal('muted');
    expect(await send('hi', 'bob', 'ann'), 'a group with the ID of a user').to.equal(undefined);
    expect(await send('hi', 'ann', 'g', HOUR + 1)).to.equal(undefined);
    await send('fire', 'bob', 'g', 2 * HOUR);
    expect(await send('hi', 'cat', 'g', 2 * HOUR)).to.equal('group');
  });

  it('are told by the ruling', async () => {
    const rig = await createRig(SOURCE);
    expect((await rig.happens({ facts: { 'message.text': 'loan' } })).labels).to.deep.equal(['muted']);
  });
});

describe('a cool-down', () => {
  const SOURCE = `
rules:
  - id: tell-moderators
    on: message.send
    cooldown: { for: 10m, by: [group.id] }
    when: { fact: message.text, operator: contains, value: fight }
    then: { notify: moderators, tag: fight }
  - id: allow
    on: message.send
    when: always
    then: { allow: true }
`;

  it('lets a rule match once in its time, for each user or group', async () => {
    const rig = await createRig(SOURCE);
    const send = async (group: string, at = 0) =>
      (await rig.happens({ facts: { 'message.text': 'fight', 'group.id': group }, at })).notify.length;
    expect([await send('a'), await send('a'), await send('b')]).to.deep.equal([1, 0, 1]);
    expect([await send('a', 9 * 60_000), await send('a', 11 * 60_000)]).to.deep.equal([0, 1]);
  });

  it('does not keep a repeated callback from getting the same answer', async () => {
    const rig = await createRig(SOURCE);
    const facts = { 'message.text': 'fight', 'group.id': 'a' };
    for (let number = 0; number < 2; number += 1) {
      expect((await rig.happens({ facts, occurrence: 'same' })).notify).to.deep.equal(['moderators']);
    }
  });
});

describe('what must not change what is remembered', () => {
  const SOURCE = (mode: string): string => `
counters:
  sends: { on: message.send, by: [actor.id], window: 1m }
rules:
  - id: one
    on: message.send
    mode: ${mode}
    cooldown: { for: 1h }
    when: { fact: count.sends, operator: greaterThan, value: 0 }
    then: { refuse: true, strike: { ladder: spam }, label: { target: actor.id, name: muted, for: 1h } }
`;

  for (const [what, mode, keepsEffects] of [
    ['a rule in shadow', 'shadow', true],
    ['an app that only observes', 'enforce', false],
  ] as const) {
    it(`is ${what}: nothing but counters counts`, async () => {
      const rig = await createRig(SOURCE(mode));
      for (let number = 0; number < 2; number += 1) {
        const ruling = await rig.happens({ keepsEffects });
        expect(ruling.matched.map(({ rule }) => rule)).to.deep.equal(['one']);
      }
      expect(new Set(rig.trips.flat().map(({ type }) => type))).to.deep.equal(new Set(['count']));
    });
  }

  it('tells of a rule in shadow what it would have given', async () => {
    const { matched } = await (await createRig(SOURCE('shadow'))).happens({});
    expect(matched[0]?.would).to.deep.include({ strikes: ['spam'], labels: ['muted'] });
  });
});

describe('examples of rules that remember', () => {
  it('give counts, strikes and labels by their plain names', async () => {
    await createRig(`
counters:
  blocked_by: { on: block.add, stage: after, by: [target.id], window: 7d }
rules:
  - id: one
    on: message.send
    when:
      any:
        - { fact: count.blocked_by, by: [actor.id], operator: greaterThan, value: 3 }
        - { fact: strikes.spam, operator: greaterThan, value: 2 }
        - { fact: label.muted, operator: equal, value: true }
    then: { refuse: true, strike: { ladder: spam }, label: { target: actor.id, name: muted, for: 1d } }
    examples:
      - { given: { actor.id: ann, count.blocked_by: 4 }, expect: { strike: [spam], label: [muted] } }
      - { given: { strikes.spam: 3 }, expect: refuse }
      - { given: { label.muted: true }, expect: refuse }
      - { given: { count.blocked_by: 3, strikes.spam: 2, label.muted: false }, expect: none }
`);
  });
});
