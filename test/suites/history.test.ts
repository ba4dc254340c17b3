import { expect } from 'chai';
import { percentOf } from '../../cli/suite/coverage.js';
import { reportRun } from '../../cli/suite/report.js';
import { plain } from '../../cli/suite/style.js';
import type { TestRun } from '../../cli/suite/session.js';
import { createBench, failuresOf } from './bench.js';

const RULES = `
counters:
  sends: { on: message.send, by: [actor.id], window: 1m }
  strangers: { on: friend.request, by: [actor.id], distinct: target.id, window: 1h }
ladders:
  spam: { decay: 1d }
lists:
  guests: { live: true }
rules:
  - id: muted
    on: message.send
    priority: 3
    when: { fact: label.muted, operator: equal, value: true }
    then: { refuse: { reason: 3 } }
  - id: mute
    on: message.send
    priority: 2
    when: { fact: strikes.spam, operator: greaterThanInclusive, value: 2 }
    then: { label: { target: actor.id, name: muted, for: 1h } }
  - id: flood
    on: message.send
    priority: 1
    when: { fact: count.sends, operator: greaterThan, value: 3 }
    then: { refuse: { message: 'That is {{count.sends}}.' }, strike: { ladder: spam } }
  - id: hello
    on: message.send
    when: { fact: message.text, operator: equal, value: hello }
    then: { tag: first-hello }
    cooldown: { for: 10m }
  - id: guest
    on: message.send
    when: { fact: actor.id, operator: in, value: { list: guests } }
    then: { tag: guest, strike: { ladder: guests } }
  - id: strangers
    on: friend.request
    when: { fact: count.strangers, operator: greaterThan, value: 2 }
    then: { refuse: true }
`;

/** A run of one suite, given as the body of its \`cases\`, and what it looks like. */
async function runOf(cases: string): Promise<{ readonly run: TestRun; readonly text: string }> {
  const bench = await createBench({ 'a.test.yaml': `cases:\n${cases}` }, { rules: RULES });
  try {
    const run = await bench.run({ coverage: true });
    return { run, text: bench.withoutFolder(await reportRun(run, bench.bench, plain)) };
  } finally {
    bench.remove();
  }
}

/** What comes of one case. */
async function outcome(text: string): Promise<readonly string[]> {
  return failuresOf((await runOf(`  - name: n\n${text.replace(/^/gm, '    ')}`)).run);
}

const SEND = '{ event.kind: message.send, actor.id: ann }';

describe('a case with a history', () => {
  it('is about the event after it: the fourth message in a minute is refused', async () => {
    const want = "want: { rule: flood, message: 'That is 4.', strike: spam, label: [] }";
    expect(
      await outcome(`earlier: { given: ${SEND}, times: 3, ago: 30s }\ngiven: ${SEND}\n${want}`),
    ).to.deep.equal([]);
    expect(await outcome(`earlier: { given: ${SEND}, times: 2 }\ngiven: ${SEND}\nwant: none`)).to.deep.equal(
      [],
    );
    expect(
      await outcome(`earlier: { given: ${SEND}, times: 3, ago: 2m }\ngiven: ${SEND}\nwant: none`),
    ).to.deep.equal([]);
  });

  it('begins with nothing: without a history, the event is the first', async () => {
    expect(await outcome(`given: ${SEND}\nwant: { verdict: none, strike: [], matched: [] }`)).to.deep.equal(
      [],
    );
  });

  it('takes counts, strikes and labels that are given for what they are', async () => {
    const given = (more: string): string => `given: { event.kind: message.send, actor.id: ann, ${more} }`;
    expect(await outcome(`${given('count.sends: 4')}\nwant: { rule: flood }`)).to.deep.equal([]);
    expect(await outcome(`${given('label.muted: true')}\nwant: { rule: muted }`)).to.deep.equal([]);
    expect(await outcome(`${given('strikes.spam: 2')}\nwant: { verdict: none, label: muted }`)).to.deep.equal(
      [],
    );
    expect(
      await outcome(`earlier: { given: ${SEND}, times: 5 }\n${given('count.sends: 1')}\nwant: none`),
    ).to.deep.equal([]);
  });

  it('lets strikes and labels happen for real, and lets them go', async () => {
    const flood = (ago: string): string => `  - { given: ${SEND}, times: 4, ago: ${ago} }`;
    const after = (ago: string): string =>
      `earlier:\n${flood('3h')}\n${flood('2h')}\n  - { given: ${SEND}, ago: ${ago} }\ngiven: ${SEND}\n`;
    expect(await outcome(`${after('59m')}want: { rule: muted }`)).to.deep.equal([]);
    expect(await outcome(`${after('60m')}want: { verdict: none, label: muted }`)).to.deep.equal([]);
  });

  it('lets cool-downs happen for real', async () => {
    const hello = '{ event.kind: message.send, actor.id: ann, message.text: hello }';
    const again = (ago: string, tags: string): string =>
      `earlier: { given: ${hello}, ago: ${ago} }\ngiven: ${hello}\nwant: { tag: [${tags}] }`;
    expect(await outcome(again('9m', ''))).to.deep.equal([]);
    expect(await outcome(again('10m', 'first-hello'))).to.deep.equal([]);
  });

  it('counts a message that is asked about twice once, and others with the same words each', async () => {
    const message = '{ event.kind: message.send, actor.id: ann, message.id: m1 }';
    const earlier = `earlier: [{ given: ${SEND}, times: 2 }, { given: ${message} }]`;
    expect(await outcome(`${earlier}\ngiven: ${message}\nwant: none`)).to.deep.equal([]);
    expect(await outcome(`${earlier}\ngiven: ${SEND}\nwant: refuse`)).to.deep.equal([]);
    expect(
      await outcome(`earlier: { given: ${message}, times: 3 }\ngiven: ${message}\nwant: refuse`),
    ).to.deep.equal([]);
  });

  it('can be told in requests', async () => {
    const request = (to: string): string =>
      `request: { app: im, body: { callbackCommand: callbackBeforeAddFriendCommand, fromUserID: ann, toUserID: ${to} } }`;
    const earlier = `earlier: [{ ${request('b')} }, { ${request('c')}, times: 5 }]`;
    expect(await outcome(`${earlier}\n${request('b')}\nwant: none`)).to.deep.equal([]);
    expect(await outcome(`${earlier}\n${request('d')}\nwant: { rule: strangers }`)).to.deep.equal([]);
  });

  it('sees the live lists of the case', async () => {
    const guests = 'lists: { guests: [ann] }';
    const earlier = `earlier: { given: ${SEND} }`;
    expect(
      await outcome(`${guests}\n${earlier}\ngiven: ${SEND}\nwant: { strike: guests, tag: guest }`),
    ).to.deep.equal([]);
  });

  it('counts each target of an event', async () => {
    const given = 'given: { event.kind: friend.request, actor.id: ann, targets: [b, c, d] }';
    expect(await outcome(`${given}\nwant: { targets: { b: none, c: none, d: refuse } }`)).to.deep.equal([]);
  });

  it('fails when something in it cannot be judged', async () => {
    const broken = '{ request: { app: im, body: { callbackCommand: callbackBeforeAddFriendCommand } } }';
    expect(await outcome(`earlier: ${broken}\ngiven: ${SEND}\nwant: none`)).to.deep.equal([
      'earlier.failure: "a request that the app im can judge" / "missing-field (fromUserID: is missing)"',
    ]);
  });

  it('must be in the order of time, with names that exist', async () => {
    const late = `earlier: [{ given: ${SEND} }, { given: ${SEND}, ago: 1m }]`;
    expect(await outcome(`${late}\ngiven: ${SEND}\nwant: none`)).to.deep.equal([
      '3:130 wrong-value It happens before the event above it.',
    ]);
    const misspelt = 'given: { event.kind: message.send, count.sendz: 4 }';
    expect(await outcome(`${misspelt}\nwant: none`)).to.deep.equal([
      '3:40 unknown-counter Unknown counter `sendz`.',
    ]);
    expect(await outcome(`earlier: { ${misspelt}, times: 0 }\ngiven: ${SEND}\nwant: none`)).to.deep.equal([
      '3:76 wrong-value 0 is outside 1 to 100000.',
      '3:51 unknown-counter Unknown counter `sendz`.',
    ]);
  });

  it('has rows, too', async () => {
    const { run } = await runOf(`
  - name: message {{n}}
    each: [{ n: 2, want: none }, { n: 3, want: refuse }]
    earlier: { given: ${SEND}, times: '{{n}}' }
    given: ${SEND}
    want: '{{want}}'
`);
    expect(failuresOf(run)).to.deep.equal([]);
    expect(run.suites[0]?.results).to.have.length(2);
  });
});

describe('the report on cases with a history', () => {
  it('shows what rules were told of counts, strikes and labels', async () => {
    const { text } = await runOf(`
  - name: too early
    earlier: { given: ${SEND}, times: 2 }
    given: ${SEND}
    want: { rule: flood }
`);
    expect(text).to.contain(`
   No rule decided.
   flood does not match.
   It would match if this were otherwise:
     rules.yaml:23:11  count.sends of actor.id greaterThan 3
       is false: count.sends of actor.id is 3
   Remembered: label.muted of actor.id is false, strikes.spam of actor.id is 0, count.sends of actor.id is 3.`);
  });

  it('says that a rule is cooling down', async () => {
    const hello = '{ event.kind: message.send, actor.id: ann, message.text: hello }';
    const { text } = await runOf(`
  - name: too early
    earlier: { given: ${hello}, ago: 1m }
    given: ${hello}
    want: { rule: hello }
`);
    expect(text).to.contain('hello does not match again yet: its cool-down is not over.');
  });

  it('tells the counts of each target', async () => {
    const { text } = await runOf(`
  - name: two
    given: { event.kind: friend.request, actor.id: ann, targets: [b, c] }
    want: refuse
`);
    expect(text).to.contain('b: Remembered: count.strangers of actor.id is 1.');
    expect(text).to.contain('c: Remembered: count.strangers of actor.id is 2.');
  });
});

describe('coverage', () => {
  it('counts what rules were told in a history', async () => {
    const { run } = await runOf(`
  - name: flood
    earlier: { given: ${SEND}, times: 3 }
    given: ${SEND}
    want: refuse
  - name: no flood
    given: ${SEND}
    want: none
`);
    const flood = run.coverage?.rules.find(({ traced }) => traced.rule.id === 'flood');
    expect(flood).to.include({ matched: 1, unmatched: 1 });
    expect(flood?.leaves.map(({ seenTrue, seenFalse }) => [seenTrue, seenFalse])).to.deep.equal([
      [true, true],
    ]);
    expect(percentOf(run.coverage!)).to.be.lessThan(100);
  });
});
