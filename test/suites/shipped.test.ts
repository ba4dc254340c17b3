import { join } from 'node:path';
import { expect } from 'chai';
import { percentOf } from '../../cli/suite/coverage.js';
import { runSuites, type TestRun } from '../../cli/suite/session.js';
import { openWorkbench, type Workbench } from '../../cli/suite/workbench.js';
import { projectRoot } from '../support/paths.js';
import { runCallgate } from '../support/process.js';
import { failuresOf } from './bench.js';

describe('the suites of the shipped rules', () => {
  let bench: Workbench;
  let run: TestRun;

  before(async () => {
    bench = await openWorkbench({ config: join(projectRoot, 'config.yaml') });
    run = await runSuites(bench, { paths: [join(projectRoot, 'rules')], coverage: true });
  });

  it('pass', () => {
    expect(failuresOf(run)).to.deep.equal([]);
    expect(run.suites.flatMap(({ results }) => results)).to.have.length.greaterThan(30);
  });

  it('see every rule match and not match, and every condition true and false', () => {
    expect(percentOf(run.coverage!)).to.equal(100);
    expect(run.coverage?.rules.map(({ traced }) => traced.rule.id).sort()).to.deep.equal(
      bench.rules.rules.map(({ rule }) => rule.id).sort(),
    );
  });

  it('use requests of both platforms, and facts', () => {
    const inputs = run.suites.flatMap(({ results }) => results.map((result) => result.case.input));
    const kinds = inputs.map((input) => (input.type === 'given' ? 'facts' : input.app?.platform));
    expect(new Set(kinds)).to.deep.equal(new Set(['facts', 'openim', 'tencent']));
  });

  it('pass on the command line, from any folder', async () => {
    const config = join(projectRoot, 'config.yaml');
    const { code, stdout, stderr } = await runCallgate(
      ['test', '--config', config, '--min-coverage', '100'],
      {
        cwd: join(projectRoot, 'docs'),
      },
    ).ended;
    expect(stderr).to.equal('');
    expect(stdout)
      .to.match(/^\d+ passed in 4 suites/m)
      .and.to.match(/Coverage 100 %/);
    expect(code).to.equal(0);
  });
});
