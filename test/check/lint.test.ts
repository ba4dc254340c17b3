import { expect } from 'chai';
import type { Capability } from '../../engine/capability.js';
import { compileRules } from '../../engine/compile.js';
import { FACT_NAMES, type FactName } from '../../engine/facts.js';
import type { Problem, ProblemCode } from '../../engine/problem.js';
import { parse } from 'yaml';
import { ABLE } from '../support/rules.js';

interface Options {
  readonly capabilities?: readonly Capability[];
  readonly withStyle?: boolean;
}

/** Problems of rule files in YAML, in file order. */
async function problemsOf(
  source: string | Readonly<Record<string, string>>,
  { capabilities = ABLE, withStyle = false }: Options = {},
): Promise<readonly Problem[]> {
  const files = typeof source === 'string' ? { 'rules.yaml': source } : source;
  const documents = Object.entries(files).map(([file, text]) => ({ file, data: parse(text) as unknown }));
  const context = { capabilities, platforms: ['able', 'other'] };
  return (await compileRules({ documents, texts: new Map() }, context, { withStyle })).problems;
}

async function codesOf(
  source: Parameters<typeof problemsOf>[0],
  options?: Options,
): Promise<readonly string[]> {
  return (await problemsOf(source, options)).map(({ code, severity }) => `${severity} ${code}`);
}

/** A rule on messages around a condition. */
const when = (condition: string): string =>
  `rules: [{ id: r, on: message.send, when: ${condition}, then: { tag: x } }]`;

/** A condition in short: `actor.id equal a` for each leaf. */
const leaf = (text: string): string => {
  const [fact = '', operator = '', ...value] = text.split(' ');
  return `{ fact: ${fact}, operator: ${operator}, value: ${value.join(' ')} }`;
};
const all = (...leaves: readonly string[]): string => `{ all: [${leaves.map(leaf).join(', ')}] }`;

const command = (more: Partial<Capability>): Capability => ({
  ...ABLE.find(({ kind, stage }) => kind === 'message.send' && stage === 'before')!,
  ...more,
});
const without = (...facts: readonly FactName[]): ReadonlySet<FactName> =>
  new Set(FACT_NAMES.filter((name) => !facts.includes(name)));

describe('a condition that contradicts itself', () => {
  const NEVER: Readonly<Record<string, string>> = {
    'two values of one fact': all('actor.id equal a', 'actor.id equal b'),
    'a value outside a list': all('actor.id equal a', 'actor.id in [b, c]'),
    'a value that is excluded': all('actor.id equal a', 'actor.id notEqual a'),
    'lists with nothing in common': all('actor.id in [a, b]', 'actor.id in [c, d]'),
    'a list that is excluded as a whole': all('actor.id in [a, b]', 'actor.id notIn [a, b, c]'),
    'a value that fails another test': all('actor.id equal alice', 'actor.id startsWith bob'),
    'beginnings that exclude each other': all('actor.id startsWith [a, b]', 'actor.id startsWith c'),
    'ends that exclude each other': all('actor.id endsWith a', 'actor.id endsWith b'),
    'ranges that do not meet': all('message.seq lessThan 5', 'message.seq greaterThan 5'),
    'a range and a value outside': all('message.seq between [1, 3]', 'message.seq equal 4'),
    'times that do not meet': all('event.time lessThan 2026-01-01', 'event.time greaterThan 2026-01-02'),
    'lengths that do not meet': all('message.text lengthAtLeast 5', 'message.text lengthAtMost 4'),
    'what is contained and is not': all('message.text contains a', 'message.text doesNotContain a'),
    'words that are there and are not': all(
      'message.text containsAny [a, b]',
      'message.text containsNone [a, b]',
    ),
    'an absent fact that is compared': all('actor.id exists false', 'actor.id equal a'),
    'presence and absence': all('actor.id exists false', 'actor.id exists true'),
    'both truths at once': all('actor.isAdmin equal true', 'actor.isAdmin equal false'),
    'neither truth': all('actor.isAdmin notEqual true', 'actor.isAdmin notEqual false'),
    'all words of a closed set excluded': all('event.stage notEqual before', 'event.stage notEqual after'),
    'all platforms excluded': all('platform notIn [able, other]'),
    'another kind of event': all('event.kind equal block.add'),
    'a fact that is not itself': '{ fact: actor.id, operator: notEqual, value: { fact: actor.id } }',
    'a test and its `not`': `{ all: [${leaf('actor.id in [a]')}, { not: ${leaf('actor.id in [a]')} }] }`,
    'a `not` around an `any`': `{ all: [${leaf('actor.id equal a')}, { not: { any: [${leaf('actor.id equal a')}, ${leaf('actor.id equal b')}] } }] }`,
    'an `any` of which each member is excluded': `{ all: [${leaf('actor.id equal a')}, { any: [${leaf('actor.id equal b')}, ${leaf('actor.id equal c')}] }] }`,
  };
  for (const [what, condition] of Object.entries(NEVER)) {
    it(`is reported: ${what}`, async () => {
      expect(await codesOf(when(condition))).to.deep.equal(['warning never-matches']);
    });
  }

  const POSSIBLE: Readonly<Record<string, string>> = {
    'the same value twice': all('actor.id equal a', 'actor.id equal a'),
    'a value of a list': all('actor.id equal a', 'actor.id in [a, b]'),
    'ranges that touch': all('message.seq lessThanInclusive 5', 'message.seq greaterThanInclusive 5'),
    'a beginning of a beginning': all('actor.id startsWith a', 'actor.id startsWith ab'),
    'several entries of a list': all('message.mentions contains a', 'message.mentions contains b'),
    'different facts': all('actor.id equal a', 'target.id equal b'),
    'an absent fact and its negated test': `{ all: [${leaf('actor.id exists false')}, { not: ${leaf('actor.id equal a')} }] }`,
    'an absent fact that is neither one nor another': `{ all: [{ not: ${leaf('actor.isAdmin equal true')} }, { not: ${leaf('actor.isAdmin equal false')} }] }`,
    'two other facts that may be absent': `{ all: [{ not: { fact: actor.id, operator: equal, value: { fact: target.id } } }, { not: { fact: actor.id, operator: notEqual, value: { fact: target.id } } }, ${leaf('actor.id exists true')}] }`,
    'some words that are excluded': all('message.text containsAny [a, b]', 'message.text containsNone [a]'),
    'an `any` with a way out': `{ all: [${leaf('actor.id equal a')}, { any: [${leaf('actor.id equal a')}, ${leaf('target.id equal c')}] }] }`,
  };
  for (const [what, condition] of Object.entries(POSSIBLE)) {
    it(`is not seen in ${what}`, async () => {
      expect(await codesOf(when(condition))).to.deep.equal([]);
    });
  }

  it('is told with the tests and placed at the last of them', async () => {
    const [problem] = await problemsOf(
      when(all('actor.id equal a', 'target.id equal c', 'actor.id equal b')),
    );
    expect(problem?.message).to.include('`equal "a"`, `equal "b"` at once');
    expect(problem?.path).to.deep.equal(['rules', 0, 'when', 'all', 2]);
  });

  it('is placed at the use of a shared condition', async () => {
    const [problem] = await problemsOf(
      `conditions: { c: ${leaf('actor.id equal b')} }\n${when(`{ all: [${leaf('actor.id equal a')}, { condition: c }] }`)}`,
    );
    expect(problem?.path).to.deep.equal(['rules', 0, 'when', 'all', 1]);
  });

  it('is reported for a member of `any` alone, while the others can hold', async () => {
    const dead = all('message.seq lessThan 1', 'message.seq greaterThan 1');
    const [problem, ...others] = await problemsOf(when(`{ any: [${leaf('actor.id equal a')}, ${dead}] }`));
    expect(others).to.be.empty;
    expect(problem).to.deep.include({
      code: 'never-matches',
      path: ['rules', 0, 'when', 'any', 1, 'all', 1],
    });
    expect(problem?.message).to.match(/^This member of `any`/);
  });

  it('is not reported for a member of a shared `any`, which may hold elsewhere', async () => {
    const shared = `conditions: { c: { any: [${leaf('actor.id equal a')}, ${leaf('actor.id equal b')}] } }`;
    expect(
      await codesOf(`${shared}\n${when(`{ all: [{ condition: c }, ${leaf('actor.id equal a')}] }`)}`),
    ).to.deep.equal([]);
  });

  it('is of no interest in a rule that is off', async () => {
    const source = when(all('actor.id equal a', 'actor.id equal b')).replace('id: r,', 'id: r, mode: "off",');
    expect(await codesOf(source)).to.deep.equal([]);
  });
});

describe('a value that a fact never has', () => {
  it('is reported with the nearest one', async () => {
    const [problem] = await problemsOf(when(leaf('conversation.type equal grup')));
    expect(problem).to.deep.include({
      code: 'unknown-value',
      severity: 'warning',
      path: ['rules', 0, 'when', 'value'],
    });
    expect(problem?.hint).to.include('`group`');
  });

  it('is reported for platforms and event kinds, in lists as well', async () => {
    expect(await codesOf(when(leaf('platform equal abel')))).to.deep.equal(['warning unknown-value']);
    expect(await codesOf(when(leaf('event.kind in [message.send, mesage.send]')))).to.deep.equal([
      'warning unknown-value',
    ]);
  });
});

describe('a rule on commands that cannot meet it', () => {
  it('is reported when no command tells a fact that it needs', async () => {
    const [problem] = await problemsOf(when(all('actor.id equal a', 'client.ip equal 10.0.0.1')), {
      capabilities: [command({ facts: without('client.ip') })],
    });
    expect(problem).to.deep.include({ code: 'never-matches', severity: 'warning' });
    expect(problem?.message).to.include('`client.ip` (able)');
  });

  it('is reported when no single command tells all that it needs', async () => {
    const capabilities = [command({ facts: without('client.ip') }), command({ facts: without('group.id') })];
    const source = when(all('client.ip equal 10.0.0.1', 'group.id equal g'));
    expect(await codesOf(source, { capabilities })).to.deep.equal(['warning never-matches']);
  });

  it('is in order when another way leads to a match', async () => {
    const capabilities = [command({ facts: without('client.ip') })];
    const source = when(`{ any: [${leaf('client.ip equal 10.0.0.1')}, ${leaf('actor.id equal a')}] }`);
    expect(await codesOf(source, { capabilities })).to.deep.equal([]);
    expect(await codesOf(when(leaf('client.ip exists false')), { capabilities })).to.deep.equal([]);
  });

  it('is reported for a command that is none of its events', async () => {
    expect(await codesOf(when(leaf('command equal callbackOfSomethingElse')))).to.deep.equal([
      'warning never-matches',
    ]);
  });

  it('is left alone when it is for a platform that no app has', async () => {
    expect(await codesOf(when(leaf('platform equal other')))).to.deep.equal([]);
  });

  it('is reported when no app has the event, at the kind in question', async () => {
    const source = 'rules: [{ id: r, on: [message.send, block.add], when: always, then: { tag: x } }]';
    const [problem, ...others] = await problemsOf(source, { capabilities: [command({})] });
    expect(others).to.be.empty;
    expect(problem).to.deep.include({
      code: 'event-without-app',
      severity: 'warning',
      path: ['rules', 0, 'on', 1],
    });
  });

  it('is reported when no app has the event in that stage', async () => {
    const source = 'rules: [{ id: r, on: message.send, stage: after, when: always, then: { tag: x } }]';
    expect(await codesOf(source, { capabilities: [command({})] })).to.deep.equal([
      'warning event-without-app',
    ]);
  });

  it('is reported for a glob only when nothing of it is there', async () => {
    const source = (glob: string): string =>
      `rules: [{ id: r, on: ${glob}, when: always, then: { tag: x } }]`;
    const capabilities = [command({})];
    expect(await codesOf(source('message.*'), { capabilities })).to.deep.equal([]);
    expect(await codesOf(source('friend.*'), { capabilities })).to.deep.equal(['warning event-without-app']);
  });
});

describe('an effect', () => {
  const refuse = (condition = 'always', on = 'message.send'): string =>
    `rules: [{ id: r, on: ${on}, when: ${condition}, then: { refuse: true } }]`;

  it('that no app can carry is an error with platform, command and reason', async () => {
    const capabilities = [command({ platform: 'able', command: 'told', stage: 'after', refuse: false })];
    const [problem, ...others] = await problemsOf(refuse(), { capabilities });
    expect(others).to.be.empty;
    expect(problem).to.deep.include({ code: 'cannot-carry', severity: 'error' });
    expect(problem?.message).to.include('able (told): reported after the event only');
  });

  it('that one command of a platform cannot carry is a warning with a condition that leaves it out', async () => {
    const capabilities = [command({ command: 'one' }), command({ command: 'two', refuse: false })];
    const [problem] = await problemsOf(refuse(), { capabilities });
    expect(problem).to.deep.include({ code: 'cannot-carry', severity: 'warning' });
    expect(problem?.message).to.include('able (two): the reply cannot refuse');
    expect(problem?.hint).to.include('{ fact: command, operator: notIn, value: [two] }');
  });

  it('is not missed on a command on which the rule never matches', async () => {
    const capabilities = [
      command({}),
      command({ platform: 'other', refuse: false, facts: without('client.ip') }),
    ];
    expect(await codesOf(refuse(leaf('client.ip equal 10.0.0.1')), { capabilities })).to.deep.equal([]);
  });

  const rewrite = (condition: string): string =>
    `rules: [{ id: r, on: message.send, when: ${condition}, then: { rewrite: { message.text: { set: a } } } }]`;
  const asked = command({
    command: 'asked',
    rewrites: new Set(),
    rewritesElsewhere: new Set<FactName>(['message.text']),
  });
  const modify = command({ command: 'modify', facts: without('group.id') });

  it('that another command of the operation carries is in order', async () => {
    expect(await codesOf(rewrite('always'), { capabilities: [asked, modify] })).to.deep.equal([]);
  });

  it('that only a command carries which does not tell the facts of the condition is a warning', async () => {
    const [problem, ...others] = await problemsOf(rewrite(leaf('group.id equal g')), {
      capabilities: [asked, modify],
    });
    expect(others).to.be.empty;
    expect(problem).to.deep.include({ code: 'carrier-lacks-facts', severity: 'warning' });
    expect(problem?.message).to.include('modify does not tell `group.id`');
  });
});

describe('a rule behind an earlier verdict', () => {
  /** Two rules, the first with a verdict. */
  const two = (first: string, second: string, more = ''): string =>
    `rules: [{ id: first, on: message.send, when: ${first}, then: { allow: true }${more} }, ` +
    `{ id: second, on: message.send, when: ${second}, then: { refuse: true } }]`;

  const REACHED_BY_NOBODY: readonly (readonly [string, string])[] = [
    ['always', leaf('actor.id equal a')],
    [leaf('actor.id equal a'), leaf('actor.id equal a')],
    [leaf('actor.id in [a, b]'), leaf('actor.id equal a')],
    [leaf('actor.id in [a, b]'), leaf('actor.id in [b]')],
    [leaf('actor.id equal a'), all('target.id equal b', 'actor.id equal a')],
    [leaf('actor.id startsWith a'), leaf('actor.id equal abc')],
    [leaf('message.seq lessThan 10'), leaf('message.seq between [1, 5]')],
    [leaf('message.text lengthAtLeast 10'), leaf('message.text lengthAtLeast 20')],
    [leaf('message.text containsAny [a, b, c]'), leaf('message.text containsAny [b]')],
    [leaf('message.text matches x+'), all('actor.id equal a', 'message.text matches x+')],
    [leaf('actor.id exists true'), leaf('actor.id equal a')],
    [`{ any: [${leaf('actor.id equal a')}, ${leaf('target.id equal b')}] }`, leaf('target.id equal b')],
    [leaf('actor.id in [a, b]'), `{ any: [${leaf('actor.id equal a')}, ${leaf('actor.id equal b')}] }`],
    [`{ not: ${leaf('actor.id equal a')} }`, `{ not: ${leaf('actor.id in [a, b]')} }`],
    [`{ not: ${leaf('actor.id equal a')} }`, leaf('actor.id notEqual a')],
  ];
  for (const [first, second] of REACHED_BY_NOBODY) {
    it(`is reported: ${second} after ${first}`, async () => {
      const [problem, ...others] = await problemsOf(two(first, second));
      expect(others).to.be.empty;
      expect(problem).to.deep.include({
        code: 'never-reached',
        severity: 'warning',
        path: ['rules', 1, 'id'],
      });
      expect(problem?.message).to.include('`first`');
    });
  }

  const REACHED: readonly (readonly [string, string])[] = [
    [leaf('actor.id equal a'), 'always'],
    [leaf('actor.id equal a'), leaf('actor.id in [a, b]')],
    [leaf('actor.id equal a'), leaf('target.id equal a')],
    [all('actor.id equal a', 'target.id equal b'), leaf('actor.id equal a')],
    [leaf('message.seq lessThan 10'), leaf('message.seq lessThanInclusive 10')],
    [leaf('actor.id notEqual a'), `{ not: ${leaf('actor.id equal a')} }`],
  ];
  for (const [first, second] of REACHED) {
    it(`is in order: ${second} after ${first}`, async () => {
      expect(await codesOf(two(first, second))).to.deep.equal([]);
    });
  }

  it('is in order when the earlier rule is a shadow, is off, or has no verdict', async () => {
    expect(await codesOf(two('always', 'always', ', mode: shadow'))).to.deep.equal([]);
    expect(await codesOf(two('always', 'always', ', mode: "off"'))).to.deep.equal([]);
    expect(await codesOf(two('always', 'always').replace('allow: true', 'tag: x'))).to.deep.equal([]);
  });

  it('is in order when the earlier rule is on fewer events or stages', async () => {
    const wider = two('always', 'always').replace(
      /(second, on: )message.send/,
      '$1[message.send, block.add]',
    );
    expect(await codesOf(wider)).to.deep.equal([]);
    expect(await codesOf(two('always', 'always').replace('refuse: true', 'tag: x'))).to.deep.equal([]);
  });

  it('is found by priority and across files', async () => {
    const file = (id: string, more: string): string =>
      `rules: [{ id: ${id}, on: message.send, when: always, then: { allow: true }${more} }]`;
    const [problem] = await problemsOf({ 'a.yaml': file('a', ''), 'b.yaml': file('b', ', priority: 1') });
    expect(problem).to.deep.include({ code: 'never-reached', file: 'a.yaml' });
  });
});

describe('style, which only `callgate check` looks at', () => {
  const style = { withStyle: true };
  const rule = (id: string, more = ''): string =>
    `{ id: ${id}, on: message.send, when: { fact: actor.id, operator: equal, value: ${id} }, then: { tag: x }, ` +
    `examples: [{ given: { actor.id: ${id} }, expect: match }]${more} }`;

  const only = async (
    source: Parameters<typeof problemsOf>[0],
    code: ProblemCode,
  ): Promise<readonly string[]> => {
    const problems = await problemsOf(source, style);
    expect(problems.map((problem) => problem.code)).to.deep.equal(problems.map(() => code));
    return problems.map(({ message }) => /`([^`]+)`/.exec(message)?.[1] ?? '');
  };

  it('is not looked at otherwise', async () => {
    expect(await codesOf(`lists: { unused: [a] }\n${when('always')}`)).to.deep.equal([]);
  });

  it('wants examples', async () => {
    expect(
      await only(`rules: [${rule('a')}, { id: b, on: '*', when: always, then: { tag: x } }]`, 'no-examples'),
    ).to.deep.equal(['b']);
  });

  it('finds lists and conditions that no rule uses, not even through another', async () => {
    const source = `
lists: { direct: [a], shared: [a], masked: [a], unused: [a] }
conditions:
  used: { condition: inner }
  inner: { fact: actor.id, operator: in, value: { list: shared } }
rules:
  - id: r
    on: message.send
    when: { all: [{ condition: used }, { fact: actor.id, operator: in, value: { list: direct } }] }
    then: { rewrite: { message.text: { mask: { list: masked } } } }
    examples: [{ given: {}, expect: none }]
`;
    expect(await only(source, 'unused-list')).to.deep.equal(['unused']);
    const alone = `conditions: { a: { condition: b }, b: { fact: actor.id, operator: equal, value: x } }\nrules: [${rule('r')}]`;
    expect(await only(alone, 'unused-condition')).to.deep.equal(['a', 'b']);
  });

  it('counts the uses of rules in other files, of broken ones, and of those that are off', async () => {
    const files = {
      'a.yaml': 'lists: { l: [a], m: [a] }',
      'b.yaml': `rules: [{ id: r, mode: "off", on: '*', when: { fact: actor.id, operator: in, value: { list: l } }, then: { tag: x } }]`,
      'c.yaml': 'rules: [{ id: s, on: nothing, when: { fact: actor.id, operator: in, value: { list: m } } }]',
    };
    const codes = (await problemsOf(files, style)).map(({ code }) => code);
    expect(codes).not.to.include('unused-list');
  });

  describe('on priorities', () => {
    const rules = (...list: readonly string[]): string => `rules: [${list.join(', ')}]`;

    it('is content when they follow the order of the file', async () => {
      expect(await codesOf(rules(rule('a', ', priority: 9'), rule('b'), rule('c', ', priority: -1')), style))
        .to.be.empty;
      expect(await codesOf(rules(rule('a', ', priority: 1'), rule('b', ', priority: 9')), style)).to.be.empty;
      expect(await codesOf(rules(rule('a'), rule('b', ', priority: 0')), style)).to.be.empty;
    });

    it('reports one that moves a rule up or down past one without', async () => {
      expect(await only(rules(rule('a'), rule('b', ', priority: 9')), 'mixed-priorities')).to.deep.equal([
        'b',
      ]);
      expect(await only(rules(rule('a', ', priority: -1'), rule('b')), 'mixed-priorities')).to.deep.equal([
        'a',
      ]);
    });

    it('looks at each file and each event by itself', async () => {
      const files = { 'a.yaml': rules(rule('a')), 'b.yaml': rules(rule('b', ', priority: 9')) };
      expect(await codesOf(files, style)).to.be.empty;
      const other = rule('b', ', priority: 9').replace('message.send', 'block.add');
      expect(await codesOf(rules(rule('a'), other), style)).to.be.empty;
    });
  });
});
