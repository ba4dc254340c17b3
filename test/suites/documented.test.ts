import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../support/paths.js';
import { blocksOf, runDocumented, steady, writeBlock } from './documented.js';

/** Pages whose files and commands are a session that a reader can follow. */
const PAGES = ['writing-rules.md', 'testing-rules.md', 'remembering.md'];

for (const page of PAGES) {
  describe(`docs/${page}`, () => {
    const blocks = blocksOf(readFileSync(join(projectRoot, 'docs', page), 'utf8'));
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'callgate-docs-'));
    });
    after(() => rmSync(folder, { recursive: true }));

    for (const block of blocks) {
      if (block.type === 'file') it(`has the reader write ${block.name}`, () => writeBlock(folder, block));
      else {
        it(`shows what comes of \`${block.command}\``, async () => {
          expect(steady(await runDocumented(block.command, folder))).to.equal(steady(block.output));
        });
      }
    }
  });
}
