import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { createTempFolder, type TempFolder } from '../store/temp-folder.js';
import { send } from '../support/http.js';
import { runCallgate, type Running } from '../support/process.js';
import { NO_MALLORY, STRICT_APPS } from '../support/server.js';

describe('callgate that is started again', () => {
  let folder: TempFolder;
  const running: Running[] = [];

  beforeEach(() => {
    folder = createTempFolder();
    folder.write('rules/rules.yaml', NO_MALLORY);
    folder.write(
      'config.yaml',
      `server: { listen: '127.0.0.1:0' }\nadmin: { listen: '127.0.0.1:0' }\nrules: rules\n${STRICT_APPS}`,
    );
  });
  afterEach(async () => {
    for (const gate of running.splice(0)) {
      gate.child.kill('SIGKILL');
      await gate.ended;
    }
    folder.remove();
  });

  function run(): Running {
    const gate = runCallgate(['start'], { cwd: folder.path });
    running.push(gate);
    return gate;
  }

  async function stop(gate: Running): Promise<void> {
    gate.child.kill('SIGTERM');
    expect((await gate.ended).code).to.equal(0);
  }

  async function read(gate: Running, page: string): Promise<Record<string, unknown>> {
    const [, admin = ''] = await gate.said(/(http:\/\/\S+)\/status/);
    const { status, text } = await send(`${admin}${page}`, { method: 'GET' });
    expect(status).to.equal(200);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** Starts once on good rules. @returns their revision */
  async function startOnce(): Promise<unknown> {
    const gate = run();
    expect(await read(gate, '/readyz')).to.deep.equal({ status: 'ready', reason: 'rules are in force' });
    const { revision, source } = await read(gate, '/status');
    expect(source).to.equal('files');
    await stop(gate);
    return revision;
  }

  it('starts on the last good rules when the files are broken, and says so everywhere', async () => {
    const revision = await startOnce();
    folder.write('rules/rules.yaml', 'rules: [');
    const gate = run();
    await gate.said(/rules\.yaml:1:\d+ error yaml-syntax/);
    await gate.said(/THE RULE FILES ARE REFUSED/);
    await gate.said(/The last good rules are in force: revision \w+, kept \d{4}-/);
    await gate.said(/"cause":"last-good"/);
    expect(await read(gate, '/readyz')).to.deep.equal({
      status: 'ready',
      reason: 'the last good rules are in force; the rule files are refused',
    });
    const status = await read(gate, '/status');
    expect(status).to.include({ source: 'last-good', revision });
    expect(status['keptAt']).to.match(/^\d{4}-/);
  });

  it('goes over to the files when they are corrected', async () => {
    await startOnce();
    folder.write('rules/rules.yaml', 'rules: [');
    const gate = run();
    await gate.said(/THE RULE FILES ARE REFUSED/);
    folder.write('rules/rules.yaml', NO_MALLORY);
    await gate.said(/"msg":"rules reloaded"/);
    expect(await read(gate, '/status')).to.include({ source: 'files', keptAt: null });
  });

  it('stops when the files are broken at the very first start', async () => {
    folder.write('rules/rules.yaml', 'rules: [');
    const { code, stderr } = await run().ended;
    expect(code).to.equal(1);
    expect(stderr).to.include('yaml-syntax');
  });

  it('stops when what was kept is damaged as well', async () => {
    await startOnce();
    const kept = folder.at('.callgate/last-good.json');
    writeFileSync(kept, readFileSync(kept, 'utf8').slice(0, -5));
    folder.write('rules/rules.yaml', 'rules: [');
    const { code, stderr } = await run().ended;
    expect(code).to.equal(1);
    expect(stderr).to.include('The last good rules cannot be used: it is damaged.');
  });

  it('serves all the same where the last good rules cannot be kept', async () => {
    mkdirSync(folder.at('.callgate/last-good.json'), { recursive: true });
    const gate = run();
    await gate.said(/rule store: .*EISDIR|rule store: .*last-good/);
    expect(await read(gate, '/readyz')).to.include({ status: 'ready' });
  });
});
