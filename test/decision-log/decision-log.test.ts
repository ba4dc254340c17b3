import { expect } from 'chai';
import { DEFAULT_REFUSAL, plainRuling, type Ruling } from '../../engine/decision.js';
import { fileOf, openDecisionLog } from '../../server/decision-log/decision-log.js';
import { createDecisionIds } from '../../server/decision-log/decision-id.js';
import { createTestLog } from '../support/log.js';
import { eventOf } from '../support/rules.js';
import { entryOf, memoryLog, SETTINGS } from './support.js';

const EVENT = eventOf('message.send', { 'actor.id': 'alice' });
const ALLOW = plainRuling('allow');

function recordAll(rulings: readonly Ruling[], settings: Parameters<typeof memoryLog>[0]) {
  const memory = memoryLog(settings);
  const nextId = createDecisionIds();
  for (const ruling of rulings) {
    memory.log.record(entryOf(EVENT, { revision: 'r', rulings: [ruling] }, { id: nextId() }));
  }
  return memory;
}

describe('the decision log', () => {
  it('is not there where none is wanted', () => {
    const parts = { settings: { ...SETTINGS, to: 'none' as const }, logger: createTestLog().logger };
    expect(openDecisionLog(parts)).to.equal(undefined);
  });

  it('gives each of several processes a file of its own', () => {
    expect(fileOf('/log/decisions.jsonl', undefined)).to.equal('/log/decisions.jsonl');
    expect(fileOf('/log/decisions.jsonl', '2')).to.equal('/log/decisions.2.jsonl');
    expect(fileOf('/log/decisions', '2')).to.equal('/log/decisions.2');
  });

  it('writes a line for each decision, in order', async () => {
    const { log, lines } = recordAll([ALLOW, plainRuling('refuse'), ALLOW], {});
    expect((await lines()).map(({ verdict }) => verdict)).to.deep.equal(['allow', 'refuse', 'allow']);
    expect(log.counts()).to.deep.equal({
      written: 3,
      dropped: 0,
      failed: 0,
      waiting: 0,
      sampledOut: 0,
      stream: null,
    });
  });

  it('writes a sample of plain allows, and says which share', async () => {
    const { log, lines } = recordAll(new Array<Ruling>(400).fill(ALLOW), { sampleAllows: 0.25 });
    const written = await lines();
    expect(written.length).to.be.within(50, 150);
    expect(written.every(({ sample }) => sample === 0.25)).to.equal(true);
    expect(log.counts().sampledOut).to.equal(400 - written.length);
  });

  it('never leaves out anything that is no plain allow', async () => {
    const would = { verdict: 'refuse', rewrites: [], tags: [], notify: [] } as const;
    const rulings: readonly Ruling[] = [
      plainRuling('refuse'),
      { ...plainRuling('discard'), refusal: DEFAULT_REFUSAL },
      { ...ALLOW, rewrites: new Map([['message.text', { set: '' }]]) },
      { ...ALLOW, tags: ['spam'] },
      { ...ALLOW, notify: ['team'] },
      { ...ALLOW, strikes: ['spam'] },
      { ...ALLOW, labels: ['muted'] },
      { ...ALLOW, errors: [{ rule: 'r', message: 'm' }] },
      { ...ALLOW, matched: [{ rule: 'r', mode: 'shadow', would }] },
    ];
    const { lines } = recordAll(rulings, { sampleAllows: 0 });
    expect(await lines()).to.have.lengthOf(rulings.length);
  });

  it('never leaves out what was degraded, or one of several targets that was refused', async () => {
    const { log, lines } = memoryLog({ sampleAllows: 0 });
    log.record(entryOf(EVENT, { revision: 'r', rulings: [ALLOW] }, { degraded: 'unknown-command' }));
    const facts = EVENT.facts;
    const several = { ...EVENT, targets: ['a', 'b'].map((id) => ({ id, facts })) };
    log.record(entryOf(several, { revision: 'r', rulings: [ALLOW, plainRuling('refuse')] }));
    log.record(entryOf(several, { revision: 'r', rulings: [ALLOW, ALLOW] }));
    expect((await lines()).map(({ verdict }) => verdict)).to.deep.equal(['allow', 'mixed']);
  });

  it('counts and tells an entry that it cannot write, and never throws', async () => {
    const { log, lines, operators } = memoryLog({ facts: ['*'] });
    const broken = {
      ...EVENT,
      facts: {
        get: () => {
          throw new Error('no such fact');
        },
      },
    };
    expect(() => log.record(entryOf(broken, { revision: 'r', rulings: [ALLOW] }))).not.to.throw();
    log.record(entryOf(EVENT, { revision: 'r', rulings: [ALLOW] }));
    expect(await lines()).to.have.lengthOf(1);
    expect(log.counts()).to.include({ written: 1, failed: 1 });
    expect(operators.lines()[0]).to.include({ msg: 'decisions could not be logged' });
  });
});
