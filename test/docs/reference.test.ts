import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { referencePages } from '../../scripts/reference.js';
import { projectRoot } from '../support/paths.js';

const folder = join(projectRoot, 'docs', 'reference');

describe('the reference pages', () => {
  for (const [name, text] of referencePages()) {
    it(`${name} is up to date (else run \`npm run docs\`)`, () => {
      expect(readFileSync(join(folder, name), 'utf8')).to.equal(text);
    });
  }

  it('are all there is in docs/reference', () => {
    expect(readdirSync(folder).sort()).to.deep.equal([...referencePages().keys()].sort());
  });
});
