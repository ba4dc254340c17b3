import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCallgate } from '../support/process.js';
import { APPS, RULES } from './bench.js';
import { callgate, type Done } from './in-process.js';

const GOOD = 'cases: [{ name: bob stays, given: { event.kind: block.add, target.id: bob }, want: refuse }]';
const BAD = 'cases: [{ name: bob goes, given: { event.kind: block.add, target.id: bob }, want: allow }]';

describe('callgate test', () => {
  let folder: string;
  const test = (...args: string[]): Promise<Done> => callgate(['test', ...args], folder);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-test-'));
    mkdirSync(join(folder, 'rules'));
    writeFileSync(join(folder, 'config.yaml'), `rules: rules${APPS}`);
    writeFileSync(join(folder, 'rules', 'rules.yaml'), RULES);
    writeFileSync(join(folder, 'rules', 'a.test.yaml'), GOOD);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('runs the suites beside the rules and exits with 0 when all pass', async () => {
    const { code, stdout } = await test();
    expect(stdout).to.match(/^rules\/a\.test\.yaml\n {2}✓ bob stays\n\n1 passed in 1 suite, /);
    expect(code).to.equal(0);
  });

  it('exits with 1 when a case fails', async () => {
    writeFileSync(join(folder, 'b.test.yaml'), BAD);
    const { code, stdout } = await test('rules', 'b.test.yaml');
    expect(stdout).to.include('1) b.test.yaml:1:9  bob goes').and.to.include('friends-stay decided: refuse.');
    expect(code).to.equal(1);
  });

  it('exits with 1 when nothing was run', async () => {
    const filtered = await test('--filter', 'nobody');
    expect(filtered.stdout).to.include('No test was run: none has the text of --filter.');
    expect(filtered.code).to.equal(1);
    mkdirSync(join(folder, 'empty'));
    const none = await test('empty');
    expect(none.stdout).to.include('No test was run: there is no *.test.yaml.');
    expect(none.code).to.equal(1);
  });

  it('tells which path leads nowhere', async () => {
    expect((await test('nowhere')).stderr).to.equal('nowhere: there is no such file or folder.\n');
    expect((await test('config.yaml')).stderr).to.match(/^config\.yaml: not a test suite/);
  });

  it('exits with 1 and the report when the rules have mistakes', async () => {
    writeFileSync(
      join(folder, 'rules', 'rules.yaml'),
      RULES.replace('target.id, operator', 'target.idd, operator'),
    );
    const { code, stderr } = await test();
    expect(stderr).to.include('rules/rules.yaml:12:19 error unknown-fact').and.to.include('target.idd');
    expect(code).to.equal(1);
  });

  it('tries another rules folder', async () => {
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other', 'r.yaml'), RULES.replace('bob, carol', 'carol'));
    expect((await test('rules', '--rules', 'other')).code).to.equal(1);
  });

  it('fails below the coverage that is wanted', async () => {
    const low = await test('--min-coverage', '90');
    expect(low.stdout).to.match(/Coverage [\d.]+ %: \d+ of \d+ outcomes seen\n\nCoverage is below 90 %\.\n$/);
    expect(low.code).to.equal(1);
    expect((await test('--min-coverage', '1')).code).to.equal(0);
    const { stderr } = await runCallgate(['test', '--min-coverage', 'much'], { cwd: folder }).ended;
    expect(stderr).to.include('Expected a number from 0 to 100.');
  });

  it('writes JUnit XML, in a new folder when needed', async () => {
    expect((await test('--junit', 'out/junit.xml')).code).to.equal(0);
    expect(readFileSync(join(folder, 'out', 'junit.xml'), 'utf8')).to.include('<testcase name="bob stays"');
    expect((await test('--junit', 'config.yaml/x.xml')).stderr).to.match(/cannot be written/);
  });
});
