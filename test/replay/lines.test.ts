import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { linesIn, openLines } from '../../cli/replay/lines.js';
import { barOf, createProgress } from '../../cli/replay/progress.js';
import { UserError } from '../../cli/suite/user-error.js';

async function all<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the lines of a log', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'callgate-replay-'))));
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('are the same however the bytes arrive', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), chunks, async (text, cuts) => {
        const bytes = Buffer.from(text);
        const pieces: Buffer[] = [];
        let at = 0;
        for (const { length } of cuts) {
          pieces.push(bytes.subarray(at, at + length));
          at += length;
        }
        pieces.push(bytes.subarray(at));
        const expected = text.split('\n');
        if (expected.at(-1) === '') expected.pop();
        const source = Readable.from(
          pieces.filter(({ length }) => length > 0),
          { objectMode: false },
        );
        expect(await all(linesIn(source))).to.deep.equal(expected);
      }),
    );
  });

  it('that are too long are told, and not kept', async () => {
    const source = Readable.from(['ok\n', 'x'.repeat(8), 'x'.repeat(8), 'x\nfine\n', 'y'.repeat(11)]);
    expect(await all(linesIn(source, 'test', 10))).to.deep.equal(['ok', null, 'fine', null]);
  });

  it('come out of files, plain and compressed', async () => {
    expect(await all((await openLines(file('a.jsonl', 'a\nb'))).lines)).to.deep.equal(['a', 'b']);
    const { lines, progress } = await openLines(file('a.jsonl.gz', gzipSync('a\nb\n')));
    expect(await all(lines)).to.deep.equal(['a', 'b']);
    expect(progress()).to.equal(1);
  });

  it('are refused with a reason where there are none to be read', async () => {
    const absent = await rejection(openLines(join(folder, 'absent.jsonl')));
    expect(absent).to.be.instanceOf(UserError).with.property('message').that.contains('absent.jsonl');
    const { lines } = await openLines(file('broken.gz', 'no gzip'));
    expect(await rejection(all(lines))).to.be.instanceOf(UserError);
    const cut = gzipSync('a\n'.repeat(10_000));
    const { lines: half } = await openLines(file('cut.gz', cut.subarray(0, cut.length - 8)));
    expect(await rejection(all(half))).to.be.instanceOf(UserError);
  });
});

describe('the progress bar', () => {
  it('shows the share that is done', () => {
    expect(barOf(0.5, 1000)).to.equal('[###############...............]  50 %  1,000 lines');
    expect(barOf(1, 1_234_567)).to.equal('[##############################] 100 %  1,234,567 lines');
    expect(barOf(undefined, 7)).to.equal('7 lines');
  });

  it('is for terminals only', () => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    const silent = createProgress({ write }, () => 0.5);
    silent.onLine(256);
    silent.end();
    expect(written).to.deep.equal([]);
    let moment = 0;
    const shown = createProgress(
      { write, isTTY: true },
      () => 0.5,
      () => moment,
    );
    shown.onLine(255);
    shown.onLine(256);
    moment = 99;
    shown.onLine(512);
    moment = 100;
    shown.onLine(768);
    shown.end();
    expect(written).to.have.lengthOf(3);
    expect(written[0]).to.contain('50 %  256 lines');
  });
});
