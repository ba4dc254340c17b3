import { expect } from 'chai';
import { compileRules } from '../../engine/compile.js';
import { createLiveLists, type LiveLists } from '../../engine/live/live-lists.js';
import type { RuleSet } from '../../engine/rule-set.js';
import { parse } from 'yaml';
import { ABLE, compileYaml, ruleOn, type Facts } from '../support/rules.js';

const LISTS = `lists: { banned: { live: true, description: Who may not write. }, fixed: [bob, eve] }\n`;

/** A rule that refuses messages on a condition. */
const rule = (when: string, more = ''): string =>
  `${LISTS}rules: [{ id: r, on: message.send, when: ${when}, then: { refuse: true }${more} }]`;

async function open(yaml: string, live: LiveLists): Promise<RuleSet> {
  const { ruleSet, problems } = await compileRules(
    { documents: [{ file: 'rules.yaml', data: parse(yaml) as unknown }], texts: new Map() },
    { capabilities: ABLE, platforms: ['able', 'other'] },
    { live },
  );
  expect(problems).to.deep.equal([]);
  expect(ruleSet).to.not.equal(null);
  return ruleSet!;
}

/** What the rule set says before and after `entry` comes, and when it has gone again. */
async function verdicts(when: string, entry: string, facts: Facts): Promise<readonly string[]> {
  const live = createLiveLists();
  const rules = await open(rule(when), live);
  const verdict = async (): Promise<string> => (await ruleOn(rules, 'message.send', facts)).verdict;
  const before = await verdict();
  live.contents('banned').add(entry);
  const during = await verdict();
  live.contents('banned').remove(entry);
  return [before, during, await verdict()];
}

const COMES = ['allow', 'refuse', 'allow'];
const GOES = ['refuse', 'allow', 'refuse'];

describe('a rule on a live list', () => {
  const of = (fact: string, operator: string): string =>
    `{ fact: ${fact}, operator: ${operator}, value: { list: banned } }`;

  const CASES: readonly (readonly [
    fact: string,
    operator: string,
    entry: string,
    facts: Facts,
    says: readonly string[],
  ])[] = [
    ['actor.id', 'in', 'bob', { 'actor.id': 'bob' }, COMES],
    ['actor.id', 'notIn', 'bob', { 'actor.id': 'bob' }, GOES],
    ['actor.id', 'startsWith', 'bo', { 'actor.id': 'bob' }, COMES],
    ['actor.id', 'endsWith', 'ob', { 'actor.id': 'bob' }, COMES],
    ['message.text', 'containsAny', 'Ｌoan', { 'message.text': 'a LOAN' }, COMES],
    ['message.text', 'containsNone', 'loan', { 'message.text': 'a LOAN' }, GOES],
    ['message.links', 'containsAny', 'http://a', { 'message.links': ['http://b', 'http://a'] }, COMES],
    ['client.ip', 'inCidr', '10.0.0.0/8', { 'client.ip': '10.1.2.3' }, COMES],
  ];

  for (const [fact, operator, entry, facts, says] of CASES) {
    it(`sees what comes and goes: ${fact} ${operator}`, async () => {
      expect(await verdicts(of(fact, operator), entry, facts)).to.deep.equal(says);
    });
  }

  it('is found beside rules that are looked up by another condition', async () => {
    const both = `{ all: [{ fact: actor.id, operator: in, value: { list: fixed } }, ${of('actor.id', 'in')}] }`;
    expect(await verdicts(both, 'bob', { 'actor.id': 'bob' })).to.deep.equal(COMES);
    const either = `{ any: [{ fact: actor.id, operator: equal, value: eve }, ${of('actor.id', 'in')}] }`;
    expect(await verdicts(either, 'bob', { 'actor.id': 'bob' })).to.deep.equal(COMES);
  });

  it('masks the words of the moment', async () => {
    const live = createLiveLists();
    const rules = await open(
      `${LISTS}rules: [{ id: r, on: message.send, when: always, then: { rewrite: { message.text: { mask: { list: banned } } } } }]`,
      live,
    );
    const masked = async (): Promise<unknown> => {
      const rewrite = (await ruleOn(rules, 'message.send', { 'message.text': 'a loan' })).rewrites.get(
        'message.text',
      );
      return rewrite !== undefined && 'edit' in rewrite ? rewrite.edit('a loan') : undefined;
    };
    expect(await masked()).to.equal('a loan');
    live.contents('banned').add('loan');
    expect(await masked()).to.equal('a ****');
  });

  it('has the same revision whatever the list holds', async () => {
    const live = createLiveLists();
    const yaml = rule(of('actor.id', 'in'));
    const { revision } = await open(yaml, live);
    live.contents('banned').add('bob');
    const again = await open(yaml, live);
    expect(again.revision).to.equal(revision);
    expect(again.liveLists).to.deep.equal(['banned']);
    expect([...again.listSizes]).to.deep.equal([
      ['fixed', 2],
      ['banned', 1],
    ]);
  });

  it('is never said to be impossible or out of reach because the list is empty', async () => {
    const bob = '{ fact: actor.id, operator: equal, value: bob }';
    const { problems } = await compileYaml(`${LISTS}
rules:
  - { id: contrary, on: message.send, when: { all: [${bob}, ${of('actor.id', 'in')}] }, then: { refuse: true } }
  - { id: platform, on: message.send, when: ${of('platform', 'in')}, then: { refuse: true } }
  - { id: begins, on: message.send, when: { all: [${of('actor.id', 'startsWith')}, { fact: actor.id, operator: startsWith, value: x }] }, then: { refuse: true } }
  - { id: none, on: friend.request, when: ${of('actor.id', 'notIn')}, then: { refuse: true } }
  - { id: later, on: friend.request, when: ${bob}, then: { refuse: true } }
  - { id: words, on: block.add, stage: before, when: ${of('actor.id', 'in')}, then: { refuse: true } }
  - { id: fewer, on: block.add, stage: before, when: { fact: actor.id, operator: in, value: { list: fixed } }, then: { refuse: true } }
  - { id: used, on: group.join, when: { fact: actor.id, operator: in, value: { list: fixed } }, then: { refuse: true } }
  - { id: other, on: group.join, when: ${of('actor.id', 'in')}, then: { refuse: true } }
`);
    expect(problems.map(({ message }) => message)).to.deep.equal([]);
  });

  it('is out of reach after one that asks the same', async () => {
    const { problems } = await compileYaml(`${LISTS}
rules:
  - { id: first, on: message.send, when: ${of('actor.id', 'in')}, then: { refuse: true } }
  - { id: second, on: message.send, when: { all: [${of('actor.id', 'in')}, { fact: actor.id, operator: in, value: { list: fixed } }] }, then: { refuse: true } }
`);
    expect(problems.map(({ code, path }) => `${code} ${path.join('.')}`)).to.deep.equal([
      'never-reached rules.1.id',
    ]);
  });
});

describe('examples of a rule on a live list', () => {
  const banned = '{ fact: actor.id, operator: in, value: { list: banned } }';
  const withExamples = (...examples: readonly string[]): string =>
    rule(banned, `, examples: [${examples.join(', ')}]`);

  it('give it entries; it is empty otherwise', async () => {
    const { problems } = await compileYaml(
      withExamples(
        '{ given: { actor.id: bob }, lists: { banned: [bob] }, expect: refuse }',
        '{ given: { actor.id: bob }, lists: { banned: [] }, expect: none }',
        '{ given: { actor.id: bob }, expect: none }',
      ),
    );
    expect(problems).to.deep.equal([]);
  });

  it('fail as any other', async () => {
    const { problems } = await compileYaml(withExamples('{ given: { actor.id: bob }, expect: refuse }'));
    expect(problems.map(({ code }) => code)).to.deep.equal(['example-failed']);
  });

  it('name live lists that exist', async () => {
    const { problems } = await compileYaml(
      withExamples('{ given: { actor.id: bob }, lists: { baned: [bob], fixed: [bob] }, expect: none }'),
    );
    expect(problems.map(({ code, path, hint }) => [code, path.slice(4).join('.'), hint])).to.deep.equal([
      ['unknown-list', 'lists.baned', 'Did you mean `banned`?'],
      ['wrong-value', 'lists.fixed', undefined],
    ]);
  });
});

describe('the declaration of a list', () => {
  const declared = async (list: string): Promise<readonly string[]> =>
    (await compileYaml(`lists: { banned: ${list} }`)).problems.map(
      ({ code, path }) => `${code} ${path.join('.')}`,
    );

  it('is live, a file or its entries, and nothing else', async () => {
    expect(await declared('{ live: true }')).to.deep.equal([]);
    expect(await declared('{ live: false }')).to.deep.equal(['wrong-value lists.banned.live']);
    expect(await declared('{ live: true, file: a.txt }')).to.deep.equal(['wrong-value lists.banned.file']);
    expect(await declared('{ description: what for }')).to.deep.equal(['missing-key lists.banned']);
    expect(await declared('{ live: true, entries: [a] }')).to.deep.equal([
      'unknown-key lists.banned.entries',
    ]);
  });
});
