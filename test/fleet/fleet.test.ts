import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { fleetNames } from '../../fleet/names.js';
import { whenConnected } from '../../fleet/when-connected.js';
import { ask, describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { createFleet, STREAM, writeVersion, type FleetRig, type Gate } from './fleet-rig.js';
import { createKeys } from './keys.js';
import { connectTo, until } from './redis-rig.js';

interface Line {
  readonly actor: string;
  readonly matched: readonly string[];
  readonly tags: readonly string[];
  readonly revision: string;
}

/** All decisions of the stream. */
async function decisionsOf(server: RedisServer): Promise<readonly Line[]> {
  const redis = connectTo([server.url]);
  await whenConnected(redis);
  const reply = (await redis.send(STREAM, ['XRANGE', STREAM, '-', '+'])) as [string, [string, string]][];
  await redis.close();
  return reply.map(([, [, text]]) => JSON.parse(text) as Line);
}

describeWithRedis('a fleet', function () {
  this.timeout(60_000);
  const keys = createKeys();
  const names = fleetNames('test');
  let server: RedisServer;
  let rig: FleetRig;

  before(async () => {
    server = await startRedis();
  });
  after(() => server.stop());
  beforeEach(async () => {
    await ask(server, ['FLUSHALL']);
    rig = createFleet(server.url, keys.publicPem);
    rig.write('key.pem', keys.privatePem);
  });
  afterEach(() => rig.end());

  const publish = (version: number, ...more: readonly string[]) =>
    rig.callgate('publish', writeVersion(rig, version), '--key', 'key.pem', ...more);
  const hasRelease = (gate: Gate, number: number) => gate.until(({ release }) => release?.number === number);

  it('takes a release everywhere, and no decision is made of two', async () => {
    await publish(1, '--wait', '0');
    const gates = [await rig.start(), await rig.start({ workers: 2 })];
    let isOver = false;
    const callers = gates.flatMap((gate, index) =>
      Array.from({ length: 2 }, async () => {
        const answers: string[] = [];
        while (!isOver) answers.push(await gate.ask(`user${index}`));
        return answers;
      }),
    );
    for (let version = 2; version <= 4; version += 1) {
      const { code, stdout, stderr } = await publish(version, '--by', 'alice', '--note', `number ${version}`);
      expect(stderr).to.equal('');
      expect(stdout).to.contain('Checked: 1 tests and 0 examples passed.');
      expect(stdout).to.match(new RegExp(`Release ${version}: revision \\w{12}, 1 kB, signed.`));
      expect(stdout).to.contain('In force in 3 of 3 processes.');
      expect(code).to.equal(0);
      // The reply of every process tells that it has switched.
      for (const gate of gates) expect(await gate.ask()).to.equal(`version ${version}`);
    }
    isOver = true;
    const answers = (await Promise.all(callers)).flat();
    expect(new Set(answers)).to.deep.equal(new Set(['version 1', 'version 2', 'version 3', 'version 4']));

    let lines: readonly Line[] = [];
    await until(async () => {
      lines = await decisionsOf(server);
      return lines.length >= answers.length;
    });
    const versionOf = (name: string | undefined): string | undefined => name?.split('-').at(-1);
    const revisions = new Map<string, Set<string | undefined>>();
    for (const { matched, tags, revision } of lines) {
      const versions = new Set([...matched, ...tags].map(versionOf));
      expect([...matched, ...tags]).to.have.length(3);
      expect(versions.size, JSON.stringify({ matched, tags })).to.equal(1);
      const seen = revisions.get(revision) ?? new Set();
      revisions.set(revision, seen.add([...versions][0]));
    }
    expect([...revisions.values()].map(({ size }) => size)).to.deep.equal([1, 1, 1, 1]);
    for (const actor of ['user0', 'user1']) {
      const own = lines.filter((line) => line.actor === actor).map(({ matched }) => versionOf(matched[0]));
      expect(new Set(own)).to.deep.equal(new Set(['1', '2', '3', '4']));
    }
  });

  it('goes back, and tells what was published', async () => {
    await publish(1, '--wait', '0');
    await publish(2, '--wait', '0', '--note', 'too strict');
    const gate = await rig.start();
    expect(await gate.ask()).to.equal('version 2');
    const back = await rig.callgate('rollback', '--key', 'key.pem', '--by', 'bob');
    expect(back.stdout).to.match(
      /^Release 3: revision \w{12}, the rules of release 1 again, 1 kB, signed\.\n/,
    );
    expect(back.stdout).to.contain('In force in 1 of 1 processes.');
    expect(await gate.ask()).to.equal('version 1');
    const { stdout } = await rig.callgate('revisions', '--json');
    const rows = JSON.parse(stdout) as readonly Readonly<Record<string, unknown>>[];
    expect(
      rows.map(({ release, isCurrent, note, rollbackTo, isGenuine }) => [
        release,
        isCurrent,
        note,
        rollbackTo,
        isGenuine,
      ]),
    ).to.deep.equal([
      [3, true, '', 1, true],
      [2, false, 'too strict', null, true],
      [1, false, '', null, true],
    ]);
    expect((await rig.callgate('revisions')).stdout).to.match(/3 \(current\) .* bob +yes +back to 1\n2 +/);
    const unknown = await rig.callgate('rollback', '77', '--key', 'key.pem');
    expect(unknown).to.include({ code: 1, stdout: '' });
    expect(unknown.stderr).to.contain('Release 77 is not among the last 50');
  });

  describe('is not sent', () => {
    const nothing = async (): Promise<void> => {
      expect(await ask(server, ['EXISTS', names.current, names.history, names.contents])).to.equal('0');
    };

    it('rules with mistakes', async () => {
      const folder = writeVersion(rig, 1);
      rig.write(`${folder}/c.yaml`, 'rules:\n  - id: broken\n    on: no.such.event\n');
      const { code, stderr } = await rig.callgate('publish', folder, '--key', 'key.pem');
      expect(code).to.equal(1);
      expect(stderr).to.match(/v1\/c\.yaml:3:9 error unknown-/);
      await nothing();
    });

    it('rules that fail their tests', async () => {
      const folder = writeVersion(rig, 1);
      rig.write(
        `${folder}/all.test.yaml`,
        'cases:\n  - { name: x, given: { event.kind: block.add, platform: openim, actor.id: a, target.id: bob }, want: none }\n',
      );
      const { code, stderr } = await rig.callgate('publish', folder, '--key', 'key.pem');
      expect(code).to.equal(1);
      expect(stderr).to.contain('Nothing was published.');
      await nothing();
    });

    it('rules without a key, or with one that the gates do not trust', async () => {
      const folder = writeVersion(rig, 1);
      rig.write('other.pem', createKeys().privatePem);
      expect((await rig.callgate('publish', folder)).stderr).to.contain('The gates take signed rules only');
      const other = await rig.callgate('publish', folder, '--key', 'other.pem');
      expect(other.stderr).to.contain('`rules.publicKey` is not its public half');
      const absent = await rig.callgate('publish', folder, '--key', 'nowhere.pem');
      expect(absent.stderr).to.contain('The key to sign with cannot be used: ENOENT');
      expect([other.code, absent.code]).to.deep.equal([1, 1]);
      await nothing();
    });
  });

  it('refuses what was tampered with, and goes on with the rules it has', async () => {
    await publish(1, '--wait', '0');
    const gate = await rig.start();
    const genuine = await ask(server, ['GET', names.current]);
    const { body, signature } = JSON.parse(genuine) as { body: string; signature: string };
    const forged = { body: body.replace('"number":1', '"number":2'), signature };
    await ask(server, ['SET', names.current, JSON.stringify(forged)]);
    await ask(server, ['PUBLISH', names.channel, '2']);
    const { lastReload, release } = await gate.until((status) => status.lastReload.outcome === 'refused');
    expect(lastReload.problems[0]?.message).to.contain('the signature of release 2 is not from the key');
    expect(release?.number).to.equal(1);
    await gate.running.said(/These rules are refused\. Revision \w{12} stays in force\./);
    expect(await gate.ask()).to.equal('version 1');
    await until(async () => (await rig.callgate('fleet')).stdout.includes('refusing'));
    const { code, stdout } = await rig.callgate('fleet', '--check');
    expect(code).to.equal(1);
    expect(stdout).to.contain('1 process, 0 healthy.');
  });

  it('tells a process that was killed from those that are healthy', async () => {
    await publish(1, '--wait', '0');
    const [first, second] = [await rig.start(), await rig.start()];
    interface Told {
      readonly living: number;
      readonly healthy: number;
      readonly processes: readonly {
        readonly pid: number;
        readonly state: string;
        readonly release: number;
      }[];
    }
    const look = async (): Promise<Told> =>
      JSON.parse((await rig.callgate('fleet', '--json')).stdout) as Told;
    await until(async () => (await look()).healthy === 2);
    expect((await rig.callgate('fleet', '--check')).code).to.equal(0);
    await first.kill();
    await until(async () => (await look()).living === 1);
    const { processes } = await look();
    expect(processes.find(({ pid }) => pid === first.running.child.pid)).to.include({
      state: 'gone',
      release: 1,
    });
    expect(processes.find(({ pid }) => pid === second.running.child.pid)).to.include({ state: 'healthy' });
    expect((await rig.callgate('fleet', '--check')).code).to.equal(1);
    second.running.child.kill('SIGTERM');
    await second.running.ended;
    // Who ends in order takes leave.
    expect((await look()).processes.map(({ pid }) => pid)).to.deep.equal([first.running.child.pid]);
  });

  it('goes on when Redis is killed, and follows again when it is back', async () => {
    await publish(1, '--wait', '0');
    const gates = [await rig.start(), await rig.start()];
    await server.kill();
    for (const gate of gates) {
      await gate.running.said(/Redis is gone: this process goes on with the rules it has/);
      expect(await gate.ask()).to.equal('version 1');
    }
    await server.restart();
    // Redis comes back empty; the signs of life tell which number must come next.
    await until(async () => (await rig.callgate('fleet')).stdout.includes('2 processes'));
    const { stdout, code } = await publish(2);
    expect(stdout).to.contain('Release 2:');
    expect(stdout).to.contain('In force in 2 of 2 processes.');
    expect(code).to.equal(0);
    for (const gate of gates) expect(await gate.ask()).to.equal('version 2');
  });

  it('starts on the rules that were kept when Redis is gone', async () => {
    await publish(1, '--wait', '0');
    const gate = await rig.start();
    const kept = ['last-good.json', 'release.json'].map((file) => join(gate.folder, '.callgate', file));
    await until(() => kept.every((file) => existsSync(file)));
    await gate.kill();
    await server.kill();
    const again = await rig.again(gate);
    expect(await again.ask()).to.equal('version 1');
    expect(await again.status()).to.include({ source: 'last-good', release: null });
    await again.running.said(/THE PUBLISHED RULES ARE NOT IN FORCE/);
    await server.restart();
    await until(async () => (await rig.callgate('fleet')).stdout.includes('kept'));
    // The number goes on from what the gate remembers.
    expect((await publish(2)).stdout).to.contain('Release 2:');
    await hasRelease(again, 2);
    expect(await again.ask()).to.equal('version 2');
  });

  it('says what is missing', async () => {
    await publish(1, '--wait', '0');
    expect((await rig.callgate('fleet')).stdout).to.contain('No process has been heard.');
    await server.kill();
    const { code, stderr } = await rig.callgate('fleet');
    expect(code).to.equal(1);
    expect(stderr).to.match(/^Redis cannot be reached: .*ECONNREFUSED/);
    await server.restart();
    for (const command of ['test', 'explain']) {
      const { stderr: hint } = await rig.callgate(command, ...(command === 'explain' ? ['config.yaml'] : []));
      expect(hint, command).to.contain('name a folder with --rules FOLDER');
    }
    const check = await rig.callgate('check');
    expect(check).to.include({
      code: 0,
      stdout: 'No problems. The rules are checked when they are published.\n',
    });
    rig.write('config.yaml', 'apps: [{ id: im, platform: openim, path: /im }]');
    expect((await rig.callgate('fleet')).stderr).to.contain('this needs Redis, for example');
  });

  it('does not start without rules, or with a key that is none', async () => {
    const empty = await rig.startInVain();
    expect(empty).to.include({ code: 1 });
    expect(empty.stderr).to.contain('Nothing has been published.');
    const broken = createFleet(server.url, 'no key');
    const { code, stderr } = await broken.startInVain();
    await broken.end();
    expect(code).to.equal(1);
    expect(stderr).to.match(/public\.pem: it is not a public key of Ed25519 in PEM\./);
  });
});
