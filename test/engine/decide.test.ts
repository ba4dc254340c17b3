import { expect } from 'chai';
import fc from 'fast-check';
import { applyRewrite } from '../../engine/effects.js';
import type { JudgedEvent } from '../../engine/event.js';
import type { FactName, FactValue } from '../../engine/facts.js';
import {
  compileYaml,
  eventOf,
  eventWithTargets,
  factMap,
  LENIENT,
  onlyRuling,
  ruleOn,
  ruleSetOf,
  STRICT,
} from '../support/rules.js';

const is = (id: string): string => `{ fact: actor.id, operator: equal, value: ${id} }`;

describe('a decision', () => {
  it('is the default where no rule matches', async () => {
    const ruleSet = await ruleSetOf('');
    const event = eventOf('message.send', { 'actor.id': 'a' });
    expect(onlyRuling(await ruleSet.decide(event, LENIENT)).verdict).to.equal('allow');
    const refused = onlyRuling(await ruleSet.decide(event, { default: 'refuse', onFailure: 'allow' }));
    expect(refused).to.deep.include({ verdict: 'refuse', decidedBy: null });
    expect(refused.refusal?.reason).to.equal(1);
  });

  it('comes from the first matching rule with a verdict: priority, then file name, then position', async () => {
    const rule = (id: string, priority: number): string =>
      `{ id: ${id}, on: "*", priority: ${priority}, when: always, then: { refuse: { message: ${id} } } }`;
    const files = {
      'b.yaml': `rules: [${rule('b1', 5)}, ${rule('b2', 9)}]`,
      'a.yaml': `rules: [${rule('a1', 5)}, ${rule('a2', 5)}]`,
    };
    const ruleSet = await ruleSetOf(files);
    expect(ruleSet.rules.map(({ id }) => id)).to.deep.equal(['b2', 'a1', 'a2', 'b1']);
    expect((await ruleOn(ruleSet, 'block.add', {})).decidedBy).to.equal('b2');
  });

  it('an allowing rule exempts from those after it', async () => {
    const ruleSet = await ruleSetOf(`
      rules:
        - { id: staff, on: message.send, priority: 1, when: ${is('boss')}, then: { allow: true } }
        - { id: nobody, on: message.send, when: always, then: { refuse: true } }`);
    expect(await ruleOn(ruleSet, 'message.send', { 'actor.id': 'boss' })).to.deep.include({
      verdict: 'allow',
      decidedBy: 'staff',
    });
    expect((await ruleOn(ruleSet, 'message.send', { 'actor.id': 'x' })).verdict).to.equal('refuse');
  });

  it('collects tags, notifications and rewrites until a verdict', async () => {
    const ruleSet = await ruleSetOf(`
      rules:
        - { id: a, on: message.send, priority: 9, when: always, then: { tag: [x, y], notify: team, rewrite: { message.text: { mask: { words: [bad] } } } } }
        - { id: b, on: message.send, priority: 8, when: always, then: { tag: y, rewrite: { message.text: { mask: { words: [evil], with: "#" } } } } }
        - { id: c, on: message.send, priority: 7, when: always, then: { allow: true, tag: z } }
        - { id: d, on: message.send, priority: 6, when: always, then: { tag: never } }`);
    const ruling = await ruleOn(ruleSet, 'message.send', {});
    expect(ruling.tags).to.deep.equal(['x', 'y', 'z']);
    expect(ruling.notify).to.deep.equal(['team']);
    expect(ruling.matched.map(({ rule }) => rule)).to.deep.equal(['a', 'b', 'c']);
    expect(applyRewrite(ruling.rewrites.get('message.text')!, 'bad and evil')).to.equal('*** and ####');
  });

  it('a later rewrite replaces an earlier one, and a later mask works on what was set', async () => {
    const ruleSet = await ruleSetOf(`
      rules:
        - { id: a, on: friend.remark, priority: 3, when: always, then: { rewrite: { friend.remark: { set: first } } } }
        - { id: b, on: friend.remark, priority: 2, when: always, then: { rewrite: { friend.remark: { set: "by {{actor.id}}" } } } }
        - { id: c, on: friend.remark, priority: 1, when: always, then: { rewrite: { friend.remark: { mask: { words: [al] } } } } }`);
    const ruling = await ruleOn(ruleSet, 'friend.remark', { 'actor.id': 'al' });
    expect(ruling.rewrites.get('friend.remark')).to.deep.equal({ set: 'by **' });
  });

  it('fills in the ID of the decision, which is made only when a text names it', async () => {
    const ruleSet = await ruleSetOf(`
      rules:
        - { id: named, on: message.send, when: always, then: { refuse: { message: "Case {{decision.id}}." } } }
        - { id: unnamed, on: block.add, when: always, then: { refuse: true } }`);
    let asked = 0;
    const decisionId = (): string => `id-${(asked += 1)}`;
    const decide = async (kind: 'message.send' | 'block.add') =>
      onlyRuling(await ruleSet.decide(eventOf(kind, {}), LENIENT, { decisionId })).refusal?.message;
    expect(await decide('block.add')).to.equal('This is not allowed.');
    expect(asked).to.equal(0);
    expect(await decide('message.send')).to.equal('Case id-1.');
    expect((await ruleOn(ruleSet, 'message.send', {})).refusal?.message).to.equal('Case .');
  });

  it('fills facts into the message', async () => {
    const ruleSet = await ruleSetOf(
      'rules: [{ id: r, on: message.send, when: always, then: { refuse: { reason: 7, code: { able: 1007 }, message: "{{ actor.id }} to {{target.id}}: {{message.mentions}}", detail: "{{group.id}}." } } }]',
    );
    const ruling = await ruleOn(ruleSet, 'message.send', { 'actor.id': 'a', 'message.mentions': ['b', 'c'] });
    expect(ruling.refusal).to.deep.equal({
      reason: 7,
      codes: { able: 1007 },
      message: 'a to : b, c',
      detail: '.',
    });
  });

  it('a shadow rule is judged and recorded with what it would have done, and changes nothing', async () => {
    const ruleSet = await ruleSetOf(
      'rules: [{ id: s, on: message.send, mode: shadow, when: always, then: { refuse: true, tag: x, notify: y, rewrite: { message.text: { set: "" } } } }]',
    );
    const ruling = await ruleOn(ruleSet, 'message.send', {});
    expect(ruling).to.deep.include({
      verdict: 'allow',
      tags: [],
      notify: [],
      matched: [
        {
          rule: 's',
          mode: 'shadow',
          would: { verdict: 'refuse', rewrites: ['message.text'], tags: ['x'], notify: ['y'] },
        },
      ],
    });
    expect(ruling.rewrites.size).to.equal(0);
  });

  it('a rule that is off is not judged', async () => {
    const ruleSet = await ruleSetOf(
      'rules: [{ id: o, on: message.send, mode: "off", when: always, then: { refuse: true } }]',
    );
    expect((await ruleOn(ruleSet, 'message.send', {})).matched).to.deep.equal([]);
  });

  it('concerns only the kinds and stages of the rule', async () => {
    const ruleSet = await ruleSetOf(
      'rules: [{ id: r, on: [message.*, block.add], when: always, then: { refuse: true } }]',
    );
    const verdict = async (event: JudgedEvent): Promise<string> =>
      onlyRuling(await ruleSet.decide(event, LENIENT)).verdict;
    expect(await verdict(eventOf('message.send', {}))).to.equal('refuse');
    expect(await verdict(eventOf('block.add', {}))).to.equal('refuse');
    expect(await verdict(eventOf('block.remove', {}))).to.equal('allow');
    expect(await verdict(eventOf('message.send', {}, 'after'))).to.equal('allow');
  });

  it('judges each target by itself', async () => {
    const ruleSet = await ruleSetOf(
      'rules: [{ id: r, on: friend.import, when: { fact: target.id, operator: startsWith, value: bad }, then: { refuse: true } }]',
    );
    const { rulings } = await ruleSet.decide(
      eventWithTargets('friend.import', {}, ['a', 'bad1', 'b', 'bad2']),
      LENIENT,
    );
    expect(rulings.map(({ verdict }) => verdict)).to.deep.equal(['allow', 'refuse', 'allow', 'refuse']);
  });

  it('knows shared conditions and list files', async () => {
    const ruleSet = await ruleSetOf(
      {
        'a.yaml':
          'lists: { vip: { file: lists/vip.txt } }\nconditions: { is-vip: { fact: actor.id, operator: in, value: { list: vip } }, not-vip: { not: { condition: is-vip } } }',
        'b.yaml': 'rules: [{ id: r, on: "*", when: { condition: not-vip }, then: { refuse: true } }]',
      },
      { texts: { 'lists/vip.txt': '\uFEFF# the board\nalice  \r\n\n  bob\n' } },
    );
    for (const id of ['alice', 'bob'])
      expect((await ruleOn(ruleSet, 'block.add', { 'actor.id': id })).verdict).to.equal('allow');
    expect((await ruleOn(ruleSet, 'block.add', { 'actor.id': 'carol' })).verdict).to.equal('refuse');
  });

  describe('when a fact cannot be read', () => {
    const failing = (stage: 'before' | 'after' = 'before'): JudgedEvent => ({
      kind: 'message.send',
      stage,
      targets: [],
      facts: {
        get: (name) => {
          if (name === 'message.text') throw new Error('no text today');
          return name === 'actor.id' ? 'a' : undefined;
        },
      },
    });
    const rules = (effects: string): string => `
      rules:
        - { id: broken, on: message.send, priority: 1, when: { fact: message.text, operator: contains, value: x }, then: ${effects} }
        - { id: sound, on: message.send, when: ${is('a')}, then: { tag: seen } }`;

    it('the error is told, and other rules are judged, where failures are let through', async () => {
      const ruleSet = await ruleSetOf(rules('{ refuse: true }'));
      const ruling = onlyRuling(await ruleSet.decide(failing(), LENIENT));
      expect(ruling).to.deep.include({ verdict: 'allow', tags: ['seen'] });
      expect(ruling.errors).to.deep.equal([{ rule: 'broken', message: 'no text today' }]);
    });

    it('it refuses where failures are refused', async () => {
      const ruleSet = await ruleSetOf(rules('{ refuse: true }'));
      const ruling = onlyRuling(await ruleSet.decide(failing(), STRICT));
      expect(ruling).to.deep.include({ verdict: 'refuse', decidedBy: 'broken' });
      expect(ruling.refusal?.reason).to.equal(99);
    });

    it('a rule that only tags cannot refuse by failing', async () => {
      const ruleSet = await ruleSetOf(rules('{ tag: x }'));
      expect(onlyRuling(await ruleSet.decide(failing(), STRICT)).verdict).to.equal('allow');
    });
  });
});

describe('the revision', () => {
  it('is the same for the same content and another for any change', async () => {
    const source = (message: string): string =>
      `rules: [{ id: r, on: "*", when: always, then: { refuse: { message: ${message} } } }]`;
    const first = await ruleSetOf(source('a'));
    expect(first.revision).to.match(/^[0-9a-f]{12}$/);
    expect((await ruleSetOf(source('a'))).revision).to.equal(first.revision);
    expect((await ruleSetOf(source('b'))).revision).not.to.equal(first.revision);
    expect((await ruleSetOf(source('a'), { texts: { 'l.txt': 'x' } })).revision).not.to.equal(first.revision);
  });
});

describe('overlapping evaluations', () => {
  const RULES = 12;
  const yaml = `rules:\n${Array.from({ length: RULES }, (_, index) => `  - { id: r${index}, on: message.send, priority: ${index % 4}, when: { any: [{ fact: actor.id, operator: equal, value: u${index} }, { all: [{ fact: message.text, operator: contains, value: w${index}. }, { fact: group.id, operator: exists, value: true }] }] }, then: { tag: t${index} } }`).join('\n')}`;

  it('lose no match, with facts that arrive late and in any order', async () => {
    const ruleSet = await ruleSetOf(yaml);
    const random = fc.sample(
      fc.record({
        user: fc.nat(RULES * 2),
        words: fc.uniqueArray(fc.nat(RULES - 1)),
        inGroup: fc.boolean(),
        delays: fc.array(fc.nat(4), { minLength: 3, maxLength: 3 }),
      }),
      600,
    );
    await Promise.all(
      random.map(async ({ user, words, inGroup, delays }) => {
        const facts = factMap({
          'actor.id': `u${user}`,
          'message.text': words.map((word) => `w${word}.`).join(' '),
          ...(inGroup ? { 'group.id': 'g' } : {}),
        });
        const names: readonly FactName[] = ['actor.id', 'message.text', 'group.id'];
        const slow = (name: FactName): Promise<FactValue | undefined> =>
          new Promise((resolve) =>
            setTimeout(() => resolve(facts.get(name)), delays[names.indexOf(name)] ?? 0),
          );
        const event: JudgedEvent = {
          kind: 'message.send',
          stage: 'before',
          targets: [],
          facts: { get: slow },
        };
        const expected = new Set([
          ...(user < RULES ? [`t${user}`] : []),
          ...(inGroup ? words.map((word) => `t${word}`) : []),
        ]);
        const { tags } = onlyRuling(await ruleSet.decide(event, LENIENT));
        expect(new Set(tags)).to.deep.equal(expected);
      }),
    );
  });
});

describe('any document', () => {
  it('is compiled or refused with problems, never thrown at (property)', async () => {
    const word = fc.constantFrom(
      'rules',
      'lists',
      'conditions',
      'id',
      'on',
      'when',
      'then',
      'all',
      'any',
      'not',
      'fact',
      'operator',
      'value',
      'refuse',
      'rewrite',
      'mask',
      'set',
      'given',
      'expect',
      'examples',
      'message.send',
      'actor.id',
      'message.text',
      'equal',
      'x',
      'list',
      'file',
      '__proto__',
      'constructor',
      'toString',
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6, withCrossShrink: true },
        fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.array(fc.tuple(word, tie('tree')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
      ),
    }));
    const document = fc.record(
      {
        lists: tree,
        conditions: tree,
        rules: fc.oneof(
          tree,
          fc.array(
            fc.record({ id: word, on: word, when: tree, then: tree, examples: tree }, { requiredKeys: [] }),
          ),
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(document, tree), async (data) => {
        const { ruleSet, problems } = await compileYaml({ 'x.yaml': JSON.stringify(data) });
        expect(ruleSet === null).to.equal(problems.some(({ severity }) => severity === 'error'));
      }),
      { numRuns: 500 },
    );
  });
});
