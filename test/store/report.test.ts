import { expect } from 'chai';
import type { LocatedProblem } from '../../engine/problem.js';
import { formatProblems, sortProblems, summarize } from '../../store/report.js';

function problem(
  file: string,
  line: number,
  column: number,
  more: Partial<LocatedProblem> = {},
): LocatedProblem {
  return {
    code: 'unknown-fact',
    severity: 'error',
    file,
    path: [],
    line,
    column,
    frame: '',
    message: 'No.',
    ...more,
  };
}

describe('report', () => {
  it('leaves a path as it is that does not lie in the folder', () => {
    const text = formatProblems([problem('/var/kept.json', 1, 1)], { folder: 'rules' });
    expect(text).to.match(/^\/var\/kept\.json:1:1 error/);
  });

  it('gives each problem a heading, the lines around and a hint, and counts them', () => {
    const frame = '> 12 | fact: x\n     |       ^';
    const problems = [
      problem('spam.yaml', 12, 9, { message: 'Unknown fact `x`.', frame, hint: 'Did you mean `y`?' }),
      problem('a.yaml', 1, 1, { severity: 'warning', code: 'cannot-carry', message: 'Not there.' }),
    ];
    expect(formatProblems(problems, { folder: 'rules' })).to.equal(
      [
        'rules/a.yaml:1:1 warning cannot-carry  Not there.',
        '',
        'rules/spam.yaml:12:9 error unknown-fact  Unknown fact `x`.',
        '> 12 | fact: x',
        '     |       ^',
        '  hint: Did you mean `y`?',
        '',
        '1 error, 1 warning in 2 files',
      ].join('\n'),
    );
  });

  it('is empty without problems', () => {
    expect(formatProblems([])).to.equal('');
  });

  it('names the folder itself', () => {
    expect(formatProblems([problem('.', 1, 1)], { folder: 'rules/' })).to.match(/^rules\/:1:1 error/);
  });

  it('sorts by file, line, column and code', () => {
    const sorted = [
      problem('B', 9, 9),
      problem('a', 1, 2, { code: 'missing-key' }),
      problem('a', 1, 2, { code: 'unknown-key' }),
      problem('a', 2, 1),
      problem('a', 10, 1),
      problem('b', 1, 1),
    ];
    expect(sortProblems(sorted.toReversed())).to.deep.equal(sorted);
  });

  it('counts in words', () => {
    expect(summarize([problem('a', 1, 1), problem('a', 2, 1)])).to.equal('2 errors in 1 file');
    expect(summarize([problem('a', 1, 1, { severity: 'warning' })])).to.equal('1 warning in 1 file');
  });

  it('lets nothing from a file steer the terminal', () => {
    const report = formatProblems([problem('a\u001b[2J', 1, 1, { message: 'x\ny', hint: '\u0007' })]);
    expect(report.split('\n')).to.deep.equal([
      'a\uFFFD[2J:1:1 error unknown-fact  x\uFFFDy',
      '  hint: \uFFFD',
      '',
      '1 error in 1 file',
    ]);
  });
});
