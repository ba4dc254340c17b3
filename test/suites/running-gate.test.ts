import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { blocksOf, writeBlock } from './documented.js';
import { projectRoot } from '../support/paths.js';
import { runCallgate, type Running } from '../support/process.js';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Moments are other ones each time, and as long. */
function withoutTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'some-time'.padEnd(24, '.')).trimEnd();
}

/** Pages with commands that ask a running gate, and the language of their fences. */
const PAGES = [
  { page: 'live-lists.md', session: 'console', least: 9 },
  { page: 'remembering.md', session: 'shellsession', least: 4 },
] as const;

for (const { page, session, least } of PAGES) {
  describe(`docs/${page}, with a gate that is running`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'callgate-documented-'));
    let gate: Running;
    after(async () => {
      gate.child.kill('SIGKILL');
      await gate.ended;
      rmSync(folder, { recursive: true, force: true });
    });

    it('shows what its commands print', async function () {
      this.timeout(60_000);
      const blocks = blocksOf(readFileSync(join(projectRoot, 'docs', page), 'utf8'), session);
      for (const block of blocks) if (block.type === 'file') writeBlock(folder, block);
      const ports = `server: { listen: '127.0.0.1:0' }\nadmin: { listen: '127.0.0.1:${await freePort()}' }\n`;
      const config = join(folder, 'config.yaml');
      writeFileSync(config, `${ports}${readFileSync(config, 'utf8')}`);
      gate = runCallgate(['start'], { cwd: folder });
      await gate.said(/watching/);

      const commands = blocks.filter((block) => block.type === 'command');
      expect(commands).to.have.length.of.at.least(least);
      for (const { command, output } of commands) {
        const args = command.replace(/^npx callgate /, '').split(' ');
        const { stdout, stderr } = await runCallgate(args, { cwd: folder }).ended;
        expect(withoutTimes(`${stdout}${stderr}`), command).to.equal(withoutTimes(output));
      }
    });
  });
}
