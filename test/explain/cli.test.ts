import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { APPS, RULES } from '../suites/bench.js';
import { callgate, type Done } from '../suites/in-process.js';

const PROGRAM = join(import.meta.dirname, '..', 'support', 'callgate.js');
const BLOCK = '{"callbackCommand":"callbackBeforeAddBlackCommand","ownerUserID":"alice","blackUserID":"bob"}';

describe('callgate explain', () => {
  let folder: string;
  const explain = (...args: string[]): Promise<Done> => callgate(['explain', ...args], folder);

  /** With something on its standard input. */
  const fed = (input: string, ...args: string[]) =>
    spawnSync(process.execPath, [PROGRAM, 'explain', ...args], { cwd: folder, input, encoding: 'utf8' });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-explain-'));
    mkdirSync(join(folder, 'rules'));
    writeFileSync(join(folder, 'config.yaml'), `rules: rules${APPS}`);
    writeFileSync(join(folder, 'rules', 'rules.yaml'), RULES);
    writeFileSync(join(folder, 'block.json'), `\uFEFF${BLOCK}`);
    writeFileSync(join(folder, 'facts.yaml'), '{ event.kind: block.add, target.id: bob }');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('reads a body or facts from a file', async () => {
    expect((await explain('block.json')).stdout).to.include('  refuse, by friends-stay');
    expect((await explain('--facts', 'facts.yaml')).stdout).to.include('  refuse, by friends-stay');
  });

  it('reads a body or facts from standard input', () => {
    const body = fed(BLOCK);
    expect(body.stdout).to.include('  refuse, by friends-stay');
    expect(body.status).to.equal(0);
    expect(fed('{ event.kind: block.add, target.id: bob }', '--facts', '-').stdout).to.include(
      '  refuse, by friends-stay',
    );
    expect(fed('').stdout).to.include('It cannot be read: unreadable-body');
  });

  it('takes the moment of arrival', async () => {
    const { stdout } = await explain('block.json', '--clock', '2026-01-03T15:30:00Z');
    expect(stdout).to.include('event.time   2026-01-03T15:30:00.000Z');
    const { stderr, status } = fed(BLOCK, '--clock', 'noon');
    expect(stderr).to.include('Expected an ISO 8601 time');
    expect(status).to.equal(1);
  });

  it('prints JSON', async () => {
    const { stdout } = await explain('block.json', '--json', '--rule', 'friends-stay');
    expect(JSON.parse(stdout)).to.have.nested.property('rulings[0].rules[0].id', 'friends-stay');
  });

  it('tells in one line what is wrong with its arguments', async () => {
    expect(await explain('block.json', '--rule', 'friend-stays')).to.deep.equal({
      code: 1,
      stdout: '',
      stderr: '--rule: there is no rule `friend-stays`. Did you mean `friends-stay`?\n',
    });
    expect((await explain('block.json', '--facts', 'facts.yaml')).stderr).to.equal(
      'Name a body or --facts, not both.\n',
    );
  });
});
