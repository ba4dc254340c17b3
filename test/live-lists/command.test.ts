import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runCallgate, type Ended } from '../support/process.js';
import { startGate, type Gate } from './gate.js';

describe('callgate list', () => {
  let gate: Gate;
  beforeEach(async () => {
    gate = await startGate();
  });
  afterEach(() => gate.stop());

  /** Runs it against the gate. */
  async function list(...args: readonly string[]): Promise<Ended> {
    return runCallgate(['list', ...args, '--url', gate.server.adminOrigin], { cwd: gate.folder }).ended;
  }

  async function shown(): Promise<readonly Readonly<Record<string, string>>[]> {
    const { page } = await gate.tell('GET', '/lists/banned_users?limit=1000');
    return page as readonly Readonly<Record<string, string>>[];
  }

  it('adds, shows and removes', async () => {
    const args = ['banned_users', 'bob', 'eve', '--reason', 'spam', '--owner', 'amy', '--for', '7d'];
    const before = Date.now();
    expect((await list('add', ...args)).stdout).to.equal('banned_users: 2 added\n');
    const [bob] = await shown();
    expect(bob).to.include({ value: 'bob', reason: 'spam', owner: 'amy' });
    expect(Date.parse(bob?.['expiresAt'] ?? '')).to.be.within(
      before + 7 * 86_400_000,
      Date.now() + 7 * 86_400_000,
    );
    expect(await gate.refuses('bob')).to.equal(true);
    expect((await list('show')).stdout).to.match(
      /^LIST +ENTRIES .*\nbad_words +0 +yes\nbanned_users +2 +\S+ +yes\n$/,
    );
    expect((await list('show', 'banned_users')).stdout).to.match(/^VALUE +REASON.*\nbob +spam +amy .*\neve /);
    expect((await list('show', 'banned_users', '--limit', '1')).stdout).to.match(
      /\n1 more: --limit NUMBER, or --all\n$/,
    );
    expect((await list('show', 'banned_users', 'bob')).stdout).to.match(/^value: bob\nreason: spam\n/);
    const absent = await list('show', 'banned_users', 'dan');
    expect([absent.code, absent.stderr]).to.deep.equal([1, '`dan` is not in the list `banned_users`.\n']);
    expect((await list('remove', 'banned_users', 'bob', 'dan')).stdout).to.equal(
      'banned_users: 1 removed, 1 absent\n',
    );
    expect(await gate.refuses('bob')).to.equal(false);
  });

  it('imports a file, and tells which lines it could not take', async () => {
    writeFileSync(
      join(gate.folder, 'bans.csv'),
      'value,reason,expires\nbob,"a, b",2126-12-31\nbob,c,\neve,,soon\n',
    );
    const dry = await list('import', 'banned_users', 'bans.csv', '--dry-run');
    expect(dry.stdout).to.match(
      /^banned_users: 1 added, 1 repeated, 1 invalid \(dry run: nothing was changed\)\n {2}bans.csv:4 {2}expires: expected/,
    );
    expect([dry.code, await shown()]).to.deep.equal([1, []]);
    expect((await list('import', 'banned_users', 'bans.csv', '--owner', 'amy')).code).to.equal(1);
    const [bob, ...others] = await shown();
    expect(others).to.deep.equal([]);
    expect(bob).to.include({ value: 'bob', reason: 'c', owner: 'amy' });

    writeFileSync(join(gate.folder, 'more.txt'), '# more\nbob\ndan\n');
    const more = await list(
      'import',
      'banned_users',
      'more.txt',
      '--owner',
      'amy',
      '--reason',
      'c',
      '--json',
    );
    expect(JSON.parse(more.stdout)).to.deep.equal({
      list: 'banned_users',
      dryRun: false,
      added: 1,
      updated: 0,
      unchanged: 1,
      repeated: 0,
      invalid: 0,
      lines: [],
    });
    expect(more.code).to.equal(0);
  });

  it('imports and shows as many as there are', async () => {
    const all = Array.from({ length: 2345 }, (_, number) => `user_${10_000 + number}`);
    writeFileSync(join(gate.folder, 'many.txt'), all.join('\n'));
    expect((await list('import', 'banned_users', 'many.txt')).stdout).to.equal('banned_users: 2345 added\n');
    const { stdout } = await list('show', 'banned_users', '--all', '--json');
    const { page } = JSON.parse(stdout) as { page: readonly { value: string }[] };
    expect(page.map(({ value }) => value)).to.deep.equal(all);
  });

  it('finds the gate and its token in the configuration', async () => {
    const { port } = new URL(gate.server.adminOrigin);
    writeFileSync(
      join(gate.folder, 'config.yaml'),
      `admin: { listen: '0.0.0.0:${port}', token: some-token-of-operators }\napps: [{ id: a, platform: openim, path: /a }]\n`,
    );
    const { stdout, stderr } = await runCallgate(['list', 'show'], { cwd: gate.folder }).ended;
    expect(stdout + stderr).to.match(/^LIST/);
  });

  it('says what is wrong in one line, with exit code 1', async () => {
    const closed = createServer();
    const port = await new Promise<number>((resolve) => {
      closed.listen(0, '127.0.0.1', () => resolve((closed.address() as { port: number }).port));
    });
    await new Promise((resolve) => closed.close(resolve));
    const away = ['--url', `http://127.0.0.1:${port}`];
    for (const [args, says] of [
      [['show', 'baned_users'], /^There is no live list `baned_users`. Did you mean `banned_users`\?\n$/],
      [['add', 'baned_users', 'x'], /Did you mean `banned_users`\?\n$/],
      [['add', 'banned_users', ' '], /^` ` is not possible: it is empty.\n$/],
      [['import', 'banned_users', 'nothing.txt'], /^nothing.txt: there is no such file.\n$/],
      [['add', 'banned_users', 'x', '--for', '7'], /Expected a length of time such as 30m/],
      [['add', 'banned_users', 'x', '--until', '2020-01-01'], /It is past/],
      [['add', 'banned_users', 'x', '--for', '7d', '--until', '2126-01-01'], /cannot be used with/],
      [
        ['show', ...away],
        /^http:\/\/127.0.0.1:\d+ cannot be reached: .*ECONNREFUSED.* Is the gate running\?/,
      ],
      [['show', '--url', 'localhost:1'], /^--url: expected the URL/],
    ] as const) {
      const url = (args as readonly string[]).includes('--url') ? [] : ['--url', gate.server.adminOrigin];
      const { code, stderr } = await runCallgate(['list', ...args, ...url], { cwd: gate.folder }).ended;
      expect(stderr).to.match(says);
      expect(code, args.join(' ')).to.equal(1);
    }
    expect(await shown()).to.deep.equal([]);
  });
});

describe('callgate list at a gate with a token', () => {
  it('takes it from where it is, and says when it is wrong', async () => {
    const token = 'token-of-the-operators';
    const gate = await startGate({ admin: `listen: '127.0.0.1:0', token: ${token}` });
    const url = ['--url', gate.server.adminOrigin];
    const show = (args: readonly string[], env = {}): Promise<Ended> =>
      runCallgate(['list', 'show', ...url, ...args], { cwd: gate.folder, env }).ended;
    expect((await show(['--token', token])).stdout).to.match(/^LIST/);
    expect((await show([], { CALLGATE_ADMIN_TOKEN: token })).stdout).to.match(/^LIST/);
    const { code, stderr } = await show(['--token', 'wrong-token-of-nobody'], {});
    expect([code, stderr]).to.deep.equal([
      1,
      `${gate.server.adminOrigin} answers 401: The admin token is missing or wrong.\n`,
    ]);
    await gate.stop();
  });
});
