import { expect } from 'chai';
import { CALLBACKS, FAILURE, SLOW, type SoakCallback } from '../../bench/soak/callbacks.js';
import { createLedger, judge, noteAnswer, noteUnanswered } from '../../bench/soak/ledger.js';
import { assess, type SoakResult } from '../../bench/soak/outcome.js';
import { kindOf, reasonOf, revisionOf } from '../../bench/soak/revisions.js';
import { soak } from '../../bench/soak/soak.js';

function named(name: string): SoakCallback {
  const callback = CALLBACKS.find((candidate) => candidate.name === name);
  if (callback === undefined) throw new Error(`there is no ${name}`);
  return callback;
}

const item = (reason: number, message = `reason ${reason}`) => ({
  ResultCode: 38_000 + reason,
  ResultInfo: message,
});
const friends = (items: readonly unknown[]) => ({
  ActionStatus: 'OK',
  ErrorCode: 0,
  ErrorInfo: '',
  ResultItem: items,
});

describe('a soak', () => {
  it('sees a reply that is made of two revisions', () => {
    const { read } = named('friend requests');
    const forty = Array.from({ length: 40 }, () => item(7));
    expect(read(friends(forty))).to.equal(7);
    expect(read(friends([...forty.slice(1), item(8)]))).to.equal('nonsense');
    expect(read(friends([...forty.slice(1), item(7, 'reason 8')]))).to.equal('nonsense');
    expect(read(friends(forty.slice(1)))).to.equal('nonsense');
  });

  it('sees a reply with a field too many, too few or of another type', () => {
    const { read } = named('message that passes');
    const allowed = { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: 0 };
    expect(read(allowed)).to.equal('allow');
    for (const odd of [
      { ...allowed, more: 1 },
      { actionCode: 0, errCode: 0 },
      { ...allowed, nextCode: '0' },
      7,
      null,
    ])
      expect(read(odd), JSON.stringify(odd)).to.equal('nonsense');
    expect(named('group change that is echoed').read(allowed)).to.equal('nonsense');
  });

  it('takes the revisions that may be in force, and no broken one', () => {
    const span = { from: 2, to: 4 };
    expect(kindOf(3)).to.equal('broken');
    expect([1, 2, 3, 4, 5].map((revision) => revisionOf(reasonOf(revision), span))).to.deep.equal([
      undefined,
      2,
      undefined,
      4,
      undefined,
    ]);
    expect(revisionOf(reasonOf(2), { from: 3, to: 3 })).to.equal(2);
  });

  it('lets the failure policy answer what it may answer', () => {
    const span = { from: 0, to: 0 };
    expect(judge(named('message that passes'), FAILURE, span)).to.equal('degraded');
    expect(judge(SLOW, FAILURE, span)).to.equal('right');
    expect(judge(named('report of what happened'), FAILURE, span)).to.equal('wrong');
    expect(judge(named('message with a bad signature'), FAILURE, span)).to.equal('wrong');
    expect(judge(named('message with a bad signature'), 'allow', span)).to.equal('wrong');
  });

  it('names every fault', () => {
    const ledger = createLedger();
    const good: SoakResult = {
      ledger,
      seconds: 1,
      workers: 1,
      killed: 0,
      memory: [undefined, undefined],
      log: ['{"msg":"rules reloaded"}'],
      dropped: 0,
      shed: 0,
      ending: '0',
    };
    const callback = named('message that passes');
    const span = { from: 0, to: 0 };
    ledger.sent = 1;
    noteAnswer(ledger, callback, { said: 'allow', text: '', ms: 1, span });
    expect(assess(good).faults).to.deep.equal([]);
    expect(assess({ ...good, ending: 'SIGKILL', log: [] }).faults).to.have.lengthOf(2);
    ledger.sent = 3;
    expect(assess(good).faults).to.have.lengthOf(1);
    noteAnswer(ledger, callback, { said: 7, text: 'odd', ms: 9_999, span });
    noteUnanswered(ledger, 'ECONNRESET');
    expect(assess(good).faults).to.have.lengthOf(2);
    const rows = Object.fromEntries(assess(good).rows) as Record<string, string>;
    expect(rows).to.include({ wrong: '1', unanswered: '1', 'late (longer than the deadline)': '1' });
  });

  it('goes well', async function () {
    this.timeout(60_000);
    const { rows, faults } = assess(await soak({ seconds: 3, workers: 1 }));
    expect(faults, JSON.stringify(rows)).to.deep.equal([]);
  });
});
