import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { send, sendJson } from '../support/http.js';
import { projectRoot } from '../support/paths.js';
import { runCallgate, type Running } from '../support/process.js';
import { NO_MALLORY, STRICT_APPS } from '../support/server.js';

const BODY = JSON.stringify({
  callbackCommand: 'callbackBeforeAddBlackCommand',
  ownerUserID: 'mallory',
  blackUserID: 'bob',
});
const REFUSED = { actionCode: 0, errCode: 5007, errMsg: 'No.', errDlt: '', nextCode: 1 };

describe('callgate', () => {
  let folder: string;
  const running: Running[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-cli-'));
    mkdirSync(join(folder, 'rules'));
    writeRules(NO_MALLORY);
    writeConfig();
  });
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  function writeRules(text: string): void {
    writeFileSync(join(folder, 'rules', 'rules.yaml'), text);
  }

  function writeConfig(adminPort = 0, apps = STRICT_APPS): void {
    const text = `server: { listen: '127.0.0.1:0' }\nadmin: { listen: '127.0.0.1:${adminPort}' }\nrules: rules\n${apps}`;
    writeFileSync(join(folder, 'config.yaml'), text);
  }

  function run(...args: string[]): Running {
    const started = runCallgate(args, { cwd: folder });
    running.push(started);
    return started;
  }

  interface Origins {
    readonly callbacks: string;
    readonly admin: string;
  }

  async function started(gate: Running): Promise<Origins> {
    const [, callbacks = ''] = await gate.said(/(http:\/\/\S+)\/openim /);
    const [, admin = ''] = await gate.said(/(http:\/\/\S+)\/status/);
    await gate.said(/watching .*\n/);
    return { callbacks, admin };
  }

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await run('--version').ended).to.include({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('prints help', async () => {
    const { code, stdout } = await run('--help').ended;
    expect(code).to.equal(0);
    expect(stdout).to.include('start').and.include('--version');
    const ofStart = await run('start', '--help').ended;
    expect(ofStart.stdout).to.include('--config <file>').and.include('--listen <host:port>');
  });

  it('refuses commands and options that do not exist', async () => {
    for (const args of [['strat'], ['start', '--prot', '1']]) {
      const { code, stdout, stderr } = await run(...args).ended;
      expect(code, args.join(' ')).to.equal(1);
      expect(stdout).to.equal('');
      expect(stderr).to.include('error: unknown');
    }
  });

  describe('start', () => {
    it('serves with config.yaml of the working folder, then ends with 0 on SIGTERM', async () => {
      const gate = run('start');
      const { callbacks } = await started(gate);
      expect(JSON.parse((await send(`${callbacks}/openim`, { body: BODY })).text)).to.deep.equal(REFUSED);
      gate.child.kill('SIGTERM');
      const { code, stderr } = await gate.ended;
      expect(code).to.equal(0);
      expect(stderr).to.include('"signal":"SIGTERM"').and.include('stopped, nothing was lost');
    });

    it('takes another file and another address', async () => {
      const other = join(folder, 'other');
      mkdirSync(join(other, 'rules'), { recursive: true });
      writeFileSync(join(other, 'gate.yaml'), `admin: { listen: '127.0.0.1:0' }\n${STRICT_APPS}`);
      const gate = run('start', '--config', 'other/gate.yaml', '--listen', 'localhost:0');
      const { callbacks } = await started(gate);
      expect(callbacks).to.match(/^http:\/\/localhost:[1-9]/);
      expect((await send(`${callbacks}/openim`, { body: BODY })).status).to.equal(200);
    });

    it('serves the shipped configuration and rules where there are none', async () => {
      rmSync(join(folder, 'config.yaml'));
      const gate = run('start', '--listen', '127.0.0.1:0');
      const output = await Promise.race([gate.said(/watching .*\n/), gate.ended]);
      // The shipped admin port may be taken on the machine that runs this; nothing else may be wrong.
      if (!Array.isArray(output))
        expect(output.stderr).to.match(/^cannot listen on 127\.0\.0\.1:8081: the port is in use/);
      else expect(output.input).to.include(join(projectRoot, 'rules'));
    });

    it('loses no request when it is told to stop', async () => {
      const gate = run('start');
      const { callbacks, admin } = await started(gate);
      const halves = await Promise.all(
        Array.from({ length: 20 }, () => halfSent(Number(new URL(callbacks).port))),
      );
      gate.child.kill('SIGTERM');
      await gate.said(/"msg":"draining"/);
      expect((await send(`${admin}/readyz`, { method: 'GET' })).status).to.equal(503);
      const replies = await Promise.all(halves.map((half) => half.finish()));
      for (const reply of replies) {
        expect(reply).to.match(/^HTTP\/1\.1 200 OK\r\n/);
        expect(reply).to.match(/\r\nConnection: close\r\n/);
        expect(JSON.parse(reply.slice(reply.indexOf('\r\n\r\n')))).to.deep.equal(REFUSED);
      }
      expect(await gate.ended).to.include({ code: 0, signal: null });
    });

    it('loses no request of clients that keep sending while it stops', async () => {
      const gate = run('start');
      const { callbacks } = await started(gate);
      const lost: unknown[] = [];
      let answered = 0;
      const client = async (): Promise<void> => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        for (;;) {
          try {
            const { text, headers } = await send(`${callbacks}/openim`, { body: BODY, agent });
            expect(JSON.parse(text)).to.deep.equal(REFUSED);
            answered += 1;
            if (headers.connection === 'close') break;
            if (answered === 200) gate.child.kill('SIGTERM');
          } catch (error) {
            lost.push(error);
            break;
          }
        }
        agent.destroy();
      };
      await Promise.all(Array.from({ length: 8 }, client));
      expect(lost).to.deep.equal([]);
      expect(answered).to.be.above(200);
      expect((await gate.ended).code).to.equal(0);
    });

    it('ends at once on a second signal', async () => {
      const gate = run('start');
      const { callbacks } = await started(gate);
      const half = await halfSent(Number(new URL(callbacks).port));
      gate.child.kill('SIGTERM');
      await gate.said(/"msg":"draining"/);
      gate.child.kill('SIGINT');
      expect(await gate.ended).to.include({ code: 130 });
      half.socket.destroy();
    });

    it('reloads saved rules', async () => {
      const gate = run('start');
      const { callbacks } = await started(gate);
      writeRules(NO_MALLORY.replaceAll('mallory', 'trudy'));
      await gate.said(/"msg":"rules reloaded"/);
      const { text } = await send(`${callbacks}/openim`, { body: BODY });
      expect(JSON.parse(text)).to.include({ nextCode: 0 });
    });

    it('reports broken rules at the first start, where they stand, and ends with 1', async () => {
      writeRules(NO_MALLORY.replace('actor.id', 'actor.idd'));
      const { code, stdout, stderr } = await run('start').ended;
      expect(code).to.equal(1);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/^rules\/rules\.yaml:5:\d+ error unknown-fact {2}.*actor\.idd/);
      expect(stderr)
        .to.match(/hint: .*`actor\.id`/)
        .and.include('1 error in 1 file');
      expect(stderr).to.not.include('    at ');
    });

    it('reports a broken configuration at the first start, and ends with 1', async () => {
      writeConfig(0, STRICT_APPS.replace('deadline', 'deadlin'));
      const { code, stdout, stderr } = await run('start').ended;
      expect(code).to.equal(1);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/^config\.yaml:\d+:\d+ error unknown-key {2}/);
      expect(stderr).to.not.include('    at ');
    });

    it('says which file is missing, and which address is wrong', async () => {
      const missing = await run('start', '--config', 'nowhere.yaml').ended;
      expect(missing.code).to.equal(1);
      expect(missing.stderr).to.include('nowhere.yaml').and.include('no such file');
      const wrong = await run('start', '--listen', 'here').ended;
      expect(wrong.code).to.equal(1);
      expect(wrong.stderr).to.include('--listen').and.include('HOST:PORT');
    });

    it('says which port is in use, and ends with 1', async () => {
      const blocker = createServer();
      await new Promise<void>((resolve) => void blocker.listen(0, '127.0.0.1', resolve));
      const bound = blocker.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      writeConfig(port);
      const { code, stdout, stderr } = await run('start').ended;
      expect(code).to.equal(1);
      expect(stdout).to.equal('');
      expect(stderr).to.equal(`cannot listen on 127.0.0.1:${port}: the port is in use\n`);
      await new Promise((resolve) => blocker.close(resolve));
    });

    it('goes on when nobody reads what it prints', async () => {
      const gate = run('start');
      const { callbacks } = await started(gate);
      gate.child.stdout?.destroy();
      writeRules(NO_MALLORY.replace('actor.id', 'actor.idd'));
      await gate.said(/"msg":"rules refused"/);
      const { text } = await sendJson(`${callbacks}/openim`, JSON.parse(BODY));
      expect(JSON.parse(text)).to.deep.equal(REFUSED);
    });
  });
});

interface HalfSent {
  readonly socket: Socket;
  /** Sends the rest; resolves to everything that came back when the connection was closed. */
  finish(): Promise<string>;
}

/** A request whose body is half sent, and which the server has begun to serve. */
function halfSent(port: number): Promise<HalfSent> {
  return new Promise((resolve, reject) => {
    const head = `POST /openim HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${BODY.length}\r\n\r\n`;
    const socket = connect(port, '127.0.0.1', () => socket.write(head));
    socket.setEncoding('utf8').on('error', reject);
    let received = '';
    const closed = new Promise<string>((end) => socket.on('close', () => end(received)));
    socket.once('data', () => {
      socket.write(BODY.slice(0, 10), () => resolve({ socket, finish }));
      socket.on('data', (text) => (received += text.toString()));
    });
    const finish = (): Promise<string> => {
      socket.write(BODY.slice(10));
      return closed;
    };
  });
}
