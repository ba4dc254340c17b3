import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { send } from '../support/http.js';
import { NO_MALLORY } from '../support/server.js';
import { createGates, gone, type Gate, type GateStatus } from './gate.js';

const BODY = JSON.stringify({
  callbackCommand: 'callbackBeforeAddBlackCommand',
  ownerUserID: 'mallory',
  blackUserID: 'bob',
});

const pidsOf = ({ workers }: GateStatus): readonly number[] => workers.all.map(({ pid }) => pid);
const isWhole = ({ workers }: GateStatus): boolean =>
  workers.all.length === workers.wanted &&
  workers.all.every(({ state, isAnswering }) => state === 'serving' && isAnswering);
const isWholeWithout =
  (pids: readonly number[]) =>
  (found: GateStatus): boolean =>
    isWhole(found) && !pidsOf(found).some((pid) => pids.includes(pid));

/**
 * Clients that keep their connections and open new ones when they are told to, until the gate is gone or
 * `isOver` says so.
 *
 * @returns what went wrong, and how many callbacks were answered
 */
async function keepCalling(
  { callbacks }: Gate,
  isOver: (answered: number) => boolean,
): Promise<{ readonly lost: readonly unknown[]; readonly answered: number }> {
  const lost: unknown[] = [];
  let answered = 0;
  const client = async (): Promise<void> => {
    let agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!isOver(answered)) {
      try {
        const { text, headers } = await send(`${callbacks}/openim`, { body: BODY, agent });
        expect(JSON.parse(text)).to.include({ nextCode: 1 });
        answered += 1;
        if (headers.connection !== 'close') continue;
        agent.destroy();
        agent = new Agent({ keepAlive: true, maxSockets: 1 });
      } catch (error) {
        const isGone = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
        if (!isGone) lost.push(error);
        break;
      }
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: 8 }, client));
  return { lost, answered };
}

describe('a gate of several workers', function () {
  // Each start is three processes, and machines differ.
  this.timeout(60_000);

  describe('while it runs', () => {
    const gates = createGates();
    let gate: Gate;
    before(async () => {
      gate = await gates.start({ more: 'decisionLog: { to: file, file: log.jsonl }' });
    });
    after(() => gates.end());

    it('answers on one address, introduces itself once, and adds up what the workers count', async () => {
      const answers = await Promise.all(Array.from({ length: 30 }, () => gate.refuses()));
      expect(answers).to.not.include(false);
      const status = await gate.status();
      expect(status.state).to.equal('serving');
      expect(status.counters.apps['im']?.callbacks).to.equal(30);
      expect(status.workers).to.include({ wanted: 2, restarts: 0, lagging: 0 });
      const { all } = status.workers;
      expect(all.map(({ worker }) => worker)).to.deep.equal([1, 2]);
      expect(all.map(({ revision }) => revision)).to.deep.equal([status.revision, status.revision]);
      const metrics = await send(`${gate.admin}/metrics`, { method: 'GET' });
      expect(metrics.text).to.match(/callgate_callbacks_total\{app="im",.*verdict="refuse"\} 30\n/);
      expect((await send(`${gate.admin}/readyz`, { method: 'GET' })).status).to.equal(200);
    });

    it('answers every callback after a worker was killed, and starts another one', async () => {
      const [victim = 0, survivor] = pidsOf(await gate.status());
      process.kill(victim, 'SIGKILL');
      const answers = await Promise.all(Array.from({ length: 50 }, () => gate.refuses()));
      expect(answers).to.not.include(false);
      const status = await gate.until(isWholeWithout([victim]));
      expect(pidsOf(status)).to.include(survivor);
      expect(status.workers.restarts).to.equal(1);
      await gate.running.said(/"code":null,"signal":"SIGKILL","restartInMs":100,"msg":"worker crashed"/);
    });

    it('lets callbacks wait while no worker is there', async () => {
      const before = await gate.status();
      for (const pid of pidsOf(before)) process.kill(pid, 'SIGKILL');
      await gate.running.said(new RegExp(`(worker crashed[\\s\\S]*){${before.workers.restarts + 2}}`));
      expect((await send(`${gate.admin}/readyz`, { method: 'GET' })).status).to.equal(503);
      expect(await gate.refuses()).to.equal(true);
      await gate.until(isWhole);
    });

    it('replaces all workers on SIGHUP without losing a callback', async () => {
      const before = await gate.status();
      let isOver = false;
      const calling = keepCalling(gate, () => isOver);
      gate.running.child.kill('SIGHUP');
      const after = await gate.until(isWholeWithout(pidsOf(before)));
      isOver = true;
      const { lost, answered } = await calling;
      expect(lost).to.deep.equal([]);
      expect(answered).to.be.above(0);
      expect(after.workers.restarts).to.equal(before.workers.restarts);
      await Promise.all(pidsOf(before).map(gone));
    });

    it('writes a decision log for each worker', () => {
      const logs = [1, 2].map((worker) => readFileSync(join(gate.folder, `log.w${worker}.jsonl`), 'utf8'));
      for (const line of logs.join('').trimEnd().split('\n'))
        expect(JSON.parse(line)).to.include({ verdict: 'refuse', actor: 'mallory' });
      expect(existsSync(join(gate.folder, 'log.jsonl'))).to.equal(false);
    });

    it('keeps its settings when they are broken at a SIGHUP, and takes them when they are right', async () => {
      const file = join(gate.folder, 'config.yaml');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace('path: /tencent', 'paht: /tencent'));
      gate.running.child.kill('SIGHUP');
      await gate.running.said(/workers not restarted: the configuration is broken/);
      const before = pidsOf(await gate.status());
      writeFileSync(file, text.replace('path: /tencent', 'path: /tc').replace('workers: 2', 'workers: 3'));
      gate.running.child.kill('SIGHUP');
      await gate.running.said(/"settings":\["server\.workers"\]/);
      await gate.until(isWholeWithout(before));
      expect((await send(`${gate.callbacks}/tc`, { body: BODY })).status).to.equal(200);
      expect((await send(`${gate.callbacks}/tencent`, { body: BODY })).status).to.equal(404);
    });

    it('takes new rules in every worker, and says so once', async () => {
      const { revision } = await gate.status();
      writeFileSync(join(gate.folder, 'rules', 'rules.yaml'), NO_MALLORY.replaceAll('mallory', 'trudy'));
      const { workers } = await gate.until(({ workers: { all } }) =>
        all.every((worker) => worker.revision !== revision),
      );
      expect(new Set(workers.all.map((worker) => worker.revision)).size).to.equal(1);
      expect(await gate.refuses()).to.equal(false);
    });

    it('leaves no worker behind when the primary is killed', async () => {
      const pids = pidsOf(await gate.status());
      gate.running.child.kill('SIGKILL');
      const { stdout, stderr } = await gate.running.ended;
      await Promise.all(pids.map(gone));
      expect(stdout.match(/^Callgate /gm)).to.have.lengthOf(1);
      expect(stdout).to.match(/workers +2 processes/);
      expect(stderr.match(/rules reloaded/g)).to.have.lengthOf(1);
    });
  });

  describe('when it is told to stop', () => {
    const gates = createGates();
    after(() => gates.end());

    it('loses no callback and no line about one, and leaves no process behind', async () => {
      const gate = await gates.start({ more: 'decisionLog: { to: stdout }' });
      const pids = pidsOf(await gate.status());
      let isTold = false;
      const { lost, answered } = await keepCalling(gate, (count) => {
        if (count >= 200 && !isTold) isTold = gate.running.child.kill('SIGTERM');
        return false;
      });
      expect(lost).to.deep.equal([]);
      expect(answered).to.be.at.least(200);
      const { code, stdout, stderr } = await gate.running.ended;
      expect(code).to.equal(0);
      await Promise.all(pids.map(gone));
      const lines = stdout.trimEnd().split('\n');
      for (const line of lines) expect(JSON.parse(line)).to.include({ verdict: 'refuse', actor: 'mallory' });
      expect(lines).to.have.lengthOf(answered);
      expect(stderr).to.match(/^Callgate /m);
    });
  });

  describe('does not start', () => {
    const gates = createGates();
    after(() => gates.end());

    it('on broken rules, and tells so once', async () => {
      const folder = gates.prepare({ rules: NO_MALLORY.replace('actor.id', 'actor.idd') });
      const { code, stdout, stderr } = await gates.run(folder).ended;
      expect(code).to.equal(1);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/^rules\/rules\.yaml:5:\d+ error unknown-fact/);
      expect(stderr.match(/unknown-fact/g)).to.have.lengthOf(1);
      expect(stderr).to.not.include('    at ');
    });

    it('on a port in use', async () => {
      const blocker = createServer();
      await new Promise<void>((resolve) => void blocker.listen(0, '127.0.0.1', resolve));
      const bound = blocker.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      for (const section of ['server', 'admin']) {
        const folder = gates.prepare();
        const file = join(folder, 'config.yaml');
        const wanted = new RegExp(`(${section}: \\{ listen: '127\\.0\\.0\\.1:)0`);
        writeFileSync(file, readFileSync(file, 'utf8').replace(wanted, `$1${port}`));
        const { code, stdout, stderr } = await gates.run(folder).ended;
        expect(code).to.equal(1);
        expect(stdout).to.equal('');
        expect(stderr).to.equal(`cannot listen on 127.0.0.1:${port}: the port is in use\n`);
      }
      await new Promise((resolve) => blocker.close(resolve));
    });
  });
});
