import { expect } from 'chai';
import fc from 'fast-check';
import type { Destination } from '../../server/decision-log/destination.js';
import { createLineWriter } from '../../server/decision-log/line-writer.js';

interface Rig {
  readonly written: () => string;
  readonly losses: (readonly [lines: number, reason: string])[];
  readonly writer: ReturnType<typeof createLineWriter>;
  /** Resolves at the first loss. */
  readonly lost: Promise<void>;
}

/** A writer onto a destination that takes the given share of each write; an error refuses it. */
function rig(outcomes: readonly (number | Error)[] = [], capacity = 1000): Rig {
  const chunks: Buffer[] = [];
  const losses: (readonly [number, string])[] = [];
  const queue = [...outcomes];
  const destination: Destination = {
    write(bytes) {
      const outcome = queue.shift() ?? bytes.length;
      if (outcome instanceof Error) return Promise.reject(outcome);
      chunks.push(bytes.subarray(0, outcome));
      return Promise.resolve(Math.min(outcome, bytes.length));
    },
    close: () => Promise.resolve(),
  };
  let tellLoss = (): void => undefined;
  const lost = new Promise<void>((resolve) => (tellLoss = resolve));
  const writer = createLineWriter({
    destination,
    capacity,
    onLoss: (lines, reason) => {
      losses.push([lines, reason]);
      tellLoss();
    },
    collect: 0,
    pause: 0,
  });
  return { written: () => Buffer.concat(chunks).toString('utf8'), losses, writer, lost };
}

const failure = (code: string) => Object.assign(new Error(code), { code });

describe('the line writer', () => {
  it('writes lines in order, in batches, in the background', async () => {
    const { writer, written, losses } = rig();
    for (const line of ['a', 'b', 'c']) writer.push(line);
    expect(written()).to.equal('');
    expect(writer.counts().waiting).to.equal(3);
    await writer.close(60_000);
    expect(written()).to.equal('a\nb\nc\n');
    expect(writer.counts()).to.deep.equal({ written: 3, dropped: 0, failed: 0, waiting: 0 });
    expect(losses).to.deep.equal([]);
  });

  it('keeps lines of any length and script whole and in order', async () => {
    const line = fc.string({ unit: 'binary', maxLength: 3000 }).map((text) => text.replaceAll('\n', ' '));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), async (lines) => {
        const { writer, written } = rig([], 2 ** 24);
        for (const each of lines) writer.push(each);
        await writer.close(60_000);
        expect(written()).to.equal(Buffer.from(lines.map((each) => `${each}\n`).join('')).toString());
        expect(writer.counts()).to.deep.equal({ written: lines.length, dropped: 0, failed: 0, waiting: 0 });
      }),
    );
  });

  it('drops and counts what does not fit into its memory', async () => {
    const { writer, written, losses } = rig([], 10);
    for (const line of ['1234', '5678', 'x', 'y']) writer.push(line);
    expect(losses).to.deep.equal([
      [1, 'full'],
      [1, 'full'],
    ]);
    await writer.close(60_000);
    expect(written()).to.equal('1234\n5678\n');
    expect(writer.counts()).to.include({ written: 2, dropped: 2 });
  });

  it('measures lines in bytes', async () => {
    const { writer, written } = rig([], 10);
    for (const line of ['世界世', '世界', 'x']) writer.push(line);
    await writer.close(60_000);
    expect(written()).to.equal('世界世\n');
    expect(writer.counts()).to.include({ written: 1, dropped: 2 });
  });

  it('counts what the destination refused, and goes on', async () => {
    const { writer, written, losses, lost } = rig([failure('EACCES')]);
    writer.push('lost');
    await lost;
    writer.push('kept');
    await writer.close(60_000);
    expect(written()).to.equal('kept\n');
    expect(losses).to.deep.equal([[1, 'EACCES']]);
    expect(writer.counts()).to.include({ written: 1, failed: 1 });
  });

  it('counts the lines that a full disk cut off, and ends the broken one', async () => {
    const { writer, written, losses, lost } = rig([9]);
    for (const line of ['first', 'second', 'third']) writer.push(line);
    await lost;
    writer.push('fourth');
    await writer.close(60_000);
    expect(written()).to.equal('first\nsec\nfourth\n');
    expect(losses).to.deep.equal([[2, 'ENOSPC']]);
    expect(writer.counts()).to.deep.equal({ written: 2, dropped: 0, failed: 2, waiting: 0 });
  });

  it('gives up on a destination that does not come to an end', async () => {
    const losses: unknown[] = [];
    const writer = createLineWriter({
      destination: { write: () => new Promise(() => undefined), close: () => Promise.resolve() },
      capacity: 1000,
      onLoss: (...loss) => losses.push(loss),
    });
    writer.push('a');
    writer.push('b');
    await writer.close(1);
    expect(losses).to.deep.equal([[2, 'stopped']]);
    writer.push('c');
    expect(writer.counts().dropped).to.equal(1);
  });
});
