import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { percentOf } from '../../cli/suite/coverage.js';
import { coverageTable } from '../../cli/suite/coverage-table.js';
import { diffLines, showDifference } from '../../cli/suite/diff.js';
import { junitOf } from '../../cli/suite/junit.js';
import { reportRun } from '../../cli/suite/report.js';
import { coloured, paintFor, plain } from '../../cli/suite/style.js';
import { createBench, type TestBench } from './bench.js';

const SUITE = `cases:
  - name: bob may be blocked
    given: { event.kind: block.add, actor.id: alice, target.id: bob, actor.isAdmin: true }
    want: { rule: friends-stay }
  - name: "dave <may>"
    given: { event.kind: block.add, actor.id: alice, target.id: dave }
    want: none
  - name: a reply
    request:
      app: im
      body: { callbackCommand: callbackBeforeAddBlackCommand, ownerUserID: alice, blackUserID: bob }
    want:
      reply: { nextCode: 1, actionCode: 0, errCode: 5008, errMsg: Not bob., errDlt: d }
`;

const REPORT = `a.test.yaml
  ✗ bob may be blocked
  ✓ dave <may>
  ✗ a reply

1) a.test.yaml:2:5  bob may be blocked
   rule (4:19)
     want "friends-stay"
     got  nothing
   No rule decided.
   friends-stay does not match.
   It would match if this were otherwise:
     rules.yaml:5:13  actor.isAdmin equal true
       is true (within a not): actor.isAdmin is true

2) a.test.yaml:8:5  a reply
   reply (13:14)
     - want  + got
       {
         "nextCode": 1,
         "actionCode": 0,
     -   "errCode": 5008,
     +   "errCode": 5007,
         "errMsg": "Not bob.",
         "errDlt": "d"
       }

2 failed, 1 passed in 1 suite, TIME s`;

describe('the report of a run', () => {
  let bench: TestBench;
  before(async () => {
    bench = await createBench({ 'a.test.yaml': SUITE });
  });
  after(() => bench.remove());

  it('ticks the cases and tells of each failure the place, the difference and the reason', async () => {
    const text = await reportRun(await bench.run(), bench.bench, plain);
    expect(bench.withoutFolder(text).replace(/\d\.\d\d s/, 'TIME s')).to.equal(REPORT);
  });

  it('counts what a filter left out', async () => {
    const run = await bench.run({ filter: 'DAVE' });
    const text = await reportRun(run, bench.bench, plain);
    expect(text).to.match(/\n\n1 passed, 2 left out in 1 suite, /);
  });

  it('is the same with colours, apart from them', async () => {
    const run = await bench.run();
    const painted = await reportRun(run, bench.bench, coloured);
    expect(painted).to.include('\u001b[32m✓\u001b[39m');
    expect(stripVTControlCharacters(painted)).to.equal(await reportRun(run, bench.bench, plain));
  });

  it('has colours on a terminal only, and not against NO_COLOR', () => {
    expect(paintFor({ isTTY: true }, {})).to.equal(coloured);
    expect(paintFor({ isTTY: true }, { NO_COLOR: '' })).to.equal(coloured);
    expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })).to.equal(plain);
    expect(paintFor({}, {})).to.equal(plain);
  });

  it('is JUnit XML on demand', async () => {
    const xml = bench.withoutFolder(junitOf(await bench.run())).replace(/time="[\d.]+"/g, 'time=""');
    expect(xml.split('\n').slice(0, 9)).to.deep.equal([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="callgate" tests="3" failures="2" errors="0" time="">',
      '  <testsuite name="a.test.yaml" file="a.test.yaml" tests="3" failures="2" errors="0" time="">',
      '    <testcase name="bob may be blocked" classname="a.test.yaml" file="a.test.yaml" line="2">',
      '      <failure message="rule came out otherwise">rule',
      'want &quot;friends-stay&quot;',
      'got  nothing</failure>',
      '    </testcase>',
      '    <testcase name="dave &lt;may&gt;" classname="a.test.yaml" file="a.test.yaml" line="5"/>',
    ]);
  });
});

describe('a difference', () => {
  it('is two lines where the values are small', () => {
    expect(showDifference('a', null, plain)).to.deep.equal(['want "a"', 'got  nothing']);
  });

  it('keeps what both have in common', () => {
    expect(diffLines(['a', 'b', 'c', 'd'], ['a', 'c', 'x', 'd', 'e'])).to.deep.equal([
      '  a',
      '- b',
      '  c',
      '+ x',
      '  d',
      '+ e',
    ]);
  });

  it('shows both as a whole where they are too long to be compared', () => {
    const want = Array.from({ length: 401 }, () => 'x');
    expect(diffLines(want, ['x'])).to.have.length(402);
  });
});

describe('coverage', () => {
  async function coverageOf(files: Readonly<Record<string, string>>, rules?: string) {
    const bench = await createBench(files, rules === undefined ? {} : { rules });
    const { coverage } = await bench.run({ coverage: true });
    bench.remove();
    if (coverage === undefined) throw new Error('no coverage');
    return { coverage, table: bench.withoutFolder(coverageTable(coverage, bench.bench, plain)) };
  }

  const RULES = `
conditions:
  both: { fact: actor.id, operator: equal, value: a }
rules:
  - id: shared-1
    on: block.add
    stage: before
    when: { all: [{ condition: both }, { fact: target.id, operator: equal, value: b }] }
    then: { refuse: true }
    examples:
      - { given: { actor.id: a, target.id: b }, expect: refuse }
  - id: shared-2
    on: message.send
    when: { condition: both }
    then: { tag: x }
  - id: every
    on: message.send
    when: always
    then: { allow: true }
  - id: late
    on: message.send
    priority: -1
    when: { fact: actor.id, operator: exists, value: true }
    then: { tag: x }
  - id: not-in-force
    on: message.send
    mode: off
    when: always
    then: { tag: x }
`;

  it('counts what examples and cases have shown, and points at what nothing has shown', async () => {
    const suite = 'cases: [{ name: n, given: { event.kind: message.send, actor.id: c }, want: allow }]';
    const { coverage, table } = await coverageOf({ 'a.test.yaml': suite }, RULES);
    expect(table).to.equal(`Coverage
  rule      matched  not matched  conditions
  shared-1        1            0         1/2
  shared-2        0            1         1/1
  every           1            -           -
  late            0            0         0/1

Not seen in any test:
  rules.yaml:12:5  shared-2 never matches
  rules.yaml:20:5  late always matches
  rules.yaml:20:5  late never matches
  rules.yaml:23:11  actor.id exists true is never false
  rules.yaml:23:11  actor.id exists true is never true
  rules.yaml:5:5  shared-1 always matches
  rules.yaml:8:40  target.id equal "b" is never false

Coverage 46.1 %: 6 of 13 outcomes seen`);
    expect(percentOf(coverage)).to.equal(46.1);
  });

  it('is full only when everything was seen', async () => {
    expect(percentOf({ seen: 9_999, total: 10_000 })).to.equal(99.9);
    expect(percentOf({ seen: 0, total: 0 })).to.equal(100);
    const { table } = await coverageOf(
      {},
      'rules: [{ id: r, on: message.send, when: always, then: { allow: true }, examples: [{ given: {}, expect: allow }] }]',
    );
    expect(table).to.match(/ -\n\nCoverage 100 %: 1 of 1 outcomes seen$/);
  });
});
