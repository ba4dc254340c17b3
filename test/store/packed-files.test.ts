import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import type { KeptFile } from '../../store/last-good.js';
import { packFiles, unpackFiles, UnusablePack } from '../../store/packed-files.js';

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('packed rule files', () => {
  const FILES: readonly KeptFile[] = [
    { file: 'a.yaml', role: 'rules', text: 'rules: []\n' },
    { file: 'lists/b.txt', role: 'list', text: '坏词\n' },
  ];

  it('are unpacked as they were packed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            file: fc.string({ minLength: 1 }),
            role: fc.constantFrom('rules' as const, 'list' as const),
            text: fc.string({ unit: 'grapheme' }),
          }),
          { selector: ({ file }) => file },
        ),
        async (files) => {
          const unpacked = await unpackFiles(await packFiles(files));
          expect(unpacked).to.have.deep.members(files);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are the same bytes in whatever order they come', async () => {
    expect(await packFiles([...FILES].reverse())).to.deep.equal(await packFiles(FILES));
  });

  it('are refused when they were cut off or are something else', async () => {
    const packed = await packFiles(FILES);
    const damaged = [
      packed.subarray(0, packed.length - 3),
      Buffer.alloc(0),
      Buffer.from('text'),
      gzipSync('no JSON'),
      gzipSync('{"format":1,"files":[{"file":"a.yaml","role":"other","text":""}]}'),
    ];
    for (const bytes of damaged) {
      expect(await failureOf(unpackFiles(bytes))).to.be.instanceOf(UnusablePack);
    }
  });

  it('of another format say so', async () => {
    const failure = await failureOf(unpackFiles(gzipSync('{"format":2}')));
    expect(failure).to.be.instanceOf(UnusablePack);
    expect(String(failure)).to.contain('of format 2, and this Callgate reads 1');
  });

  it('that would fill the memory are not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    expect(await failureOf(unpackFiles(bomb, 999_999))).to.be.instanceOf(UnusablePack);
    const tooLarge = await failureOf(packFiles(FILES, 10));
    expect(tooLarge).to.be.instanceOf(RangeError);
  });
});
