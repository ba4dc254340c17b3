import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { APPS } from '../suites/bench.js';
import { callgate, type Done } from '../suites/in-process.js';

const RULES = `
counters:
  blocks: { on: block.add, by: [actor.id], window: 1m }
rules:
  - id: flood
    on: block.add
    stage: before
    priority: 2
    when: { all: [{ fact: count.blocks, operator: greaterThan, value: 20 }, { fact: label.trusted, operator: equal, value: false }] }
    then: { refuse: { message: '{{count.blocks}} times.' }, strike: { ladder: spam }, label: { target: actor.id, name: slow, for: 1h } }
  - id: third
    on: block.add
    stage: before
    mode: shadow
    priority: 3
    when: { fact: strikes.spam, operator: greaterThanInclusive, value: 3 }
    then: { strike: { ladder: harsh }, label: { target: actor.id, name: muted, for: 1h } }
  - id: elsewhere
    on: message.send
    when: { fact: strikes.chat, operator: greaterThan, value: 1 }
    then: { tag: x }
`;
const BLOCK = '{"callbackCommand":"callbackBeforeAddBlackCommand","ownerUserID":"alice","blackUserID":"bob"}';

describe('an explanation of what rules remember', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-explain-'));
    mkdirSync(join(folder, 'rules'));
    writeFileSync(join(folder, 'config.yaml'), `rules: rules${APPS}`);
    writeFileSync(join(folder, 'rules', 'rules.yaml'), RULES);
    writeFileSync(join(folder, 'block.json'), BLOCK);
    const facts =
      '{ event.kind: block.add, event.stage: before, actor.id: a, count.blocks: 21, label.trusted: false }';
    writeFileSync(join(folder, 'facts.yaml'), facts);
  });
  after(() => rmSync(folder, { recursive: true }));

  const explain = (...args: readonly string[]): Promise<Done> => callgate(['explain', ...args], folder);
  const given = (...values: readonly string[]): readonly string[] =>
    values.flatMap((value) => ['--given', value]);

  it('says what is absent, and how to give it', async () => {
    const { stdout } = await explain('block.json');
    expect(stdout).to.include(`
Remembered
  strikes.spam of actor.id   absent here; give it with --given strikes.spam=NUMBER
  count.blocks of actor.id   absent here; give it with --given count.blocks=NUMBER
  label.trusted of actor.id  absent here; give it with --given label.trusted=true
`);
    expect(stdout).to.include(
      '✗ count.blocks of actor.id greaterThan 20  count.blocks of actor.id is absent',
    );
  });

  it('takes what is given beside a body or among facts', async () => {
    for (const args of [
      ['block.json', ...given('count.blocks=21', 'label.trusted=false')],
      ['--facts', 'facts.yaml'],
    ]) {
      const { stdout } = await explain(...args);
      expect(stdout).to.include('  count.blocks of actor.id   21\n  label.trusted of actor.id  false\n');
      expect(stdout).to.include(`  refuse, by flood
    reason 1, message "21 times."
    gives a strike on spam
    gives the label slow`);
    }
  });

  it('tells which strikes and labels a shadow rule would give', async () => {
    const { stdout } = await explain('block.json', ...given('strikes.spam=3'));
    expect(stdout).to.include('would give a strike on harsh, give the label muted.');
  });

  it('is about what the rule in question needs, even when it is on other events', async () => {
    const { stdout } = await explain('block.json', '--rule', 'elsewhere', ...given('strikes.chat=2'));
    expect(stdout).to.include('Remembered\n  strikes.chat of actor.id  2\n').and.not.include('count.blocks');
    expect(stdout).to.include('elsewhere is not asked');
    expect(stdout).to.include('Its condition holds.');
  });

  it('is there as JSON', async () => {
    const { stdout } = await explain('block.json', '--json', ...given('count.blocks=21'));
    expect(JSON.parse(stdout)).to.deep.nested.include({
      remembered: [
        { fact: 'strikes.spam of actor.id', value: null, option: '--given strikes.spam=NUMBER' },
        { fact: 'count.blocks of actor.id', value: 21, option: '--given count.blocks=NUMBER' },
        { fact: 'label.trusted of actor.id', value: null, option: '--given label.trusted=true' },
      ],
    });
  });

  for (const [value, message] of [
    ['count.blocks', 'is not of the form count.NAME=21, strikes.NAME=2 or label.NAME=true.'],
    ['actor.id=bob', 'is not of the form count.NAME=21, strikes.NAME=2 or label.NAME=true.'],
    ['count.block=1', 'Unknown counter `block`. Did you mean `count.blocks`?'],
    ['count.blocks=many', '--given: '],
  ] as const) {
    it(`refuses --given ${value}`, async () => {
      const { stderr, code } = await explain('block.json', '--given', value);
      expect(stderr).to.include(message);
      expect(code).to.equal(1);
    });
  }
});
