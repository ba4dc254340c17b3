import { expect } from 'chai';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGate, type Gate } from './gate.js';

const ENTRIES = '/lists/banned_users/entries';
const JSON_TYPE = { 'content-type': 'application/json' };

describe('live lists on the admin listener', () => {
  let gate: Gate;
  beforeEach(async () => {
    gate = await startGate();
  });
  afterEach(() => gate.stop());

  it('change what the next callback gets', async () => {
    expect(await gate.refuses('mallory')).to.equal(false);
    expect(await gate.tell('POST', ENTRIES, { value: 'mallory' })).to.deep.equal({
      status: 200,
      added: 1,
      outcomes: ['added'],
    });
    expect(await gate.refuses('mallory')).to.equal(true);
    await gate.tell('POST', '/lists/bad_words/entries', { entries: ['ＢＡＤ'] });
    expect(await gate.refuses('alice', 'a bad one')).to.equal(true);
    expect(await gate.tell('DELETE', `${ENTRIES}/mallory`)).to.deep.equal({
      status: 200,
      removed: 1,
      outcomes: ['removed'],
    });
    expect(await gate.refuses('mallory')).to.equal(false);
  });

  it('are shown with all that is known of them', async () => {
    expect(await gate.tell('GET', '/lists')).to.deep.equal({
      status: 200,
      store: 'memory',
      isConnected: true,
      problem: null,
      lists: ['bad_words', 'banned_users'].map((name) => ({
        name,
        entries: 0,
        version: 0,
        changedAt: null,
        isDeclared: true,
      })),
    });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    await gate.tell('POST', ENTRIES, {
      reason: 'spam',
      owner: 'amy',
      entries: ['bob', { value: 'eve', reason: 'fraud', expiresAt }],
    });
    const { page, ...list } = await gate.tell('GET', '/lists/banned_users');
    expect(list).to.include({ name: 'banned_users', entries: 2, version: 1, isDeclared: true });
    const [bob, eve] = page as readonly Record<string, string>[];
    expect(bob).to.deep.equal({ value: 'bob', reason: 'spam', owner: 'amy', addedAt: list['changedAt'] });
    expect(eve).to.include({ value: 'eve', reason: 'fraud', owner: 'amy', expiresAt });
    expect(await gate.tell('GET', `${ENTRIES}/eve`)).to.deep.equal({ status: 200, ...eve });
    const status = await gate.tell('GET', '/status');
    expect(status['liveLists']).to.deep.include({ store: 'memory', problem: null });
    expect(JSON.stringify(status['liveLists'])).to.include('"name":"banned_users","entries":2');
    const { text } = await gate.ask('/metrics');
    expect(text).to.include('callgate_list_entries{list="banned_users"} 2\n');
    expect(text).to.include('callgate_list_entries{list="bad_words"} 0\n');
  });

  it('are read in pages', async () => {
    const entries = Array.from({ length: 250 }, (_, number) => `u${1000 + number}`);
    await gate.tell('POST', ENTRIES, { entries });
    const found: string[] = [];
    let query = '?limit=100';
    for (let pages = 1; ; pages += 1) {
      const { page, cursor } = await gate.tell('GET', `/lists/banned_users${query}`);
      found.push(...(page as readonly { value: string }[]).map(({ value }) => value));
      if (typeof cursor !== 'string') {
        expect(pages).to.equal(3);
        break;
      }
      query = `?limit=100&cursor=${encodeURIComponent(cursor)}`;
    }
    expect(found).to.deep.equal(entries);
  });

  it('tell what a change would come to without making it', async () => {
    await gate.tell('POST', ENTRIES, { value: 'bob' });
    expect(await gate.tell('POST', `${ENTRIES}?dryRun=true`, { entries: ['bob', 'eve'] })).to.deep.equal({
      status: 200,
      unchanged: 1,
      added: 1,
      outcomes: ['unchanged', 'added'],
    });
    expect(await gate.tell('DELETE', `${ENTRIES}?dryRun=true`, { values: ['bob'] })).to.include({
      removed: 1,
    });
    expect(await gate.tell('GET', '/lists/banned_users')).to.include({ entries: 1, version: 1 });
  });

  it('remove many at once, and whatever a value is made of', async () => {
    const values = ['a/b', 'ü ä', '100%', '?x=1&y', '#', '名', '..', '__proto__'];
    await gate.tell('POST', ENTRIES, { entries: values });
    for (const value of values.slice(0, 6)) {
      const path = `${ENTRIES}/${encodeURIComponent(value)}`;
      expect((await gate.tell('GET', path))['value']).to.equal(value);
      expect(await gate.tell('DELETE', path), value).to.include({ removed: 1 });
    }
    const rest = [...values.slice(6), 'absent'];
    expect(await gate.tell('DELETE', ENTRIES, { values: rest, owner: 'amy' })).to.deep.equal({
      status: 200,
      removed: 2,
      absent: 1,
      outcomes: ['removed', 'removed', 'absent'],
    });
  });

  it('write a line for each change: who, what, from where', async () => {
    gate.log.clear();
    await gate.tell('POST', ENTRIES, { entries: ['bob', 'eve'], owner: 'amy', reason: 'spam' });
    await gate.tell('POST', ENTRIES, { entries: ['bob'], owner: 'amy', reason: 'spam' });
    await gate.tell('DELETE', `${ENTRIES}/bob?owner=joe`);
    await gate.tell('DELETE', `${ENTRIES}/bob`);
    const common = { level: 30, list: 'banned_users', from: '127.0.0.1' };
    expect(gate.log.lines()).to.deep.equal([
      {
        ...common,
        audit: 'add',
        owner: 'amy',
        reason: 'spam',
        entries: 2,
        values: ['bob', 'eve'],
        msg: 'live list changed: add',
      },
      {
        ...common,
        audit: 'remove',
        owner: 'joe',
        entries: 1,
        values: ['bob'],
        msg: 'live list changed: remove',
      },
    ]);
  });

  it('that no rule declares any more can be seen and emptied while they have entries', async () => {
    await gate.tell('POST', ENTRIES, { value: 'bob' });
    writeFileSync(
      join(gate.folder, 'rules', 'rules.yaml'),
      'lists: { bad_words: { live: true } }\nrules: []\n',
    );
    for (;;) {
      const { lists } = await gate.tell('GET', '/lists');
      const found = (lists as readonly { name: string; isDeclared: boolean }[]).find(
        ({ name }) => name === 'banned_users',
      );
      expect(found).to.not.equal(undefined);
      if (found?.isDeclared === false) break;
    }
    expect(await gate.tell('DELETE', `${ENTRIES}/bob`)).to.include({ removed: 1 });
    expect(await gate.tell('POST', ENTRIES, { value: 'bob' })).to.include({ status: 404 });
  });

  it('know no other names, and tell the nearest', async () => {
    for (const [method, path] of [
      ['GET', '/lists/baned_users'],
      ['POST', '/lists/baned_users/entries'],
      ['DELETE', '/lists/baned_users/entries/bob'],
    ] as const) {
      expect(await gate.tell(method, path, method === 'GET' ? undefined : { value: 'bob' })).to.deep.equal({
        status: 404,
        error: 'There is no live list `baned_users`. Did you mean `banned_users`?',
      });
    }
    expect(await gate.tell('GET', `${ENTRIES}/bob`)).to.deep.equal({
      status: 404,
      error: '`bob` is not in the list `banned_users`.',
    });
  });

  it('have no other pages', async () => {
    for (const path of [
      '/lists/',
      '/lists/a/b',
      '/lists/a/entries/b/c',
      '/lists/%zz',
      '/lists//entries',
      '/list',
    ])
      expect((await gate.ask(path)).status, path).to.equal(404);
    for (const [method, path, allow] of [
      ['POST', '/lists', 'GET, HEAD'],
      ['DELETE', '/lists/banned_users', 'GET, HEAD'],
      ['PUT', ENTRIES, 'GET, HEAD, POST, DELETE'],
      ['POST', `${ENTRIES}/bob`, 'GET, HEAD, DELETE'],
    ] as const) {
      const { status, headers } = await gate.ask(path, { method, headers: JSON_TYPE, body: '{}' });
      expect([status, headers.allow], `${method} ${path}`).to.deep.equal([405, allow]);
    }
    expect(await gate.ask('/lists', { method: 'HEAD' })).to.include({ status: 200, text: '' });
  });

  const WRONG: readonly (readonly [body: unknown, says: RegExp])[] = [
    [[], /expected an object/],
    [{}, /the entry has no `value` that is a text/],
    [{ value: 3 }, /no `value` that is a text/],
    [{ value: '' }, /it is empty/],
    [{ value: ' bob' }, /blanks around/],
    [{ value: 'a\nb' }, /line break/],
    [{ value: 'x'.repeat(501) }, /longer than 500/],
    [{ value: 'bob', reson: 'x' }, /unknown member `reson`/],
    [{ value: 'bob', reason: 3 }, /`reason` of the entry is no text/],
    [{ value: 'bob', owner: 'x'.repeat(101) }, /`owner` of the entry is not possible: it is longer than 100/],
    [{ value: 'bob', expiresAt: '2026-12-31' }, /no moment such as/],
    [{ value: 'bob', expiresAt: 1 }, /no moment such as/],
    [{ value: 'bob', expiresAt: '2020-01-01T00:00:00Z' }, /is past/],
    [{ entries: [] }, /`entries` must be a list that is not empty/],
    [{ entries: ['bob', ''] }, /the value of entry 2 is not possible/],
    [{ entries: ['bob', null] }, /entry 2 is neither a text nor an object/],
    [{ entries: ['bob'], value: 'eve' }, /unknown member `value`/],
    [{ entries: Array.from({ length: 1001 }, () => 'x') }, /more than 1000/],
  ];

  it('refuse what is not possible, say why, and change nothing', async () => {
    for (const [body, says] of WRONG) {
      const { status, error } = await gate.tell('POST', ENTRIES, body);
      expect(status, JSON.stringify(body).slice(0, 80)).to.equal(400);
      expect(error).to.match(says);
    }
    for (const body of [{}, { values: [] }, { values: [1] }, { value: 'a', values: ['b'], reason: 'x' }])
      expect(await gate.tell('DELETE', ENTRIES, body)).to.include({ status: 400 });
    for (const query of ['limit=0', 'limit=x', 'limit=1001', 'cursor=a&cursor=b'])
      expect(await gate.tell('GET', `/lists/banned_users?${query}`), query).to.include({ status: 400 });
    expect(await gate.tell('POST', `${ENTRIES}?dryRun=yes`, { value: 'bob' })).to.include({ status: 400 });
    expect(await gate.tell('GET', '/lists/banned_users')).to.include({ entries: 0, version: 0 });
  });

  it('refuse bodies that are no JSON, have tricks in them, or are too large', async () => {
    const post = async (body: string): Promise<number> =>
      (await gate.ask(ENTRIES, { method: 'POST', headers: JSON_TYPE, body })).status;
    expect(await post('{"value":')).to.equal(400);
    expect(await post('{"value":"bob","__proto__":{"reason":"x"}}')).to.equal(400);
    expect(await post(JSON.stringify({ value: 'bob', reason: 'x'.repeat(1024 * 1024) }))).to.equal(413);
    expect(await post('{"value":"bob"}')).to.equal(200);
  });

  it('take nothing that a page of another site could send without our leave', async () => {
    const body = '{"value":"bob"}';
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      undefined,
    ]) {
      const headers = { origin: 'https://evil.example', ...(type !== undefined && { 'content-type': type }) };
      const { status, headers: sent } = await gate.ask(ENTRIES, { method: 'POST', headers, body });
      expect(status, type).to.equal(415);
      expect(Object.keys(sent).filter((name) => name.startsWith('access-control'))).to.deep.equal([]);
    }
    const asked = { origin: 'https://evil.example', 'access-control-request-method': 'DELETE' };
    const { status, headers } = await gate.ask(`${ENTRIES}/bob`, { method: 'OPTIONS', headers: asked });
    expect([status, headers['access-control-allow-origin']]).to.deep.equal([405, undefined]);
    expect((await gate.ask('/lists', { method: 'GET', headers: { host: 'evil.example' } })).status).to.equal(
      403,
    );
    expect(await gate.tell('GET', '/lists/banned_users')).to.include({ entries: 0 });
  });

  it('answer 503 while nothing can be kept, and go on as they were', async () => {
    await gate.tell('POST', ENTRIES, { value: 'bob' });
    rmSync(join(gate.folder, '.callgate', 'lists.jsonl'));
    rmSync(join(gate.folder, '.callgate'), { recursive: true });
    writeFileSync(join(gate.folder, '.callgate'), 'a file where a folder must be');
    const { status, error } = await gate.tell('POST', ENTRIES, { value: 'eve' });
    expect([status, error]).to.deep.equal([503, 'the file of the lists cannot be written.']);
    expect([await gate.refuses('bob'), await gate.refuses('eve')]).to.deep.equal([true, false]);
    expect(JSON.stringify(await gate.tell('GET', '/lists'))).to.match(/cannot be written/);
    rmSync(join(gate.folder, '.callgate'));
    mkdirSync(join(gate.folder, '.callgate'));
  });
});

describe('live lists on an admin listener with a token', () => {
  it('are nobody else’s business', async () => {
    const token = 'token-of-the-operators';
    const gate = await startGate({ admin: `listen: '127.0.0.1:0', token: ${token}` });
    for (const [method, path] of [
      ['GET', '/lists'],
      ['POST', ENTRIES],
      ['DELETE', `${ENTRIES}/bob`],
    ] as const) {
      const body = method === 'POST' ? { body: '{"value":"bob"}' } : {};
      const without = await gate.ask(path, { method, headers: JSON_TYPE, ...body });
      expect(without.status).to.equal(401);
      const headers = { ...JSON_TYPE, authorization: `Bearer ${token}` };
      expect((await gate.ask(path, { method, headers, ...body })).status).to.equal(200);
    }
    await gate.stop();
  });
});
