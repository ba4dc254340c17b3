import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { checkProject } from '../../cli/check-project.js';
import { writeStarter } from '../../cli/init/write.js';
import { hasFailed, runSuites } from '../../cli/suite/session.js';
import { openWorkbench } from '../../cli/suite/workbench.js';
import { loadConfig } from '../../store/config.js';
import { projectRoot } from '../support/paths.js';
import { runCallgate, type Ended } from '../support/process.js';

const APPS = { openim: ['openim'], tencent: ['tencent'], both: ['openim', 'tencent'] } as const;

describe('callgate init', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'callgate-init-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const init = (...args: readonly string[]): Promise<Ended> =>
    runCallgate(['init', ...args], { cwd: folder }).ended;
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

  for (const platform of ['openim', 'tencent', 'both'] as const) {
    it(`writes a project for ${platform} that has no problems, not even warnings, and whose tests pass`, async () => {
      writeStarter(folder, APPS[platform], false);
      const config = join(folder, 'config.yaml');
      expect(
        (await loadConfig({ file: config, environment: {} })).config?.apps.map(({ id }) => id),
      ).to.deep.equal(APPS[platform]);
      expect((await checkProject(config, {})).problems).to.deep.equal([]);
      const bench = await openWorkbench({ config });
      expect(bench.rules.rules.length).to.be.greaterThan(10);
      const run = await runSuites(bench, { paths: [], filter: undefined, coverage: false });
      expect(hasFailed(run)).to.equal(false);
      expect(run.suites.length).to.equal(4);
    });

    it(`explains every setting of the configuration for ${platform}`, () => {
      writeStarter(folder, APPS[platform], false);
      const lines = read('config.yaml').split('\n');
      const apps = lines.indexOf('apps:');
      const isSetting = (line: string) => /^ {2}(?:- | {2})\w+:/.test(line);
      const end =
        platform === 'both' ? lines.findIndex((line, at) => at > apps && line === '') : lines.length;
      const unexplained = lines.filter(
        (line, at) => at > apps && at < end && isSetting(line) && !/^\s+#/.test(lines[at - 1] ?? ''),
      );
      expect(unexplained).to.deep.equal([]);
    });
  }

  it('writes the shipped files as they are for both platforms, but for the way to the schemas', () => {
    writeStarter(folder, APPS.both, false);
    const paths = readdirSync(join(projectRoot, 'rules'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length + 1));
    for (const path of ['config.yaml', ...paths]) {
      const shipped = readFileSync(join(projectRoot, path), 'utf8');
      const withoutSchema = (text: string) => text.replace(/\$schema=\S+/, '');
      expect(withoutSchema(read(path)), path).to.equal(withoutSchema(shipped));
    }
  });

  it('leads editors to the schemas of this installation', () => {
    writeStarter(folder, APPS.both, false);
    for (const path of ['config.yaml', 'rules/messages.yaml']) {
      const schema = /\$schema=(\S+)/.exec(read(path))?.[1] ?? '';
      expect(existsSync(resolve(dirname(join(folder, path)), schema)), path).to.equal(true);
    }
  });

  it('writes into the named folder, and says what to do next', async () => {
    const { stdout, stderr, code } = await init('gate', '--platform', 'openim');
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    expect(existsSync(join(folder, 'gate', 'rules', 'lists', 'banned-words.txt'))).to.equal(true);
    expect(stdout)
      .to.contain(`wrote ${join('gate', 'config.yaml')}`)
      .and.contain('  cd gate\n  callgate check\n');
  });

  it('never overwrites: it lists what is there, writes nothing and exits with 1, unless it is forced', async () => {
    writeFileSync(join(folder, 'config.yaml'), 'mine');
    const refused = await init();
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.equal(
      'These files are there already:\n  config.yaml\nNothing was written; --force overwrites them.\n',
    );
    expect(readdirSync(folder)).to.deep.equal(['config.yaml']);
    expect(read('config.yaml')).to.equal('mine');
    writeStarter(folder, APPS.openim, true);
    expect(read('config.yaml')).to.contain('apps:');
  });
});
