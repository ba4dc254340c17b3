import { expect } from 'chai';
import { NO_MEMORY } from '../../engine/memory.js';
import { createAnnouncer } from '../../server/announce.js';
import type { Reload, RuleStoreStatus } from '../../store/rule-store.js';
import { createTestLog } from '../support/log.js';

const STATUS: RuleStoreStatus = {
  revision: 'abcdef012345',
  source: 'files',
  release: null,
  latestRelease: null,
  keptAt: null,
  files: 2,
  rules: { enforce: 3, shadow: 1, off: 0 },
  lists: 1,
  liveLists: [],
  memory: NO_MEMORY,
  lastReload: null,
  watching: '/rules',
};

const reload = (outcome: Reload['outcome'], ...messages: readonly string[]): Reload => ({
  at: 0,
  outcome,
  durationMs: 12.4,
  revision: STATUS.revision,
  problems: messages.map((message) => ({
    code: 'unknown-fact',
    severity: outcome === 'refused' ? 'error' : 'warning',
    file: 'a.yaml',
    path: [],
    line: 1,
    column: 1,
    frame: '',
    message,
  })),
});

describe('the announcement of reloads', () => {
  function setUp() {
    const log = createTestLog();
    let printed = '';
    const announce = createAnnouncer({
      logger: log.logger,
      out: { write: (text) => (printed += text) },
      folder: 'rules',
    });
    return {
      announce: (done: Reload) => announce(done, STATUS),
      said: () => log.lines().map(({ msg }) => msg),
      lines: () => log.lines(),
      printed: () => printed,
    };
  }

  it('is one line with what is in force and how long it took', () => {
    const { announce, lines, printed } = setUp();
    announce(reload('loaded'));
    expect(lines()).to.have.lengthOf(1);
    expect(lines()[0]).to.deep.include({
      level: 30,
      revision: 'abcdef012345',
      files: 2,
      rules: { enforce: 3, shadow: 1, off: 0 },
      lists: 1,
      ms: 12,
    });
    expect(printed()).to.equal('');
  });

  it('has the report of warnings besides', () => {
    const { announce, said, printed } = setUp();
    announce(reload('loaded', 'Odd.'));
    expect(said()).to.deep.equal(['rules reloaded']);
    expect(printed()).to.include('rules/a.yaml:1:1 warning unknown-fact  Odd.');
  });

  it('is left out when nothing changed', () => {
    const { announce, said, printed } = setUp();
    announce(reload('unchanged', 'Odd.'));
    expect(said()).to.deep.equal([]);
    expect(printed()).to.equal('');
  });

  it('tells mistakes once while they stay the same, and again when they change', () => {
    const { announce, said, printed } = setUp();
    announce(reload('refused', 'Wrong.'));
    announce(reload('refused', 'Wrong.'));
    expect(said()).to.deep.equal(['rules refused']);
    expect(printed().match(/Wrong\./g)).to.have.lengthOf(1);
    expect(printed()).to.include('Revision abcdef012345 stays in force.');
    announce(reload('refused', 'Wrong.', 'Worse.'));
    expect(said()).to.deep.equal(['rules refused', 'rules refused']);
  });

  it('tells that the rules are good again, even when they are those in force', () => {
    const { announce, said } = setUp();
    announce(reload('refused', 'Wrong.'));
    announce(reload('unchanged'));
    announce(reload('unchanged'));
    expect(said()).to.deep.equal(['rules refused', 'rules as before']);
  });
});
