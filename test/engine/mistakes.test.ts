import { expect } from 'chai';
import type { Capability } from '../../engine/capability.js';
import type { ProblemCode } from '../../engine/problem.js';
import { ABLE, compileYaml, type CompileOptions } from '../support/rules.js';

interface Mistake {
  readonly title: string;
  readonly yaml: string;
  readonly code: ProblemCode;
  /** Path of the place, dotted. */
  readonly at: string;
  readonly says?: RegExp;
  readonly hint?: RegExp;
  readonly severity?: 'warning';
  readonly options?: CompileOptions;
}

/** A rule around a condition. */
const when = (condition: string): string =>
  `rules: [{ id: r, on: message.send, when: ${condition}, then: { refuse: true } }]`;
/** A rule around effects. */
const then = (effects: string): string =>
  `rules: [{ id: r, on: message.send, when: always, then: ${effects} }]`;
const rule = (keys: string): string => `rules: [{ ${keys}, when: always, then: { tag: x } }]`;

const quiet: Capability = {
  ...ABLE.find(({ kind, stage }) => kind === 'block.add' && stage === 'after')!,
  platform: 'quiet',
};
const narrow: Capability = {
  ...ABLE.find(({ kind, stage }) => kind === 'message.send' && stage === 'before')!,
  platform: 'other',
  discard: false,
  rewrites: new Set(),
  codes: [10, 19],
};

const MISTAKES: readonly Mistake[] = [
  { title: 'a file that is no mapping', yaml: '- a', code: 'wrong-type', at: '', says: /a rule file/ },
  { title: 'an unknown key in a file', yaml: 'rule: []', code: 'unknown-key', at: 'rule', hint: /`rules`/ },
  {
    title: 'an unknown key in a rule',
    yaml: rule('id: r, on: message.send, prioriti: 1'),
    code: 'unknown-key',
    at: 'rules.0.prioriti',
    hint: /`priority`/,
  },
  {
    title: 'a rule without an id',
    yaml: rule('on: message.send'),
    code: 'missing-key',
    at: 'rules.0',
    says: /`id`/,
  },
  {
    title: 'an id with a blank',
    yaml: rule('id: a b, on: message.send'),
    code: 'wrong-value',
    at: 'rules.0.id',
  },
  {
    title: 'an unquoted number as id',
    yaml: rule('id: 12, on: message.send'),
    code: 'wrong-type',
    at: 'rules.0.id',
    hint: /"12"/,
  },
  {
    title: 'an unknown kind',
    yaml: rule('id: r, on: mesage.send'),
    code: 'unknown-kind',
    at: 'rules.0.on',
    hint: /`message.send`/,
  },
  {
    title: 'an unknown kind in a list',
    yaml: rule('id: r, on: [message.send, nothing.*]'),
    code: 'unknown-kind',
    at: 'rules.0.on.1',
  },
  {
    title: 'an unknown mode',
    yaml: rule('id: r, on: message.send, mode: shadows'),
    code: 'wrong-value',
    at: 'rules.0.mode',
    hint: /`shadow`/,
  },
  {
    title: 'a priority that is no whole number',
    yaml: rule('id: r, on: message.send, priority: 1.5'),
    code: 'wrong-type',
    at: 'rules.0.priority',
  },
  {
    title: 'a verdict after the event',
    yaml: 'rules: [{ id: r, on: block.add, stage: after, when: always, then: { refuse: true } }]',
    code: 'stage-without-verdict',
    at: 'rules.0.stage',
    hint: /before/,
  },
  {
    title: 'two rules with one id',
    yaml: 'rules: [{ id: r, on: "*", when: always, then: { tag: x } }, { id: r, on: "*", when: always, then: { tag: y } }]',
    code: 'duplicate-id',
    at: 'rules.1.id',
    hint: /rules.yaml/,
  },
  { title: 'a rule without effects', yaml: then('{}'), code: 'empty-group', at: 'rules.0.then' },
  {
    title: 'two verdicts',
    yaml: then('{ allow: true, refuse: true }'),
    code: 'wrong-value',
    at: 'rules.0.then.refuse',
    says: /one verdict/,
  },
  { title: '`allow: false`', yaml: then('{ allow: false }'), code: 'wrong-value', at: 'rules.0.then.allow' },
  {
    title: 'a reason above 99',
    yaml: then('{ refuse: { reason: 100 } }'),
    code: 'wrong-value',
    at: 'rules.0.then.refuse.reason',
  },
  {
    title: 'a code for a platform that does not exist',
    yaml: then('{ refuse: { code: { abel: 1 } } }'),
    code: 'unknown-key',
    at: 'rules.0.then.refuse.code.abel',
    hint: /`able`/,
  },
  {
    title: 'a code outside the range',
    yaml: then('{ refuse: { code: { able: 5 } } }'),
    code: 'code-out-of-range',
    at: 'rules.0.then.refuse.code.able',
    says: /1000 to 1999/,
  },
  {
    title: 'an unknown fact in a message',
    yaml: then('{ refuse: { message: "Hi {{actor.di}}" } }'),
    code: 'unknown-fact',
    at: 'rules.0.then.refuse.message',
    hint: /`actor.id`/,
  },
  {
    title: 'a fact in a message that the event never carries',
    yaml: then('{ refuse: { message: "{{friend.remark}}" } }'),
    code: 'fact-not-in-kind',
    at: 'rules.0.then',
  },
  {
    title: 'a rewrite of an unknown fact',
    yaml: then('{ rewrite: { message.txt: { set: a } } }'),
    code: 'unknown-fact',
    at: 'rules.0.then.rewrite.message.txt',
  },
  {
    title: 'a rewrite without set or mask',
    yaml: then('{ rewrite: { message.text: {} } }'),
    code: 'missing-key',
    at: 'rules.0.then.rewrite.message.text',
  },
  {
    title: 'a mask without words',
    yaml: then('{ rewrite: { message.text: { mask: {} } } }'),
    code: 'missing-key',
    at: 'rules.0.then.rewrite.message.text.mask',
  },
  {
    title: 'a mask on what is no text',
    yaml: then('{ rewrite: { message.seq: { mask: { words: [a] } } } }'),
    code: 'wrong-operand',
    at: 'rules.0.then.rewrite.message.seq.mask',
  },
  {
    title: 'a set of the wrong type',
    yaml: then('{ rewrite: { message.seq: { set: "1" } } }'),
    code: 'wrong-type',
    at: 'rules.0.then.rewrite.message.seq.set',
  },
  { title: 'an empty `all`', yaml: when('{ all: [] }'), code: 'empty-group', at: 'rules.0.when.all' },
  { title: 'an empty `any`', yaml: when('{ any: }'), code: 'empty-group', at: 'rules.0.when.any' },
  { title: 'an empty `not`', yaml: when('{ not: }'), code: 'empty-group', at: 'rules.0.when.not' },
  {
    title: '`any` beside `all`',
    yaml: when(
      '{ all: [{ fact: actor.id, operator: equal, value: a }], any: [{ fact: actor.id, operator: equal, value: a }] }',
    ),
    code: 'unknown-key',
    at: 'rules.0.when.any',
  },
  {
    title: '`path` in a condition',
    yaml: when('{ fact: actor.id, operator: equal, value: a, path: $.x }'),
    code: 'unknown-key',
    at: 'rules.0.when.path',
  },
  {
    title: 'an unknown fact',
    yaml: when('{ fact: target.idd, operator: equal, value: a }'),
    code: 'unknown-fact',
    at: 'rules.0.when.fact',
    says: /target.idd/,
    hint: /`target.id`/,
  },
  {
    title: 'a fact of another kind',
    yaml: when('{ all: [{ fact: friend.remark, operator: equal, value: a }] }'),
    code: 'fact-not-in-kind',
    at: 'rules.0.when.all.0.fact',
    hint: /friend.remark/,
  },
  {
    title: 'an unknown operator',
    yaml: when('{ fact: actor.id, operator: equals, value: a }'),
    code: 'unknown-operator',
    at: 'rules.0.when.operator',
    hint: /`equal`/,
  },
  {
    title: 'an operator for another type',
    yaml: when('{ fact: message.text, operator: greaterThan, value: 1 }'),
    code: 'operator-for-fact',
    at: 'rules.0.when.operator',
  },
  {
    title: 'a number where a text is compared',
    yaml: when('{ fact: actor.id, operator: equal, value: 1 }'),
    code: 'wrong-operand',
    at: 'rules.0.when.value',
  },
  {
    title: '`in` with a text, which would search inside it',
    yaml: when('{ fact: actor.id, operator: in, value: alice }'),
    code: 'wrong-operand',
    at: 'rules.0.when.value',
  },
  {
    title: 'a regular expression with look-ahead',
    yaml: when('{ fact: message.text, operator: matches, value: "a(?=b)" }'),
    code: 'wrong-operand',
    at: 'rules.0.when.value',
  },
  {
    title: 'a network that is none',
    yaml: when('{ fact: client.ip, operator: inCidr, value: 10.0.0.0/99 }'),
    code: 'wrong-operand',
    at: 'rules.0.when.value',
  },
  {
    title: 'a time zone that does not exist',
    yaml: when('{ fact: event.time, operator: weekday, value: { days: [sun], zone: Asia/Peking } }'),
    code: 'wrong-operand',
    at: 'rules.0.when.value',
  },
  {
    title: 'a range the wrong way round',
    yaml: when('{ fact: message.seq, operator: between, value: [5, 1] }'),
    code: 'wrong-operand',
    at: 'rules.0.when.value',
  },
  {
    title: 'an unknown list',
    yaml: `lists: { friends: [a] }\n${when('{ fact: actor.id, operator: in, value: { list: freinds } }')}`,
    code: 'unknown-list',
    at: 'rules.0.when.value.list',
    hint: /`friends`/,
  },
  {
    title: 'a list for an operator that takes none',
    yaml: `lists: { friends: [a] }\n${when('{ fact: actor.id, operator: equal, value: { list: friends } }')}`,
    code: 'wrong-operand',
    at: 'rules.0.when.value',
  },
  {
    title: 'a list of words as networks',
    yaml: `lists: { l: [10.0.0.0/8, home] }\n${when('{ fact: client.ip, operator: inCidr, value: { list: l } }')}`,
    code: 'wrong-operand',
    at: 'rules.0.when.value',
    says: /home/,
  },
  {
    title: 'an unknown other fact',
    yaml: when('{ fact: actor.id, operator: equal, value: { fact: actor.idd } }'),
    code: 'unknown-fact',
    at: 'rules.0.when.value.fact',
  },
  {
    title: 'two facts of different types',
    yaml: when('{ fact: actor.id, operator: equal, value: { fact: message.seq } }'),
    code: 'wrong-operand',
    at: 'rules.0.when.value.fact',
  },
  {
    title: 'an unknown shared condition',
    yaml: when('{ condition: nobody }'),
    code: 'unknown-condition',
    at: 'rules.0.when.condition',
  },
  {
    title: 'shared conditions in a circle',
    yaml: 'conditions: { a: { not: { condition: b } }, b: { all: [{ condition: a }] } }',
    code: 'condition-cycle',
    at: 'conditions.b.all.0.condition',
    says: /a -> b -> a/,
  },
  { title: 'an empty list', yaml: 'lists: { l: [] }', code: 'empty-group', at: 'lists.l' },
  {
    title: 'an unquoted number in a list',
    yaml: 'lists: { l: [12] }',
    code: 'wrong-type',
    at: 'lists.l.0',
    hint: /"12"/,
  },
  {
    title: 'a list file that is not there',
    yaml: 'lists: { l: { file: lists/wrods.txt } }',
    code: 'file-unreadable',
    at: 'lists.l.file',
    hint: /words.txt/,
    options: { texts: { 'lists/words.txt': 'a' } },
  },
  {
    title: 'an example that fails',
    yaml: 'rules: [{ id: r, on: message.send, when: { fact: actor.id, operator: equal, value: a }, then: { refuse: true }, examples: [{ given: { actor.id: b }, expect: refuse }] }]',
    code: 'example-failed',
    at: 'rules.0.examples.0',
    says: /does not match/,
  },
  {
    title: 'an unknown fact in an example',
    yaml: 'rules: [{ id: r, on: message.send, when: always, then: { refuse: true }, examples: [{ given: { actor.ib: b }, expect: refuse }] }]',
    code: 'unknown-fact',
    at: 'rules.0.examples.0.given.actor.ib',
  },
  {
    title: 'an unknown expectation',
    yaml: 'rules: [{ id: r, on: message.send, when: always, then: { refuse: true }, examples: [{ given: {}, expect: refused }] }]',
    code: 'wrong-value',
    at: 'rules.0.examples.0.expect',
    hint: /`refuse`/,
  },
  {
    title: 'an effect that no app can carry',
    yaml: 'rules: [{ id: r, on: block.add, when: always, then: { refuse: true } }]',
    code: 'cannot-carry',
    at: 'rules.0.then.refuse',
    says: /quiet \(after block.add\)/,
    options: { capabilities: [quiet] },
  },
  {
    title: 'an effect that some apps cannot carry',
    yaml: then('{ discard: true }'),
    code: 'cannot-carry',
    at: 'rules.0.then.discard',
    says: /other/,
    hint: /platform/,
    severity: 'warning',
    options: { capabilities: [...ABLE, narrow] },
  },
  {
    title: 'a rewrite that some apps cannot carry',
    yaml: then('{ rewrite: { message.text: { set: a } } }'),
    code: 'cannot-carry',
    at: 'rules.0.then.rewrite.message.text',
    severity: 'warning',
    options: { capabilities: [...ABLE, narrow] },
  },
];

describe('mistakes in rule files', () => {
  for (const { title, yaml, code, at, says, hint, severity = 'error', options } of MISTAKES) {
    it(title, async () => {
      const { ruleSet, problems } = await compileYaml(yaml, options);
      expect(problems.map(({ message }) => message)).to.have.lengthOf(1);
      const [problem] = problems;
      expect(problem).to.deep.include({ code, severity, file: 'rules.yaml' });
      expect(problem?.path.join('.')).to.equal(at);
      if (says !== undefined) expect(problem?.message).to.match(says);
      if (hint !== undefined) expect(problem?.hint).to.match(hint);
      expect(ruleSet === null).to.equal(severity === 'error');
    });
  }

  it('are all found at once', async () => {
    const { problems } = await compileYaml({
      'a.yaml': when(
        '{ all: [{ fact: actor.idd, operator: equal, value: a }, { fact: actor.id, operator: eq, value: a }] }',
      ),
      'b.yaml': 'rules: [{ id: s, on: nothing, when: always, then: { tags: x } }]',
    });
    expect(problems.map(({ file, code }) => `${file} ${code}`)).to.deep.equal([
      'a.yaml unknown-fact',
      'a.yaml unknown-operator',
      'b.yaml unknown-kind',
      'b.yaml unknown-key',
      'b.yaml empty-group',
    ]);
  });

  it('a rule limited to a platform is not blamed for another', async () => {
    const { problems } = await compileYaml(
      'rules: [{ id: r, on: message.send, when: { all: [{ fact: platform, operator: equal, value: able }] }, then: { discard: true } }]',
      { capabilities: [...ABLE, narrow] },
    );
    expect(problems).to.deep.equal([]);
  });

  it('a rule that is off is not asked whether it can be carried', async () => {
    const { problems } = await compileYaml(
      'rules: [{ id: r, on: block.add, mode: off, when: always, then: { refuse: true } }]'.replace(
        'off',
        '"off"',
      ),
      { capabilities: [quiet] },
    );
    expect(problems).to.deep.equal([]);
  });
});
