import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { callgate } from '../suites/in-process.js';

const RULES = `
lists:
  banned: { live: true }
  words: { live: true }
  fixed: [bob]
rules:
  - id: banned
    on: message.send
    when: { fact: actor.id, operator: in, value: { list: banned } }
    then: { refuse: true }
    examples:
      - { given: { actor.id: bob }, lists: { banned: [bob] }, expect: refuse }
      - { given: { actor.id: bob }, expect: none }
  - id: masked
    on: message.send
    when: { fact: message.text, operator: containsAny, value: { list: words } }
    then: { rewrite: { message.text: { mask: { list: words } } } }
    examples:
      - given: { message.text: a bad day }
        lists: { words: [bad] }
        expect: { rewrite: { message.text: a *** day } }
      - { given: { message.text: a bad day }, expect: none }
`;

const SUITE = `
lists: { words: [bad, worse] }
cases:
  - name: who is banned is silent
    lists: { banned: [bob] }
    given: { event.kind: message.send, actor.id: bob }
    want: { verdict: refuse, rule: banned }
  - name: nobody else is
    given: { event.kind: message.send, actor.id: bob, message.text: a bad day }
    want: { verdict: none, rewrite: { message.text: a *** day } }
  - name: a case has its own lists
    lists: { words: [day] }
    given: { event.kind: message.send, message.text: a bad day }
    want: { rewrite: { message.text: a bad *** } }
  - name: by name
    each: [{ who: eve }, { who: bob }]
    lists: { banned: ['{{who}}'] }
    given: { event.kind: message.send, actor.id: '{{who}}' }
    want: refuse
`;

describe('live lists without a server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-lists-'));
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  before(() => {
    write('config.yaml', 'apps: [{ id: im, platform: openim, path: /im }]\n');
    write('rules/rules.yaml', RULES);
    write('rules/rules.test.yaml', SUITE);
    write('facts.yaml', '{ event.kind: message.send, actor.id: bob }');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('have in each case of a suite what it gives them, and are seen both ways', async () => {
    const { stdout, code } = await callgate(['test', '--coverage'], folder);
    expect(stdout).to.include('5 passed in 1 suite').and.include('4 examples inside rules hold');
    expect(stdout).to.match(/Coverage 100 %: 8 of 8/);
    expect(code).to.equal(0);
  });

  it('are told of when a case fails', async () => {
    const wrong = SUITE.replace('want: { verdict: refuse, rule: banned }', 'want: allow');
    write('wrong/wrong.test.yaml', wrong);
    const { stdout, code } = await callgate(['test', 'wrong'], folder);
    expect(code).to.equal(1);
    expect(stdout).to.include('1 failed').and.include('banned decided: refuse.');
  });

  it('must be named right', async () => {
    write(
      'broken/broken.test.yaml',
      SUITE.replace('lists: { banned: [bob] }', 'lists: { baned: [bob], fixed: [] }'),
    );
    const { stdout, code } = await callgate(['test', 'broken'], folder);
    expect(code).to.equal(1);
    expect(stdout).to.match(/broken.test.yaml:5:14 error unknown-list {2}Unknown list `baned`/);
    expect(stdout).to.match(/error wrong-value {2}The list `fixed` is not live/);
  });

  it('are explained with the entries that are given', async () => {
    const explain = (...args: readonly string[]) =>
      callgate(['explain', '--facts', 'facts.yaml', ...args], folder);
    expect((await explain()).stdout).to.include('✗ actor.id in list banned');
    const given = await explain('--list', 'banned=bob', '--list', 'words=x=y');
    expect(given.stdout).to.include('✓ actor.id in list banned').and.include('refuse, by banned');
    for (const [text, says] of [
      ['banned', 'expected NAME=ENTRY'],
      ['baned=x', 'there is no live list `baned`. Did you mean `banned`?'],
      ['fixed=x', 'there is no live list `fixed`'],
    ] as const) {
      const { stderr, code } = await explain('--list', text);
      expect([stderr.includes(says), code], stderr).to.deep.equal([true, 1]);
    }
  });
});
