import { expect } from 'chai';
import { send } from '../support/http.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { moderate, RULES, type Moderated } from './gate.js';

const HOUR = 3_600_000;
const MUTED_EVE = '/labels/muted/eve?app=im';

describe('labels and strikes on the admin listener', () => {
  let server: TestServer;
  let gate: Moderated;
  beforeEach(async () => {
    server = await startTestServer({ rules: { 'rules.yaml': RULES } });
    gate = moderate(server.callbackOrigin, server.adminOrigin);
  });
  afterEach(() => server.stop());

  it('show what a rule has given, and lift it', async () => {
    const before = Date.now();
    expect(await gate.refuses({ from: 'eve', text: 'casino!' })).to.equal(true);
    expect(await gate.refuses({ from: 'eve' }), 'muted').to.equal(true);
    const { until, ...label } = await gate.tell('GET', MUTED_EVE);
    expect(label).to.deep.equal({
      status: 200,
      label: 'muted',
      id: 'eve',
      type: 'user',
      app: 'im',
      isSet: true,
    });
    expect(Date.parse(String(until))).to.be.within(before + HOUR, Date.now() + HOUR);

    const strikes = await gate.tell('GET', '/strikes/spam/eve?app=im');
    const { nextDecayAt, ...rest } = strikes;
    expect(rest).to.deep.equal({
      status: 200,
      ladder: 'spam',
      id: 'eve',
      type: 'user',
      app: 'im',
      strikes: 1,
      decayMs: 30 * 24 * HOUR,
    });
    expect(Date.parse(String(nextDecayAt))).to.be.within(before + 720 * HOUR, Date.now() + 720 * HOUR);

    expect(await gate.tell('DELETE', MUTED_EVE)).to.deep.equal({
      ...label,
      isSet: false,
      until: null,
      wasSet: true,
    });
    expect(await gate.refuses({ from: 'eve' }), 'lifted').to.equal(false);
    expect(await gate.tell('DELETE', MUTED_EVE)).to.include({ isSet: false, wasSet: false });
    expect(await gate.tell('GET', MUTED_EVE)).to.deep.include({ isSet: false, until: null });
    expect(await gate.tell('GET', '/strikes/spam/eve?app=im'), 'a strike stays').to.include({ strikes: 1 });
  });

  it('are given by hand, and the next message is refused', async () => {
    const before = Date.now();
    const given = await gate.tell('PUT', MUTED_EVE, { for: '2h', owner: 'amy', reason: 'insults' });
    expect(given).to.include({ status: 200, isSet: true, app: 'im' });
    expect(Date.parse(String(given['until']))).to.be.within(before + 2 * HOUR, Date.now() + 2 * HOUR);
    expect(await gate.tell('GET', MUTED_EVE)).to.deep.equal(given);
    expect(await gate.refuses({ from: 'eve' })).to.equal(true);
    expect(await gate.refuses({ from: 'bob' })).to.equal(false);
  });

  it('end when it is said by hand, also when they would have stayed longer', async () => {
    await gate.tell('PUT', MUTED_EVE, { for: '366d' });
    const before = Date.now();
    const { until } = await gate.tell('PUT', MUTED_EVE, { for: '10m' });
    expect(Date.parse(String(until))).to.be.within(before + HOUR / 6, Date.now() + HOUR / 6);
    expect(await gate.tell('GET', MUTED_EVE)).to.include({ until });
    await gate.refuses({ from: 'eve', text: 'casino!' });
    expect(await gate.tell('GET', MUTED_EVE), 'refused, so no rule has given anything').to.include({ until });
  });

  it('are for an app, or for all where the label says so', async () => {
    await gate.tell('PUT', '/labels/muted/eve?app=tc', { for: '1h' });
    expect(await gate.refuses({ from: 'eve', platform: 'tencent' })).to.equal(true);
    expect(await gate.refuses({ from: 'eve', platform: 'openim' })).to.equal(false);
    expect(await gate.tell('PUT', '/labels/fraud/dan', { for: '1h' })).to.include({ app: null });
    expect(await gate.refuses({ from: 'dan', platform: 'tencent' })).to.equal(true);
    expect(await gate.refuses({ from: 'dan', platform: 'openim' })).to.equal(true);
    await gate.tell('DELETE', '/labels/fraud/dan?app=im');
    expect(await gate.refuses({ from: 'dan', platform: 'tencent' })).to.equal(false);
  });

  it('are for groups as well as for users', async () => {
    const path = '/labels/closed/eve?app=im&type=group';
    expect(await gate.tell('PUT', path, { for: '1h' })).to.include({ id: 'eve', type: 'group' });
    expect(await gate.refuses({ from: 'bob', group: 'eve' })).to.equal(true);
    expect(await gate.refuses({ from: 'bob', group: 'other' })).to.equal(false);
    expect(await gate.refuses({ from: 'eve', group: 'other' }), 'a user of that name').to.equal(false);
    const other = '/labels/closed/eve?app=im&type=group.id';
    expect(await gate.tell('DELETE', other)).to.include({ wasSet: true, type: 'group' });
    expect(await gate.refuses({ from: 'bob', group: 'eve' })).to.equal(false);
  });

  it('tell the strikes of whom the ladder is by', async () => {
    for (const from of ['eve', 'eve', 'bob']) await gate.refuses({ from, group: 'g1', text: 'noise' });
    expect(await gate.tell('GET', '/strikes/noise/g1?app=im')).to.include({ strikes: 3, type: 'group' });
    expect(await gate.tell('GET', '/strikes/noise/g1?app=im&type=user')).to.include({ strikes: 0 });
    const pair = await gate.tell('GET', '/strikes/pairs/eve/g1?app=im');
    expect(pair).to.deep.include({ strikes: 2, id: ['eve', 'g1'], type: 'user,group' });
    expect(await gate.tell('GET', '/strikes/pairs/eve?app=im')).to.deep.equal({
      status: 400,
      error: '`actor.id`, `group.id` say whose it is: send one ID for each of them.',
    });
  });

  it('take IDs of any characters', async () => {
    for (const id of ['a/b', 'ü ä', '100%', '?x=1&y', '#', '名', '__proto__', 'x'.repeat(300)]) {
      await gate.tell('PUT', `/labels/muted/${encodeURIComponent(id)}?app=im`, { for: '1h' });
      expect(await gate.refuses({ from: id }), id).to.equal(true);
      const removed = await gate.tell('DELETE', `/labels/muted/${encodeURIComponent(id)}?app=im`);
      expect(removed).to.include({ id, wasSet: true });
      expect(await gate.refuses({ from: id }), id).to.equal(false);
    }
  });

  it('write a line for each change: who, what, from where', async () => {
    server.log.clear();
    const { until } = await gate.tell('PUT', MUTED_EVE, { for: '1h', owner: 'amy', reason: 'insults' });
    await gate.tell('GET', MUTED_EVE);
    await gate.tell('DELETE', `${MUTED_EVE}&owner=joe&reason=a%20mistake`);
    await gate.tell('DELETE', MUTED_EVE);
    const about = { level: 30, label: 'muted', id: 'eve', type: 'user', app: 'im', from: '127.0.0.1' };
    expect(server.log.lines()).to.deep.equal([
      {
        ...about,
        audit: 'give',
        until,
        owner: 'amy',
        reason: 'insults',
        msg: 'label changed by hand: give',
      },
      {
        ...about,
        audit: 'remove',
        owner: 'joe',
        reason: 'a mistake',
        msg: 'label changed by hand: remove',
      },
    ]);
  });

  const WRONG: readonly (readonly [method: string, path: string, body: unknown, error: string])[] = [
    ['PUT', '/labels/mutd/eve?app=im', {}, 'There is no label `mutd` in the rules. Did you mean `muted`?'],
    ['GET', '/strikes/spm/eve?app=im', null, 'There is no ladder `spm` in the rules. Did you mean `spam`?'],
    ['PUT', '/labels/muted/eve', {}, 'Each app has its own: say which `app`, `im`, `tc`.'],
    ['GET', '/labels/muted/eve?app=imm', null, 'There is no app `imm`. Did you mean `im`?'],
    ['GET', '/labels/muted/eve?app=im&app=tc', null, '`app` is there more than once.'],
    [
      'GET',
      '/labels/muted/eve?app=im&type=grup',
      null,
      'There is no type `grup`: it is user, group or the name of a fact. Did you mean `group`?',
    ],
    [
      'GET',
      '/labels/muted/eve?app=im&type=user,group',
      null,
      '`actor.id`, `group.id` say whose it is: send one ID for each of them.',
    ],
    ['PUT', MUTED_EVE, [], 'expected an object.'],
    [
      'PUT',
      MUTED_EVE,
      { for: '7' },
      '`for` must be a length of time such as 30m, 12h or 7d, a year at most.',
    ],
    [
      'PUT',
      MUTED_EVE,
      { for: '367d' },
      '`for` must be a length of time such as 30m, 12h or 7d, a year at most.',
    ],
    [
      'PUT',
      MUTED_EVE,
      { for: '1h', until: 'x' },
      'the request has an unknown member `until`: there are for, owner, reason.',
    ],
    ['PUT', MUTED_EVE, { for: '1h', owner: 1 }, '`owner` of the request is no text.'],
    ['DELETE', `${MUTED_EVE}&owner=a&owner=b`, null, '`owner` of the request is no text.'],
  ];

  it('refuse what is not possible, say why, and change nothing', async () => {
    for (const [method, path, body, says] of WRONG) {
      const { status, error } = await gate.tell(method, path, body ?? undefined);
      expect(error, `${method} ${path}`).to.equal(says);
      expect(status).to.equal(/^There is no (label|ladder)/.test(says) ? 404 : 400);
    }
    expect(await gate.tell('GET', MUTED_EVE)).to.include({ isSet: false });
  });

  it('have no other pages, and take nothing that a page of another site could send', async () => {
    const ask = async (method: string, path: string, headers = {}) => {
      const sent = method === 'PUT' || method === 'POST' ? { body: '{"for":"1h"}' } : {};
      const answer = await send(`${server.adminOrigin}${path}`, { method, headers, ...sent });
      return [answer.status, answer.headers.allow];
    };
    for (const path of ['/labels', '/labels/muted', '/labels/muted/', '/labels/muted/a/b', '/labels/a/%zz'])
      expect((await ask('GET', path))[0], path).to.equal(404);
    for (const path of ['/strikes', '/strikes/spam', '/strikes/spam/'])
      expect((await ask('GET', path))[0], path).to.equal(404);
    expect(await ask('POST', MUTED_EVE)).to.deep.equal([405, 'GET, HEAD, PUT, DELETE']);
    expect(await ask('DELETE', '/strikes/spam/eve')).to.deep.equal([405, 'GET, HEAD']);
    expect(await ask('PUT', MUTED_EVE, { 'content-type': 'text/plain' })).to.deep.equal([415, undefined]);
    expect(await ask('OPTIONS', MUTED_EVE, { origin: 'https://evil.example' })).to.deep.equal([
      405,
      'GET, HEAD, PUT, DELETE',
    ]);
    expect((await ask('DELETE', MUTED_EVE, { host: 'evil.example' }))[0]).to.equal(403);
  });

  it('follow the rules in force', async () => {
    const looked = new Promise<void>((resolve) => {
      server.ruleStore.onReload(({ outcome }) => {
        if (outcome === 'loaded') resolve();
      });
    });
    server.folder.write('more.yaml', 'labels: { trusted: }\n');
    await looked;
    expect(await gate.tell('PUT', '/labels/trusted/eve?app=im', { for: '1d' })).to.include({ isSet: true });
  });
});

describe('labels and strikes of a gate with one app and a token', () => {
  const token = 'token-of-the-operators';

  it('need no app, and the token', async () => {
    const server = await startTestServer({
      apps: 'apps: [{ id: im, platform: openim, path: /openim }]',
      rules: { 'rules.yaml': RULES },
      settings: { admin: `listen: '127.0.0.1:0', token: ${token}` },
    });
    const ask = (method: string, headers: Readonly<Record<string, string>>) =>
      send(`${server.adminOrigin}/labels/muted/eve`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(method === 'PUT' && { body: '{"for":"1h"}' }),
      });
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect((await ask(method, {})).status).to.equal(401);
      const { status, text } = await ask(method, { authorization: `Bearer ${token}` });
      expect([status, (JSON.parse(text) as { app: string }).app]).to.deep.equal([200, 'im']);
    }
    await server.stop();
  });
});
