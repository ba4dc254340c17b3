import { expect } from 'chai';
import fc from 'fast-check';
import type { List } from '../../engine/list.js';
import { NO_MEMORY } from '../../engine/memory.js';
import { parseSuite } from '../../cli/suite/parse.js';
import { CASE_SHAPE, REQUEST_SHAPE, SUITE_SHAPE, WANT_SHAPE } from '../../cli/suite/shapes.js';
import type { Problem } from '../../engine/problem.js';
import { createBench, failuresOf, runSuiteText } from './bench.js';

const GIVEN = 'given: { event.kind: block.add }';

const MISTAKES: readonly (readonly [title: string, suite: string, problems: readonly string[]])[] = [
  ['no cases', 'clock: 2026-01-01', ['1:1 missing-key `cases` is missing in a test suite.']],
  [
    'a misspelt key',
    'case: []\ncases: [{ name: n, GIVEN, want: none }]',
    ['1:1 unknown-key Unknown key `case` in a test suite.'],
  ],
  [
    'an unknown app',
    'app: x\ncases: [{ name: n, GIVEN, want: none }]',
    ['1:6 wrong-value There is no app `x` in the configuration.'],
  ],
  [
    'a clock that is no time',
    'clock: noon\ncases: [{ name: n, GIVEN, want: none }]',
    ['1:8 wrong-type Expected a moment.'],
  ],
  [
    'neither facts nor request',
    'cases: [{ name: n, want: none }]',
    ['1:9 missing-key `given` or `request` is missing in a case.'],
  ],
  [
    'both',
    'cases: [{ name: n, GIVEN, request: {}, want: none }]',
    ['1:20 wrong-value A case has `given` or `request`, not both.'],
  ],
  [
    'an event without a kind',
    'cases: [{ name: n, given: {}, want: none }]',
    ['1:27 missing-key `event.kind` is missing.'],
  ],
  [
    'facts that are none',
    'cases: [{ name: n, given: 3, want: none }]',
    ['1:27 wrong-type Expected facts and their values, found a number.'],
  ],
  [
    'an unknown kind',
    'cases: [{ name: n, given: { event.kind: block.ad }, want: none }]',
    ['1:41 unknown-kind Unknown event kind `block.ad`.'],
  ],
  [
    'a misspelt fact',
    'cases: [{ name: n, given: { event.kind: block.add, target.idd: x }, want: none }]',
    ['1:52 unknown-fact Unknown fact `target.idd`.'],
  ],
  [
    'a fact of other kinds',
    'cases: [{ name: n, given: { event.kind: block.add, message.text: x }, want: none }]',
    ['1:52 fact-not-in-kind Events of the kind `block.add` never carry `message.text`.'],
  ],
  [
    'a value that a fact never has',
    'cases: [{ name: n, given: { event.kind: message.send, conversation.type: dirct }, want: none }]',
    ['1:74 wrong-value `conversation.type` is never `dirct`.'],
  ],
  [
    'a fact of the wrong type',
    'cases: [{ name: n, given: { event.kind: block.add, actor.isAdmin: 1 }, want: none }]',
    ['1:67 wrong-type `actor.isAdmin` is a boolean.'],
  ],
  [
    'a wrong target',
    'cases: [{ name: n, given: { event.kind: block.add, targets: [{ message.text: x }] }, want: none }]',
    ['1:64 fact-not-in-kind Events of the kind `block.add` never carry `message.text`.'],
  ],
  [
    'a verdict that does not exist',
    'cases: [{ name: n, GIVEN, want: refused }]',
    ['1:60 wrong-value `refused` is not possible here.'],
  ],
  ['nothing wanted', 'cases: [{ name: n, GIVEN, want: {} }]', ['1:60 empty-group The case wants nothing.']],
  [
    'a rule that does not exist',
    'cases: [{ name: n, GIVEN, want: { rule: friend-stays } }]',
    ['1:68 wrong-value There is no rule `friend-stays`.'],
  ],
  [
    'a matched rule that does not exist',
    'cases: [{ name: n, GIVEN, want: { matched: [seen, sen] } }]',
    ['1:78 wrong-value There is no rule `sen`.'],
  ],
  [
    'a reply to facts',
    'cases: [{ name: n, GIVEN, want: { reply: {} } }]',
    ['1:62 wrong-value Only a request has a `reply`.'],
  ],
  [
    'a wish for a target that is none',
    'cases: [{ name: n, GIVEN, want: { targets: { bob: , eve: 3 } } }]',
    [
      '1:73 wrong-type Expected a verdict, found nothing.',
      '1:85 wrong-type Expected what is wanted for a target, found a number.',
    ],
  ],
  [
    'a failure that does not exist',
    'cases: [{ name: n, request: { body: {} }, want: { failure: no-comand } }]',
    ['1:60 wrong-value `no-comand` is not possible here.'],
  ],
  [
    'a request without a body',
    'cases: [{ name: n, request: {}, want: none }]',
    ['1:29 missing-key `body` or `file` is missing in `request`.'],
  ],
  [
    'a platform that does not exist',
    'cases: [{ name: n, request: { platform: tencnt, body: {} }, want: none }]',
    ['1:41 wrong-value `tencnt` is not possible here.'],
  ],
  [
    'a header that is no text',
    'cases: [{ name: n, request: { headers: { a: [] }, body: {} }, want: none }]',
    ['1:45 wrong-type Expected a text that is not empty, found a list.'],
  ],
  [
    'an unknown value of a table',
    "cases: [{ name: n, each: [{ who: a }], given: { event.kind: block.add, target.id: '{{whom}}' }, want: none }]",
    ['1:29 unknown-key Nothing in the case uses `who`.', '1:83 wrong-value Row 1 has no `whom` for {{ }}.'],
  ],
  [
    'a table without rows',
    'cases: [{ name: n, each: [], GIVEN, want: none }]',
    ['1:26 empty-group The list is empty.'],
  ],
  [
    'the same mistake in every row',
    "cases: [{ name: '{{a}}', each: [{ a: x }, { a: y }], given: { event.kind: block }, want: none }]",
    ['1:75 unknown-kind Unknown event kind `block`.'],
  ],
  ['broken YAML', 'cases: [', ['1:9 yaml-syntax']],
];

describe('a suite with mistakes', () => {
  for (const [title, suite, problems] of MISTAKES) {
    it(`tells where it has ${title}`, async () => {
      const run = await runSuiteText(suite.replace('GIVEN', GIVEN));
      expect(run.suites).to.deep.equal([]);
      const found = failuresOf(run);
      expect(found).to.have.length(problems.length);
      for (const [index, problem] of problems.entries())
        expect(found[index]).to.satisfy((text: string) => text.startsWith(problem), found[index]);
    });
  }

  it('tells which body file is missing or no JSON', async () => {
    const suite = 'cases: [{ name: n, request: { file: b.json }, want: none }]';
    expect(failuresOf(await runSuiteText(suite))[0]).to.match(
      /^1:37 file-unreadable `b.json` cannot be read: ENOENT/,
    );
    expect(failuresOf(await runSuiteText(suite, { 'b.json': '{' }))[0]).to.match(
      /^1:37 file-unreadable `b.json` cannot be read: /,
    );
  });

  it('suggests what may be meant', async () => {
    const { problems } = await runSuiteText(
      'cases: [{ name: n, given: { event.kind: block.add }, want: { tags: x } }]',
    );
    expect(problems.map(({ hint }) => hint)).to.deep.equal(['Did you mean `tag`?']);
  });

  it('is not run, and neither are the others: a half run looks like a whole one', async () => {
    const bench = await createBench({
      'good.test.yaml': `cases: [{ name: n, ${GIVEN}, want: none }]`,
      'bad.test.yaml': 'cases: 3',
    });
    const run = await bench.run();
    bench.remove();
    expect(run.suites).to.deep.equal([]);
    expect(run.problems).to.have.length(1);
  });
});

describe('the reader of suites', () => {
  const names = [SUITE_SHAPE, CASE_SHAPE, REQUEST_SHAPE, WANT_SHAPE].flatMap((shape) => Object.keys(shape));
  const word = fc.constantFrom('refuse', 'none', 'block.add', '{{a}}', 'im', '2026-01-01', ...names);
  const { data } = fc.letrec<{ data: unknown }>((tie) => ({
    data: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom<unknown>(null, true, 0, ''),
      word,
      fc.array(tie('data'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('event.kind', 'a', ...names), tie('data'), { maxKeys: 5 }),
    ),
  }));

  it('reads whatever YAML can say, and reports what it does not take (property)', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          data,
          data.map((cases) => ({ cases })),
          data.map((one) => ({ cases: [one] })),
        ),
        (value) => {
          const problems: Problem[] = [];
          const context = {
            apps: [],
            ruleIds: [],
            lists: new Map<string, List>(),
            memory: NO_MEMORY,
            readJson: () => null,
          };
          const cases = parseSuite(
            { file: 'f', path: [], value },
            context,
            (problem) => void problems.push(problem),
          );
          expect(cases.length + problems.length).to.be.greaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});
