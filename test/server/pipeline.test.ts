import { expect } from 'chai';
import type { Adapter, WireRequest } from '../../adapters/adapter.js';
import { plainRuling } from '../../engine/decision.js';
import type { RuleSet } from '../../engine/rule-set.js';
import { createAfterQueue } from '../../server/after-queue.js';
import { createAppCounters } from '../../server/counters.js';
import { EXPIRED, type Deadline } from '../../server/deadline.js';
import { createPipeline } from '../../server/pipeline.js';
import { fakeAdapter, fakeApp, fakeEvent } from '../support/fake-adapter.js';
import { createTestLog } from '../support/log.js';
import { decisionOf, noMallory, ruleSetOf, undecided, REVISION } from '../support/rule-sets.js';

const never: Deadline = {
  startedAt: 0,
  expired: new Promise(() => undefined),
  onExpired: () => undefined,
  isOver: () => false,
  nearEnd: () => new Promise(() => undefined),
  clear: () => undefined,
};
const over: Deadline = {
  ...never,
  expired: Promise.resolve(EXPIRED),
  onExpired: (listener) => {
    listener();
  },
  isOver: () => true,
};

function requestOf(body: unknown, more: Partial<WireRequest> = {}): WireRequest {
  return {
    method: 'POST',
    subpath: '',
    query: new URLSearchParams(),
    headers: {},
    receivedAt: 0,
    body,
    ...more,
  };
}

interface Setting {
  readonly adapter?: Partial<Adapter>;
  readonly rules?: RuleSet;
  readonly onFailure?: 'allow' | 'refuse';
  readonly capacity?: number;
}

function setUp({ adapter, rules = noMallory, onFailure = 'refuse', capacity = 10 }: Setting = {}) {
  const log = createTestLog();
  const counters = createAppCounters();
  const failures: unknown[] = [];
  const afterQueue = createAfterQueue({
    capacity,
    concurrency: 1,
    timeLimit: 60_000,
    onError: (error) => void failures.push(error),
  });
  let asked = 0;
  const pipeline = createPipeline({
    app: { ...fakeApp, onFailure },
    adapter: fakeAdapter(adapter),
    currentRuleSet: () => {
      asked += 1;
      return rules;
    },
    afterQueue,
    counters,
    logger: log.logger,
  });
  return {
    log,
    counters,
    afterQueue,
    failures,
    asked: () => asked,
    answer: async (request: WireRequest, deadline = never): Promise<unknown> =>
      JSON.parse(await pipeline(request, deadline)),
  };
}

describe('the callback pipeline', () => {
  it('reads, decides and renders', async () => {
    const { answer, counters, log } = setUp();
    expect(await answer(requestOf({ actor: 'alice' }))).to.include({ outcome: 'event', revision: REVISION });
    expect(await answer(requestOf({ actor: 'mallory' }))).to.deep.include({ verdicts: ['refuse'] });
    expect(counters.snapshot()).to.deep.include({ callbacks: 2, outcomes: { allow: 1, refuse: 1 } });
    expect(log.lines()).to.deep.equal([]);
  });

  it('takes the current rule set exactly once per callback', async () => {
    const { answer, asked, afterQueue } = setUp();
    await answer(requestOf({ actor: 'alice' }));
    expect(asked()).to.equal(1);
    await answer(requestOf({ actor: 'alice' }, { subpath: 'after' }));
    await afterQueue.idle();
    expect(asked()).to.equal(2);
  });

  it('counts rulings that differ by target as mixed', async () => {
    const rules = ruleSetOf((event) =>
      Promise.resolve({
        revision: REVISION,
        rulings: event.targets.map(({ id }) => plainRuling(id === 'bob' ? 'refuse' : 'allow')),
      }),
    );
    const { answer, counters } = setUp({ rules });
    expect(await answer(requestOf({ actor: 'alice', targets: ['bob', 'carol'] }))).to.deep.include({
      verdicts: ['refuse', 'allow'],
    });
    expect(counters.snapshot().outcomes).to.deep.equal({ mixed: 1 });
  });

  describe('when something is wrong with the callback', () => {
    const failing = { cause: 'bad-field', message: 'x is odd' } as const;

    for (const onFailure of ['allow', 'refuse'] as const) {
      it(`replies what the failure policy says: ${onFailure}`, async () => {
        const { answer, counters, log } = setUp({ onFailure });
        const reply = await answer(requestOf(undefined, { bodyFailure: failing }));
        expect(reply).to.deep.include({ outcome: 'failure', verdicts: [onFailure] });
        expect(counters.snapshot()).to.deep.include({
          outcomes: { failure: 1 },
          failures: { 'bad-field': 1 },
        });
        expect(log.lines()).to.have.lengthOf(1);
        expect(log.lines()[0]).to.include({
          level: 40,
          cause: 'bad-field',
          command: 'fake',
          verdict: onFailure,
          msg: 'callback not judged: x is odd',
        });
      });
    }

    it('refuses an unauthenticated caller under any policy, without a hint', async () => {
      const { answer } = setUp({ onFailure: 'allow' });
      const failure = { cause: 'unauthenticated', message: 'Sign is wrong' } as const;
      expect(await answer(requestOf(undefined, { bodyFailure: failure }))).to.deep.include({
        verdicts: ['refuse'],
        message: 'This is not allowed.',
      });
    });

    it('lets unknown commands through, with one line and a count', async () => {
      const { answer, counters, log } = setUp();
      const reply = await answer(requestOf({}, { subpath: 'unknown' }));
      expect(reply).to.deep.include({ outcome: 'unknown-command', verdicts: ['allow'] });
      expect(counters.snapshot().outcomes).to.deep.equal({ 'unknown-command': 1 });
      expect(log.lines()).to.have.lengthOf(1);
      expect(log.lines()[0]).to.include({ command: 'unknown' });
    });

    it('cuts endless commands in the log', async () => {
      const { answer, log } = setUp({
        adapter: {
          read: () => ({
            stage: 'before',
            body: {},
            wireCommand: 'x'.repeat(5_000),
            outcome: { type: 'unknown-command' },
          }),
        },
      });
      await answer(requestOf({}));
      expect(log.text().length).to.be.below(500);
    });
  });

  describe('when something is wrong with us', () => {
    it('answers an exception while reading by the failure policy, with one line and no stack', async () => {
      const { answer, counters, log } = setUp({
        adapter: {
          read() {
            throw new TypeError('oops');
          },
        },
      });
      expect(await answer(requestOf({}))).to.deep.include({ outcome: 'failure', verdicts: ['refuse'] });
      expect(counters.snapshot().failures).to.deep.equal({ 'internal-error': 1 });
      expect(log.lines()).to.have.lengthOf(1);
      expect(log.lines()[0]).to.include({ cause: 'internal-error' });
      expect(log.lines()[0]?.['msg']).to.match(/TypeError: oops \(at .*\)$/);
    });

    it('does not quote what a parser could not read', async () => {
      const { answer, log } = setUp({
        adapter: {
          read: () => JSON.parse('"secret') as never,
        },
      });
      await answer(requestOf({}));
      expect(log.text()).to.include('SyntaxError').and.not.include('secret');
    });

    for (const [what, decide] of Object.entries({
      rejects: () => Promise.reject(new Error('no')),
      throws: () => {
        throw new Error('no');
      },
    })) {
      it(`answers by the failure policy when the rule set ${what}`, async () => {
        const { answer, counters } = setUp({ rules: ruleSetOf(decide), onFailure: 'allow' });
        expect(await answer(requestOf({ actor: 'alice' }))).to.deep.include({ verdicts: ['allow'] });
        expect(counters.snapshot().failures).to.deep.equal({ 'internal-error': 1 });
      });
    }

    it('answers even when the decision cannot be rendered', async () => {
      const working = fakeAdapter();
      const { answer } = setUp({
        adapter: {
          render(callback, decision) {
            if (callback.outcome.type === 'event') throw new Error('cannot');
            return working.render(callback, decision);
          },
        },
      });
      expect(await answer(requestOf({ actor: 'alice' }))).to.deep.include({
        outcome: 'failure',
        verdicts: ['refuse'],
      });
    });

    it('answers even when the body cannot be echoed', async () => {
      let deep: unknown = {};
      for (let level = 0; level < 200_000; level += 1) deep = [deep];
      const { answer } = setUp({
        adapter: {
          read: (request) => ({ ...fakeAdapter().read(request), body: { deep } }),
          render: ({ body }, { rulings }) => ({
            body: { ...body, verdict: rulings[0]?.verdict },
            shortfalls: [],
          }),
        },
      });
      expect(await answer(requestOf({ actor: 'alice' }))).to.deep.equal({ verdict: 'refuse' });
    });

    it('answers even when rendering has stopped working', async () => {
      const working = fakeAdapter();
      let isBroken = false;
      const { answer } = setUp({
        adapter: {
          render(callback, decision) {
            if (isBroken) throw new Error('cannot');
            return working.render(callback, decision);
          },
        },
      });
      isBroken = true;
      expect(await answer(requestOf({ actor: 'alice' }))).to.deep.include({ verdicts: ['refuse'] });
      expect(await answer(requestOf({ actor: 'alice' }, { subpath: 'after' }))).to.deep.include({
        outcome: 'failure',
      });
    });

    it('keeps the reply when its log lines fail', async () => {
      const event = {
        ...fakeEvent('alice'),
        facts: {
          get: (): never => {
            throw new Error('no facts');
          },
        },
      };
      const tagged = { ...plainRuling('allow'), tags: ['odd'] };
      const { answer, log, counters } = setUp({
        adapter: {
          read: () => ({ command: 'fake', stage: 'before', body: {}, outcome: { type: 'event', event } }),
        },
        rules: ruleSetOf(() => Promise.resolve({ revision: REVISION, rulings: [tagged] })),
      });
      expect(await answer(requestOf({}))).to.deep.include({ outcome: 'event', verdicts: ['allow'] });
      expect(counters.snapshot().outcomes).to.deep.equal({ allow: 1 });
      expect(log.lines()[0]?.['msg']).to.include('effects not reported');
    });

    it('does not start with an adapter that cannot render a failure', () => {
      const render = (): never => {
        throw new Error('cannot');
      };
      expect(() => setUp({ adapter: { render } })).to.throw('cannot');
    });
  });

  describe('past the deadline', () => {
    it('answers by the failure policy, once for each target', async () => {
      const { answer, counters, log } = setUp({ rules: undecided });
      const reply = await answer(requestOf({ actor: 'alice', targets: ['bob', 'carol'] }), over);
      expect(reply).to.deep.include({ outcome: 'failure', verdicts: ['refuse', 'refuse'] });
      expect(counters.snapshot().failures).to.deep.equal({ deadline: 1 });
      expect(log.lines()).to.have.lengthOf(1);
      expect(log.lines()[0]).to.include({ cause: 'deadline' });
    });

    it('throws late decisions and late errors away, and counts them', async () => {
      const late: { settle: (() => void)[] } = { settle: [] };
      const rules = ruleSetOf(
        (event) =>
          new Promise((resolve, reject) => {
            if (event.facts.get('actor.id') === 'alice')
              late.settle.push(() => resolve(decisionOf(event, plainRuling('allow'))));
            else late.settle.push(() => reject(new Error('too late anyway')));
          }),
      );
      const { answer, counters, log } = setUp({ rules });
      await answer(requestOf({ actor: 'alice' }), over);
      await answer(requestOf({ actor: 'bob' }), over);
      for (const settle of late.settle) settle();
      await new Promise(setImmediate);
      expect(counters.snapshot()).to.deep.include({ late: 1, lateFailed: 1, outcomes: { failure: 2 } });
      expect(log.lines()).to.have.lengthOf(2);
    });
  });

  describe('after-callbacks', () => {
    it('are acknowledged without waiting for the rules', async () => {
      const { answer, counters, afterQueue } = setUp({ rules: undecided });
      const reply = await answer(requestOf({ actor: 'mallory' }, { subpath: 'after' }));
      expect(reply).to.deep.include({ outcome: 'event', verdicts: ['allow'] });
      expect(counters.snapshot().outcomes).to.deep.equal({ acknowledged: 1 });
      expect(afterQueue.counts()).to.include({ waiting: 1, running: 0 });
    });

    it('are judged afterwards, and their tags, strikes, labels and notifications logged', async () => {
      const ruling = {
        ...plainRuling('allow'),
        tags: ['spam'],
        notify: ['moderators'],
        strikes: ['spam'],
        labels: ['muted'],
        matched: [
          { rule: 'watch', mode: 'enforce' },
          { rule: 'quiet', mode: 'shadow' },
        ],
      } as const;
      const { answer, afterQueue, log } = setUp({
        rules: ruleSetOf((event) => Promise.resolve(decisionOf(event, ruling))),
      });
      await answer(requestOf({ actor: 'alice', targets: ['bob'] }, { subpath: 'after' }));
      expect(log.lines()).to.deep.equal([]);
      await afterQueue.idle();
      const about = { 'actor.id': 'alice', 'target.id': 'bob', rules: ['watch'], revision: REVISION };
      expect(log.lines()).to.have.lengthOf(4);
      expect(log.lines()[0]).to.deep.include({ ...about, tags: ['spam'], msg: 'tagged' });
      expect(log.lines()[1]).to.deep.include({ ...about, strikes: ['spam'], msg: 'strike given' });
      expect(log.lines()[2]).to.deep.include({ ...about, labels: ['muted'], msg: 'label given' });
      expect(log.lines()[3]).to.deep.include({ ...about, notify: 'moderators', msg: 'notification' });
    });

    it('are still acknowledged when too many wait, and the loss is counted and logged', async () => {
      const { answer, afterQueue, log } = setUp({ rules: undecided, capacity: 1 });
      await answer(requestOf({ actor: 'alice' }, { subpath: 'after' }));
      const reply = await answer(requestOf({ actor: 'bob' }, { subpath: 'after' }));
      expect(reply).to.deep.include({ verdicts: ['allow'] });
      expect(afterQueue.counts().dropped).to.equal(1);
      expect(log.lines()).to.have.lengthOf(1);
      expect(log.lines()[0]?.['msg']).to.include('too many');
    });
  });

  it('logs and counts rules that could not be judged', async () => {
    const ruling = { ...plainRuling('allow'), errors: [{ rule: 'broken', message: 'no such counter' }] };
    const { answer, counters, log } = setUp({
      rules: ruleSetOf((event) => Promise.resolve(decisionOf(event, ruling))),
    });
    await answer(requestOf({ actor: 'alice' }));
    expect(counters.snapshot().ruleErrors).to.equal(1);
    expect(log.lines()[0]).to.include({ level: 50, cause: 'rule-error', rule: 'broken' });
  });

  it('logs and counts what a command cannot carry, in one line', async () => {
    const shortfalls = [{ effect: 'refuse', reason: 'it has already happened' }];
    const working = fakeAdapter();
    const { answer, counters, log } = setUp({
      adapter: { render: (callback, decision) => ({ ...working.render(callback, decision), shortfalls }) },
    });
    await answer(requestOf({ actor: 'mallory' }));
    expect(counters.snapshot().shortfalls).to.equal(1);
    expect(log.lines()).to.have.lengthOf(1);
    expect(log.lines()[0]).to.deep.include({ level: 40, shortfalls });
  });
});
