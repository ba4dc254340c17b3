import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import {
  createDescriptor,
  createRotatingFile,
  type Destination,
} from '../../server/decision-log/destination.js';

const ROTATE = { size: 1024 * 1024, every: 'never', keep: 2, compress: false } as const;
const bytes = (text: string) => Buffer.from(text);

async function rejection(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

describe('the destinations of the decision log', () => {
  let folder: string;
  let file: string;
  let destination: Destination | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-log-'));
    file = join(folder, 'deep', 'decisions.jsonl');
  });

  afterEach(async () => {
    await destination?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (rotate: Partial<Parameters<typeof createRotatingFile>[0]['rotate']> = {}) =>
    (destination = createRotatingFile({ file, rotate: { ...ROTATE, ...rotate } }));

  it('create the file with its folder, and append to one that is there', async () => {
    expect(await open().write(bytes('a\n'))).to.equal(2);
    await destination?.close();
    await open().write(bytes('b\n'));
    expect(readFileSync(file, 'utf8')).to.equal('a\nb\n');
  });

  it('put a file aside that has grown to its size, and keep the youngest', async () => {
    const { write } = open({ size: 1024 });
    for (const letter of ['a', 'b', 'c', 'd']) expect(await write(bytes(letter.repeat(1024)))).to.equal(1024);
    await write(bytes('e\n'));
    expect(readdirSync(join(folder, 'deep')).sort()).to.deep.equal([
      'decisions.jsonl',
      'decisions.jsonl.1',
      'decisions.jsonl.2',
    ]);
    expect(readFileSync(file, 'utf8')).to.equal('e\n');
    expect(readFileSync(`${file}.1`, 'utf8')).to.equal('d'.repeat(1024));
    expect(readFileSync(`${file}.2`, 'utf8')).to.equal('c'.repeat(1024));
  });

  it('compress old files where that is asked for', async () => {
    const { write } = open({ size: 1024, compress: true });
    await write(bytes('a'.repeat(1024)));
    await write(bytes('b'));
    expect(gunzipSync(readFileSync(`${file}.1.gz`)).toString()).to.equal('a'.repeat(1024));
  });

  it('begin a new file when somebody has removed it', async () => {
    const { write } = open();
    await write(bytes('a\n'));
    unlinkSync(file);
    expect(await write(bytes('b\n'))).to.equal(2);
    expect(readFileSync(file, 'utf8')).to.equal('b\n');
  });

  it('refuse what cannot be written, with the reason, and work again once it can', async () => {
    mkdirSync(join(folder, 'deep'));
    mkdirSync(file);
    const { write } = open();
    expect((await rejection(write(bytes('lost\n')))).message).to.contain('it is not a file');
    rmSync(file, { recursive: true });
    expect(await write(bytes('a\n'))).to.equal(2);
    expect(readFileSync(file, 'utf8')).to.equal('a\n');
  });

  it('give the reason of the system', async () => {
    writeFileSync(join(folder, 'deep'), 'a file where a folder should be');
    expect(await rejection(open().write(bytes('a\n')))).to.have.property('code', 'ENOTDIR');
  });

  it('can be an open descriptor', async () => {
    const path = join(folder, 'out');
    const descriptor = openSync(path, 'w');
    expect(await createDescriptor(descriptor).write(bytes('a\n'))).to.equal(2);
    closeSync(descriptor);
    expect(readFileSync(path, 'utf8')).to.equal('a\n');
    const readOnly = openSync(path, 'r');
    expect(await rejection(createDescriptor(readOnly).write(bytes('b\n')))).to.have.property('code', 'EBADF');
    closeSync(readOnly);
  });
});
