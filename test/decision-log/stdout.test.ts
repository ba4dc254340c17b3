import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { sendJson } from '../support/http.js';
import { runCallgate } from '../support/process.js';

const CONFIG = `
server: { listen: "127.0.0.1:0" }
admin: { listen: "127.0.0.1:0" }
decisionLog: { to: stdout }
apps: [{ id: im, platform: openim, path: /openim, default: refuse }]
`;

describe('callgate start --shadow-all, with decisions on standard output', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-stdout-'));
    writeFileSync(join(folder, 'config.yaml'), CONFIG);
    mkdirSync(join(folder, 'rules'));
    writeFileSync(
      join(folder, 'rules', 'rules.yaml'),
      'rules: [{ id: a, on: block.add, when: always, then: { tag: x } }]\n',
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  it('writes nothing else there, allows everything, and loses no line when it stops', async () => {
    const running = runCallgate(['start', '--shadow-all'], { cwd: folder });
    const [, origin] = await running.said(/callbacks +(http:\/\/[\d.:]+)\/openim/);
    const url = `${origin}/openim/callbackBeforeAddBlackCommand`;
    const body = {
      callbackCommand: 'callbackBeforeAddBlackCommand',
      ownerUserID: 'alice',
      blackUserID: 'bob',
    };
    const replies = await Promise.all(Array.from({ length: 5 }, () => sendJson(url, body)));
    for (const { text } of replies)
      expect(JSON.parse(text)).to.include({ actionCode: 0, errCode: 0, nextCode: 0 });
    running.child.kill('SIGTERM');
    const { stdout, stderr, code } = await running.ended;
    expect(code).to.equal(0);
    expect(stderr).to.contain('NOT ENFORCING: im');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).to.have.lengthOf(5);
    for (const line of lines) {
      expect(line).to.include({
        app: 'im',
        actor: 'alice',
        target: 'bob',
        verdict: 'refuse',
        enforced: false,
      });
    }
    expect(new Set(lines.map(({ id }) => id)).size).to.equal(5);
  });
});
