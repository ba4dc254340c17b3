import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { eventOf, ruleSetOf } from '../support/rules.js';
import { entryOf, memoryLog } from '../decision-log/support.js';
import { fakeApp } from '../support/fake-adapter.js';
import { runCallgate, type Ended } from '../support/process.js';

const CONFIG = 'apps:\n  - { id: im, platform: openim, path: /openim }\n';
const rules = (word: string) =>
  `rules: [{ id: no-${word}, on: message.send, when: { fact: message.text, operator: contains, value: ${word} }, then: { refuse: true } }]\n`;

describe('callgate replay', () => {
  let folder: string;
  let log: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-replay-'));
    const ruleSet = await ruleSetOf(rules('spam'));
    const memory = memoryLog({ facts: ['*'], text: 'full' });
    for (const text of ['spam', 'ham', 'neither']) {
      const event = eventOf('message.send', { 'actor.id': 'alice', 'message.text': text });
      const decision = await ruleSet.decide(event, { default: 'allow', onFailure: 'allow' });
      memory.log.record(entryOf(event, decision, { app: { ...fakeApp, id: 'im' } }));
    }
    log = (await memory.lines()).map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(join(folder, 'config.yaml'), CONFIG);
    writeFileSync(join(folder, 'log.jsonl'), log);
    writeFileSync(join(folder, 'log.jsonl.gz'), gzipSync(log));
    for (const word of ['spam', 'ham']) {
      mkdirSync(join(folder, word));
      writeFileSync(join(folder, word, 'rules.yaml'), rules(word));
    }
  });

  after(() => rmSync(folder, { recursive: true }));

  const replay = (...args: readonly string[]): Promise<Ended> =>
    runCallgate(['replay', ...args], { cwd: folder, env: { NO_COLOR: '1' } }).ended;

  it('prints what flips, and exits with 0 up to a number of flips', async () => {
    const { stdout, stderr, code } = await replay('log.jsonl', '--rules', 'ham', '--fail-on', '2');
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    expect(stdout).to.contain('3 lines, 3 judged again\n\n2 flips\n');
    expect(stdout).to.contain('1  refuse -> allow  no-spam => (default)\n');
    expect(stdout).to.contain('1  allow -> refuse  (default) => no-ham\n');
    expect(stdout).to.contain('by actor\n  2  alice\n');
    expect(stdout).to.match(/samples\n {2}refuse -> allow {2}no-spam => \(default\)\n {4}line 1 /);
  });

  it('reads compressed logs, prints JSON, and fails above a number of flips', async () => {
    const { stdout, code } = await replay('log.jsonl.gz', '--rules', 'ham', '--json', '--fail-on', '1');
    expect(code).to.equal(1);
    expect(JSON.parse(stdout)).to.deep.include({ lines: 3, judged: 3, flips: 2 });
  });

  it('fails when nothing could be judged: that would prove nothing', async () => {
    writeFileSync(join(folder, 'other.jsonl'), 'something else\n');
    const { stdout, code } = await replay('other.jsonl', '--rules', 'ham');
    expect(code).to.equal(1);
    expect(stdout).to.contain('1  it is no line of a decision log');
  });

  it('says what is wrong with the log or the rules', async () => {
    const absent = await replay('absent.jsonl', '--rules', 'ham');
    expect(absent).to.include({ code: 1 }).and.property('stderr').to.contain('absent.jsonl cannot be read');
    writeFileSync(join(folder, 'ham', 'broken.yaml'), 'rules: [{ id: x }]');
    const broken = await replay('log.jsonl', '--rules', 'ham');
    rmSync(join(folder, 'ham', 'broken.yaml'));
    expect(broken)
      .to.include({ code: 1 })
      .and.property('stderr')
      .to.contain('ham/broken.yaml:1:9 error missing-key');
  });
});
