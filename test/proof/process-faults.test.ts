import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { send } from '../support/http.js';
import { NO_MALLORY } from '../support/server.js';
import { createGrounds, type GateProcess } from './gate-process.js';

const BODY = JSON.stringify({
  callbackCommand: 'callbackBeforeAddBlackCommand',
  ownerUserID: 'mallory',
  blackUserID: 'bob',
});
const REFUSED = { actionCode: 0, errCode: 5007, errMsg: 'No.', errDlt: '', nextCode: 1 };
const FULL = '/dev/full';

async function expectService({ callbacks }: GateProcess, count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    const { status, text } = await send(`${callbacks}/openim`, { body: BODY });
    expect([status, JSON.parse(text)]).to.deep.equal([200, REFUSED]);
  }
}

describe('a gate in trouble', function () {
  // Each start is a process, and machines differ.
  this.timeout(60_000);
  const grounds = createGrounds();
  after(() => grounds.end());

  // Writing to it fails with ENOSPC, as on a full disk; not every system has it.
  if (existsSync(FULL)) {
    it('answers while the disk is full for its decision log, and counts what is lost', async () => {
      const gate = await grounds.start({ more: `decisionLog: { to: file, file: ${FULL} }` });
      await expectService(gate);
      await gate.until('/status', (text) => /"failed": 20,/.test(text));
      expect(await gate.until('/metrics', () => true)).to.match(/^callgate_.*log.* 20$/m);
      await expectService(gate);
      gate.child.kill('SIGTERM');
      expect(await gate.ended).to.deep.equal([0, null]);
    });

    it('answers, reloads and ends well while the disk is full for all that it prints', async () => {
      const output = openSync(FULL, 'w');
      const gate = await grounds.start({
        output,
        more: 'log: { level: debug, interval: 0 }\ndecisionLog: { to: stdout }',
      });
      closeSync(output);
      await expectService(gate);
      const { revision } = await gate.status();
      writeFileSync(join(gate.folder, 'rules', 'rules.yaml'), NO_MALLORY.replace('actor.id', 'actor.idd'));
      await gate.until('/status', (text) => text.includes('"outcome": "refused"'));
      await expectService(gate);
      writeFileSync(join(gate.folder, 'rules', 'rules.yaml'), `${NO_MALLORY}# saved again\n`);
      await gate.until('/status', (text) => !text.includes('"outcome": "refused"'));
      expect((await gate.status())['revision']).to.equal(revision);
      await expectService(gate);
      gate.child.kill('SIGTERM');
      expect(await gate.ended).to.deep.equal([0, null]);
    });
  }

  it('answers while its rules folder is gone, and takes the one that comes back', async () => {
    const gate = await grounds.start();
    const rules = join(gate.folder, 'rules');
    rmSync(rules, { recursive: true });
    await gate.until('/status', (text) => text.includes('"outcome": "refused"'));
    await expectService(gate);
    mkdirSync(rules);
    writeFileSync(join(rules, 'others.yaml'), NO_MALLORY.replaceAll('No.', 'Never.'));
    await gate.until('/status', (text) => !text.includes('"outcome": "refused"'));
    const { text } = await send(`${gate.callbacks}/openim`, { body: BODY });
    expect(JSON.parse(text)).to.deep.equal({ ...REFUSED, errMsg: 'Never.' });
  });

  it('answers again after all of its descriptors were in use', async () => {
    const gate = await grounds.start({ descriptors: 120 });
    const port = Number(new URL(gate.callbacks).port);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (): Promise<unknown> => send(`${gate.callbacks}/openim`, { body: BODY, agent });
    await ask();
    const crowd = await Promise.all(
      Array.from({ length: 200 }, async (): Promise<Socket> => {
        const socket = connect(port, '127.0.0.1').on('error', () => undefined);
        await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
        return socket;
      }),
    );
    // Whoever was there before is answered all the same, and saved rules wait.
    expect(await ask()).to.include({ status: 200 });
    writeFileSync(join(gate.folder, 'rules', 'rules.yaml'), NO_MALLORY.replaceAll('No.', 'Never.'));
    for (const socket of crowd) socket.destroy();
    agent.destroy();
    await gate.until('/status', (text) => !text.includes('"outcome": "refused"'));
    for (;;) {
      const { text } = await send(`${gate.callbacks}/openim`, { body: BODY });
      if (text.includes('Never.')) break;
      expect(JSON.parse(text)).to.deep.equal(REFUSED);
    }
    gate.child.kill('SIGTERM');
    expect(await gate.ended).to.deep.equal([0, null]);
  });

  it('answers whatever is done to its admin listener', async () => {
    const gate = await grounds.start();
    const port = Number(new URL(gate.admin).port);
    const attacks = [
      '',
      'GET',
      '\0\0\0\0',
      'GET /status HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nx',
    ];
    const sockets = Array.from({ length: 200 }, (_, index) => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(attacks[index % attacks.length] ?? '');
      return socket;
    });
    await expectService(gate);
    for (const socket of sockets) socket.resetAndDestroy();
    await expectService(gate);
    await gate.until('/healthz', (_, status) => status === 200);
  });
});
