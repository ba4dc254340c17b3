import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { projectRoot } from '../support/paths.js';

const SCRIPT = join(projectRoot, 'scripts', 'prepare.mjs');

interface Result {
  readonly code: number | null;
  readonly output: string;
}

/** A small project whose npm and tsc are replaced by scripts that leave traces. */
describe('the preparation of a clone', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'callgate prepare-'));
    write('tsconfig.json', JSON.stringify({ include: ['engine', 'test'] }));
    write('package-lock.json', lockfile({ tool: '1.0.0' }));
    write('engine/one.ts', 'export const one = 1;\n');
    write('bin/npm', `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'bin', 'npm.cjs')}" "$@"\n`, 0o755);
    write('bin/npm.cmd', `@"${process.execPath}" "${join(root, 'bin', 'npm.cjs')}" %*\r\n`);
    write('bin/npm.cjs', NPM);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(name: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text, { mode });
  }

  const read = (name: string): string => readFileSync(join(root, name), 'utf8');
  const traces = (): string[] => (existsSync(join(root, 'traces')) ? read('traces').trim().split('\n') : []);

  function prepare(env: Readonly<Record<string, string>> = {}): Promise<Result> {
    const code = `import(${JSON.stringify(pathToFileURL(SCRIPT).href)}).then(({ prepareOrExit }) => prepareOrExit(process.env.ROOT))`;
    const path = `${join(root, 'bin')}${process.platform === 'win32' ? ';' : ':'}${process.env['PATH'] ?? ''}`;
    const child = spawn(process.execPath, ['-e', code], {
      env: { ...process.env, PATH: path, ROOT: root, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
    return new Promise((resolve) => child.on('close', (status) => resolve({ code: status, output })));
  }

  it('installs and builds a fresh clone, then has nothing to do', async () => {
    const first = await prepare();
    expect(first.code).to.equal(0);
    expect(first.output).to.include('Installing').and.include('Building');
    expect(traces()).to.deep.equal(['npm ci --include=dev --no-audit --no-fund', 'tsc']);
    expect(await prepare()).to.deep.equal({ code: 0, output: '' });
    expect(traces()).to.have.lengthOf(2);
  });

  it('installs again when the lockfile asks for something else', async () => {
    await prepare();
    write('package-lock.json', lockfile({ tool: '1.0.1' }));
    await prepare();
    expect(traces().filter((trace) => trace.startsWith('npm'))).to.have.lengthOf(2);
  });

  it('does not install again for a lockfile that is only newer', async () => {
    await prepare();
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(root, 'package-lock.json'), later, later);
    await prepare();
    expect(traces().filter((trace) => trace.startsWith('npm'))).to.have.lengthOf(1);
  });

  it('does not miss what is optional', async () => {
    write(
      'package-lock.json',
      JSON.stringify({
        packages: {
          ...packages({ tool: '1.0.0' }),
          'node_modules/other': { version: '1.0.0', optional: true },
        },
      }),
    );
    await prepare({ WITHOUT: 'node_modules/other' });
    await prepare();
    expect(traces().filter((trace) => trace.startsWith('npm'))).to.have.lengthOf(1);
  });

  it('starts over after an installation that was interrupted', async () => {
    const broken = await prepare({ FAIL: 'npm' });
    expect(broken.code).to.equal(1);
    expect(broken.output).to.include('could not be installed').and.not.include('    at ');
    expect((await prepare()).code).to.equal(0);
    expect(traces().at(-1)).to.equal('tsc');
  });

  it('builds again when a source changes, comes or goes, and only then', async () => {
    await prepare();
    const builds = (): number => traces().filter((trace) => trace === 'tsc').length;
    write('engine/one.ts', 'export const one = 11;\n');
    await prepare();
    expect(builds()).to.equal(2);
    write('engine/deep/two.ts', 'export const two = 2;\n');
    await prepare();
    expect(builds()).to.equal(3);
    write('engine/notes.txt', 'not a source\n');
    await prepare();
    expect(builds()).to.equal(3);
    rmSync(join(root, 'engine', 'one.ts'));
    await prepare();
    expect(builds()).to.equal(4);
  });

  it('leaves no output of deleted sources behind', async () => {
    write('test/old.test.ts', 'export const old = 1;\n');
    await prepare();
    expect(existsSync(join(root, 'dist', 'test', 'old.test.ts.built'))).to.equal(true);
    rmSync(join(root, 'test', 'old.test.ts'));
    await prepare();
    expect(existsSync(join(root, 'dist', 'test', 'old.test.ts.built'))).to.equal(false);
    expect(existsSync(join(root, 'dist', 'engine', 'one.ts.built'))).to.equal(true);
  });

  it('builds again after a build that failed', async () => {
    const broken = await prepare({ FAIL: 'tsc' });
    expect(broken.code).to.equal(1);
    expect(broken.output).to.include('could not be built').and.not.include('    at ');
    expect((await prepare()).code).to.equal(0);
  });

  it('lets one of several do the work while the others wait', async () => {
    const results = await Promise.all([prepare(), prepare(), prepare()]);
    expect(results.map(({ code }) => code)).to.deep.equal([0, 0, 0]);
    expect(traces()).to.deep.equal(['npm ci --include=dev --no-audit --no-fund', 'tsc']);
  });

  it('takes over the lock of a run that was killed', async () => {
    const dead = spawn(process.execPath, ['-e', '0']);
    await new Promise((resolve) => dead.on('close', resolve));
    write('.build/prepare.lock', String(dead.pid));
    expect((await prepare()).code).to.equal(0);
    expect(existsSync(join(root, '.build', 'prepare.lock'))).to.equal(false);
  });

  it('does nothing in an installed package', async () => {
    rmSync(join(root, 'tsconfig.json'));
    expect(await prepare()).to.deep.equal({ code: 0, output: '' });
    expect(traces()).to.deep.equal([]);
  });
});

const packages = (versions: Readonly<Record<string, string>>): Record<string, object> => ({
  '': { name: 'clone' },
  ...Object.fromEntries(
    Object.entries(versions).map(([name, version]) => [
      `node_modules/${name}`,
      { version, integrity: `sha512-${version}` },
    ]),
  ),
});

const lockfile = (versions: Readonly<Record<string, string>>): string =>
  JSON.stringify({ packages: packages(versions) });

/** Installs a tsc that "builds" every source, and says what it was called with. */
const NPM = `
const { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
appendFileSync('traces', ['npm', ...process.argv.slice(2)].join(' ') + '\\n');
rmSync('node_modules', { recursive: true, force: true });
mkdirSync('node_modules/typescript/bin', { recursive: true });
writeFileSync('node_modules/typescript/bin/tsc', ${JSON.stringify(`
const { appendFileSync, cpSync, readdirSync } = require('node:fs');
appendFileSync('traces', 'tsc\\n');
if (process.env.FAIL === 'tsc') process.exit(2);
for (const folder of ['engine', 'test'])
  for (const name of listed(folder)) cpSync(folder + '/' + name, 'dist/' + folder + '/' + name + '.built');
function listed(folder) {
  try { return readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts')); } catch { return []; }
}
`)});
if (process.env.FAIL === 'npm') process.exit(1);
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
delete packages[''];
delete packages[process.env.WITHOUT];
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
`;
