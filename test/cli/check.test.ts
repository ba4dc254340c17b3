import { expect } from 'chai';
import { reportOf } from '../../cli/check-report.js';
import type { LocatedProblem } from '../../engine/problem.js';
import { runCallgate, type Ended } from '../support/process.js';
import { createTempFolder, type TempFolder } from '../store/temp-folder.js';

const CONFIG = `
rules: rules
apps:
  - { id: chat, platform: openim, path: /openim }
`;

const GOOD_RULE = `
rules:
  - id: no-mallory
    on: message.send
    when: { fact: actor.id, operator: equal, value: mallory }
    then: { refuse: true }
    examples:
      - { given: { actor.id: mallory }, expect: refuse }
`;

describe('callgate check', () => {
  let folder: TempFolder;
  beforeEach(() => {
    folder = createTempFolder();
    folder.write('config.yaml', CONFIG);
    folder.write('rules/rules.yaml', GOOD_RULE);
  });
  afterEach(() => folder.remove());

  const check = (...options: readonly string[]): Promise<Ended> =>
    runCallgate(['check', ...options], { cwd: folder.path }).ended;

  it('says that all is well, and what there is', async () => {
    const { code, stdout } = await check();
    expect(stdout).to.match(/^No problems: 1 rule in 1 file, 0 lists, revision [0-9a-f]{12}\.\n$/);
    expect(code).to.equal(0);
  });

  it('tells all mistakes of configuration and rules at once, sorted, with frames and hints', async () => {
    folder.write('config.yaml', `${CONFIG}adnim: {}\n`);
    folder.write('rules/a.yaml', 'rules:\n  - id: a\n    on: mesage.send\n');
    folder.write(
      'rules/b.yaml',
      GOOD_RULE.replace('actor.id, op', 'actor.idd, op').replace('no-mallory', 'b'),
    );
    const { code, stdout } = await check();
    const heads = stdout.split('\n').filter((line) => / (error|warning) [a-z-]+ {2}/.test(line));
    expect(heads.map((line) => line.replace(/ {2}.*/, ''))).to.deep.equal([
      'config.yaml:5:1 error unknown-key',
      'rules/a.yaml:2:5 error missing-key',
      'rules/a.yaml:2:5 error missing-key',
      'rules/a.yaml:3:9 error unknown-kind',
      'rules/b.yaml:5:19 error unknown-fact',
    ]);
    expect(stdout).to.include('> 3 |     on: mesage.send\n    |         ^\n');
    expect(stdout).to.include('hint: Did you mean `actor.id`?');
    expect(stdout).to.match(/5 errors in 3 files\n$/);
    expect(code).to.equal(1);
  });

  it('succeeds with warnings, unless it is strict', async () => {
    folder.write('rules/rules.yaml', `lists: { unused: [a] }${GOOD_RULE}`);
    const { code, stdout } = await check();
    expect(stdout).to.include('rules/rules.yaml:1:10 warning unused-list');
    expect(code).to.equal(0);
    expect((await check('--strict')).code).to.equal(1);
  });

  it('prints JSON', async () => {
    folder.write('rules/rules.yaml', `lists: { unused: [a] }${GOOD_RULE}`);
    const { stdout } = await check('--json');
    const report: unknown = JSON.parse(stdout);
    expect(report).to.deep.include({ ok: true, errors: 0, warnings: 1 });
    expect(report)
      .to.have.property('problems')
      .with.nested.property('[0]')
      .that.includes({ code: 'unused-list', file: 'rules/rules.yaml', line: 1, column: 10 });
  });

  it('prints workflow commands for GitHub', async () => {
    folder.write('rules/rules.yaml', GOOD_RULE.replace('refuse: true', 'refuze: true'));
    const { code, stdout } = await check('--format', 'github');
    expect(stdout).to.match(/^::error file=rules\/rules.yaml,line=6,col=13,title=unknown-key::Unknown key/m);
    expect(code).to.equal(1);
  });

  it('tells that there is no configuration', async () => {
    const { code, stdout } = await check('--config', 'nowhere.yaml');
    expect(stdout).to.include('nowhere.yaml:1:1 error file-unreadable');
    expect(code).to.equal(1);
  });

  it('checks the shipped rules without a warning', async () => {
    folder.remove();
    folder = createTempFolder();
    const { code, stdout } = await check('--strict');
    expect(stdout).to.match(/^No problems: /);
    expect(code).to.equal(0);
  });
});

describe('a workflow command', () => {
  const problem: LocatedProblem = {
    code: 'unknown-fact',
    severity: 'warning',
    file: 'a,b: 100%/rules.yaml',
    path: [],
    line: 3,
    column: 7,
    message: 'Unknown fact: `a,b` is 100% wrong.',
    hint: 'Did you mean `c`?',
    frame: '',
  };

  it('escapes what GitHub would take for its own', () => {
    expect(reportOf({ problems: [problem], rules: null }, 'github').split('\n')[0]).to.equal(
      '::warning file=a%2Cb%3A 100%25/rules.yaml,line=3,col=7,title=unknown-fact::' +
        'Unknown fact: `a,b` is 100%25 wrong.%0ADid you mean `c`?',
    );
  });

  it('cannot be forged by what stands in a file', () => {
    const forged = { ...problem, message: 'a\n::error file=x::b\r\u001b[31m' };
    const lines = reportOf({ problems: [forged], rules: null }, 'github').split('\n');
    expect(lines.filter((line) => line.startsWith('::'))).to.have.lengthOf(1);
    expect(lines.join('')).not.to.match(/\p{Cc}/u);
  });
});
