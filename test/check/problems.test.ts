import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { problemsPage } from '../../scripts/problems.js';
import { checkExample, EXAMPLE_CODES, EXAMPLES_FOLDER, filesOf } from '../../scripts/problem-fixtures.js';
import { projectRoot } from '../support/paths.js';

describe('the examples of problems', () => {
  it('are there for every code that a file can bring about', () => {
    expect(readdirSync(EXAMPLES_FOLDER).sort()).to.deep.equal([...EXAMPLE_CODES].sort());
  });

  for (const code of EXAMPLE_CODES) {
    it(`${code}: the bad one gives this code and no other, with a place`, async () => {
      const { problems } = await checkExample(code, 'bad');
      expect(new Set(problems.map((problem) => problem.code))).to.deep.equal(new Set([code]));
      for (const problem of problems) expect(problem).to.include.keys('line', 'column');
    });

    it(`${code}: the good one gives nothing`, async () => {
      expect(filesOf(code, 'good')).not.to.be.empty;
      expect((await checkExample(code, 'good')).problems).to.deep.equal([]);
    });
  }
});

describe('docs/problems.md', () => {
  it('is up to date (else run `npm run docs`)', async () => {
    expect(readFileSync(join(projectRoot, 'docs', 'problems.md'), 'utf8')).to.equal(await problemsPage());
  });
});
