import { expect } from 'chai';
import { callgate, type Done } from '../suites/in-process.js';
import { runCallgate } from '../support/process.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { moderate, RULES, type Moderated } from './gate.js';

const MOMENT = '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z';

describe('callgate label and callgate strikes', () => {
  let server: TestServer;
  let gate: Moderated;
  beforeEach(async () => {
    server = await startTestServer({ rules: { 'rules.yaml': RULES } });
    gate = moderate(server.callbackOrigin, server.adminOrigin);
  });
  afterEach(() => server.stop());

  const run = (line: string): Promise<Done> =>
    callgate([...line.split(' '), '--url', server.adminOrigin], server.folder.path);

  it('lift what a rule has given', async () => {
    await gate.refuses({ from: 'eve', text: 'casino!' });
    const shown = await run('label show muted eve --app im');
    expect(shown.stdout).to.match(new RegExp(`^muted of eve in im: until ${MOMENT}\n$`));
    expect(shown.code).to.equal(0);
    expect((await run('strikes show spam eve --app im')).stdout).to.match(
      new RegExp(`^spam of eve in im: 1, the next one decays at ${MOMENT}\n$`),
    );
    expect((await run('label remove muted eve --app im')).stdout).to.equal('muted of eve in im: removed\n');
    expect(await gate.refuses({ from: 'eve' })).to.equal(false);
    const again = await run('label remove muted eve --app im');
    expect([again.stdout, again.code]).to.deep.equal(['muted of eve in im: was not there\n', 0]);
    const gone = await run('label show muted eve --app im');
    expect([gone.stdout, gone.code]).to.deep.equal(['muted of eve in im: not there\n', 1]);
    expect((await run('strikes show spam bob --app im')).stdout).to.equal('spam of bob in im: 0\n');
  });

  it('give labels, and tell the log who and why', async () => {
    const { stdout } = await run('label give muted eve --app im --for 1h --owner amy --reason insults');
    expect(stdout).to.match(new RegExp(`^muted of eve in im: given until ${MOMENT}\n$`));
    expect(await gate.refuses({ from: 'eve' })).to.equal(true);
    await run('label remove muted eve --app im --owner joe --reason pardon');
    expect(
      server.log.lines().map(({ audit, owner, reason }) => [audit, owner, reason]),
    ).to.deep.include.members([
      ['give', 'amy', 'insults'],
      ['remove', 'joe', 'pardon'],
    ]);
  });

  it('are for groups, for all apps, and for what a ladder is by', async () => {
    expect((await run('label give closed g1 --group --app im --for 1h')).stdout).to.match(
      /^closed of group g1 in im: given/,
    );
    expect(await gate.refuses({ from: 'eve', group: 'g1' })).to.equal(true);
    expect((await run('label remove closed g1 --type group.id --app im')).stdout).to.equal(
      'closed of group g1 in im: removed\n',
    );
    expect((await run('label show fraud eve')).stdout).to.equal('fraud of eve in all apps: not there\n');
    await gate.refuses({ from: 'eve', group: 'g1', text: 'noise' });
    expect((await run('strikes show noise g1 --app im')).stdout).to.match(/^noise of group g1 in im: 1,/);
    expect((await run('strikes show pairs eve g1 --app im')).stdout).to.match(
      /^pairs of user,group eve g1 in im: 1,/,
    );
  });

  it('print JSON', async () => {
    const given = JSON.parse((await run('label give muted eve --app im --for 1h --json')).stdout) as object;
    expect(given).to.include({ label: 'muted', id: 'eve', type: 'user', app: 'im', isSet: true });
    expect(JSON.parse((await run('label show muted eve --app im --json')).stdout)).to.deep.equal(given);
  });

  it('show no character that falsifies a line', async () => {
    const { stdout } = await callgate(
      ['label', 'show', 'muted', 'e\u001b[2Kve\u202e', '--app', 'im', '--url', server.adminOrigin],
      server.folder.path,
    );
    expect(stdout)
      .to.match(/^muted of e.*ve.* in im: not there\n$/u)
      .and.not.match(/\p{Bidi_Control}/u)
      .and.not.include('\u001b');
  });

  it('say what is wrong in one line, with exit code 1', async () => {
    for (const [line, says] of [
      ['label show mutd eve --app im', /^There is no label `mutd` in the rules. Did you mean `muted`\?\n$/],
      ['strikes show spm eve --app im', /^There is no ladder `spm` in the rules. Did you mean `spam`\?\n$/],
      ['label show muted eve', /answers 400: Each app has its own: say which `app`, `im`, `tc`.\n$/],
      ['label show muted eve --app imm', /answers 400: There is no app `imm`. Did you mean `im`\?\n$/],
      ['strikes show pairs eve --app im', /answers 400: `actor.id`, `group.id` say whose it is/],
    ] as const) {
      const { code, stderr } = await run(line);
      expect(stderr).to.match(says);
      expect(code, line).to.equal(1);
    }
    for (const [line, says] of [
      ['label give muted eve --app im', /required option '--for <time>'/],
      ['label give muted eve --app im --for 7', /Expected a length of time such as 30m/],
      ['label show muted eve --group --type user', /cannot be used with/],
    ] as const) {
      const { code, stderr } = await runCallgate([...line.split(' '), '--url', server.adminOrigin]).ended;
      expect(stderr).to.match(says);
      expect(code, line).to.equal(1);
    }
    expect(await gate.tell('GET', '/labels/muted/eve?app=im')).to.include({ isSet: false });
  });
});
