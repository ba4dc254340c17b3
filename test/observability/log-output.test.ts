import { expect } from 'chai';
import { createLogOutput, type Descriptors } from '../../server/log-output.js';

/** What the system answers, in turn; a number takes so many bytes. After the last, it takes everything. */
type Answer = 'EAGAIN' | 'ENOSPC' | number;

const errorOf = (code: string): Error => Object.assign(new Error(code), { code });

function answering(answers: readonly Answer[]) {
  const left = [...answers];
  const pieces: string[] = [];
  let onWrite = (): void => undefined;
  const take = (bytes: Buffer): number => {
    const answer = left.shift() ?? bytes.length;
    if (typeof answer === 'string') throw errorOf(answer);
    pieces.push(bytes.toString('utf8', 0, answer));
    return Math.min(answer, bytes.length);
  };
  const descriptors: Descriptors = {
    write: (_, bytes, done) =>
      void setImmediate(() => {
        try {
          done(null, take(bytes));
        } catch (error) {
          done(error instanceof Error ? error : errorOf('?'), 0);
        }
        onWrite();
      }),
    writeSync: (_, bytes) => take(bytes),
  };
  return {
    output: createLogOutput(2, descriptors),
    pieces,
    text: () => pieces.join(''),
    /** Resolves when that has been written. */
    until: (isWanted: (text: string) => boolean) =>
      new Promise<void>((resolve) => {
        onWrite = () => {
          if (isWanted(pieces.join(''))) resolve();
        };
        onWrite();
      }),
  };
}

describe('the output of the program log', () => {
  it('writes lines in their order, in pieces that a pipe takes whole', async () => {
    const { output, pieces, text, until } = answering([]);
    const lines = Array.from({ length: 300 }, (_, number) => `${number} ${'x'.repeat(50)}\n`);
    for (const line of lines) output.write(line);
    await until((written) => written.includes('299 '));
    expect(text()).to.equal(lines.join(''));
    expect(pieces.filter((piece) => piece.length > 4096 || !piece.endsWith('\n'))).to.deep.equal([]);
  });

  it('waits for a reader that is slow, and loses nothing', async () => {
    const { output, text, until } = answering(['EAGAIN', 3, 'EAGAIN']);
    output.write('first\n');
    output.write('second\n');
    await until((written) => written.includes('second'));
    expect(text()).to.equal('first\nsecond\n');
  });

  it('goes on when the disk has room again, ends the line that was cut, and says how many are lost', async () => {
    const { output, text, until } = answering([3, 'ENOSPC']);
    output.write('first\n');
    await until((written) => written === 'fir');
    output.write('second\n');
    await until((written) => written.includes('were lost'));
    expect(text()).to.match(
      /^fir\nsecond\n\{"level":50,"time":"[^"]+","lost":1,"msg":"log lines were lost"\}\n$/,
    );
  });

  it('drops what does not fit into its memory, and says how much', async () => {
    const { output, text, until } = answering([]);
    const line = `${'x'.repeat(1_000_000)}\n`;
    for (let count = 0; count < 5; count += 1) output.write(line);
    await until((written) => written.includes('were lost'));
    expect(text().split(line)).to.have.lengthOf(4);
    expect(text()).to.include('"lost":2');
  });

  it('writes at the end what still waits, in its order', () => {
    const { output, text } = answering(['EAGAIN', 2]);
    output.write('first\n');
    output.write('second\n');
    output.end();
    expect(text()).to.equal('first\nsecond\n');
  });

  it('comes to its end whatever fails', () => {
    for (const answer of ['ENOSPC', 'EAGAIN'] as const) {
      const { output, text } = answering(Array<Answer>(100).fill(answer));
      output.write('last words\n');
      output.end();
      expect(text()).to.equal('');
    }
  });
});
