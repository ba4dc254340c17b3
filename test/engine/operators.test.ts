import { expect } from 'chai';
import { stringify } from 'yaml';
import type { FactName, FactValue } from '../../engine/facts.js';
import { OPERATOR_NAMES, type OperatorName } from '../../engine/operators.js';
import { factMap, ruleOn, ruleSetOf } from '../support/rules.js';

interface Case {
  readonly fact: FactName;
  readonly value: unknown;
  readonly holds: readonly FactValue[];
  readonly fails: readonly FactValue[];
}

const SATURDAY_23 = Date.UTC(2026, 0, 3, 15, 0); // 23:00 in Shanghai
const SUNDAY_06 = Date.UTC(2026, 0, 3, 22, 0); // Sunday 06:00 in Shanghai

/** For each operator: facts for which it holds, and for which it does not. */
const CASES: Readonly<Record<OperatorName, readonly Case[]>> = {
  equal: [
    { fact: 'actor.id', value: 'alice', holds: ['alice'], fails: ['Alice', 'bob', ''] },
    { fact: 'actor.isAdmin', value: true, holds: [true], fails: [false] },
    { fact: 'message.seq', value: 0, holds: [0], fails: [1] },
    { fact: 'event.time', value: '2026-01-03T15:00:00Z', holds: [SATURDAY_23], fails: [SUNDAY_06] },
  ],
  notEqual: [{ fact: 'actor.id', value: 'alice', holds: ['bob'], fails: ['alice'] }],
  in: [
    { fact: 'actor.id', value: ['a', 'b'], holds: ['a', 'b'], fails: ['c', 'ab', ''] },
    { fact: 'actor.id', value: { list: 'friends' }, holds: ['dora'], fails: ['dor'] },
    { fact: 'message.seq', value: [1, 2], holds: [2], fails: [3] },
  ],
  notIn: [{ fact: 'actor.id', value: ['a', 'b'], holds: ['c'], fails: ['a'] }],
  contains: [
    { fact: 'message.text', value: 'Loan', holds: ['A Loan.'], fails: ['a loan', ''] },
    { fact: 'message.mentions', value: 'bob', holds: [['al', 'bob']], fails: [['bobby'], []] },
  ],
  doesNotContain: [
    { fact: 'message.text', value: 'loan', holds: ['hi'], fails: ['a loan'] },
    { fact: 'message.mentions', value: 'bob', holds: [['bobby'], []], fails: [['bob']] },
  ],
  lessThan: [{ fact: 'message.seq', value: 5, holds: [4], fails: [5, 6] }],
  lessThanInclusive: [{ fact: 'message.seq', value: 5, holds: [4, 5], fails: [6] }],
  greaterThan: [{ fact: 'message.seq', value: 5, holds: [6], fails: [5, 4] }],
  greaterThanInclusive: [
    { fact: 'message.seq', value: 5, holds: [5, 6], fails: [4] },
    { fact: 'event.time', value: '2026-01-03', holds: [SATURDAY_23], fails: [Date.UTC(2026, 0, 2)] },
  ],
  between: [{ fact: 'message.seq', value: [2, 4], holds: [2, 3, 4], fails: [1, 5] }],
  startsWith: [
    { fact: 'actor.id', value: 'bot_', holds: ['bot_1'], fails: ['Bot_1', 'a_bot_'] },
    { fact: 'actor.id', value: ['bot_', 'test_'], holds: ['test_1'], fails: ['user'] },
  ],
  endsWith: [{ fact: 'actor.id', value: '_bot', holds: ['my_bot'], fails: ['my_bots'] }],
  matches: [
    {
      fact: 'message.text',
      value: '(?i)\\bfree\\s+coins\\b',
      holds: ['get FREE  coins'],
      fails: ['freecoins'],
    },
    {
      fact: 'message.links',
      value: '^https?://[^/]*evil',
      holds: [['http://a', 'https://evil.com/x']],
      fails: [[]],
    },
  ],
  containsAny: [
    { fact: 'message.text', value: ['loan', '赌博'], holds: ['LOAN', '赌\u200B博'], fails: ['hello', ''] },
    { fact: 'message.text', value: { list: 'words' }, holds: ['casino night'], fails: ['cas ino'] },
    { fact: 'message.mentions', value: ['bob'], holds: [['bob']], fails: [['bobby'], []] },
  ],
  containsNone: [{ fact: 'message.text', value: ['loan'], holds: ['hello'], fails: ['loans'] }],
  inCidr: [
    {
      fact: 'client.ip',
      value: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'],
      holds: ['10.1.2.3', '2001:db8::1', '192.0.2.7', '::ffff:10.0.0.1'],
      fails: ['11.0.0.1', '2001:db9::1', '192.0.2.8', 'nonsense', ''],
    },
    { fact: 'client.ip', value: { list: 'networks' }, holds: ['172.16.9.9'], fails: ['172.32.0.1'] },
  ],
  exists: [{ fact: 'actor.id', value: true, holds: ['a', ''], fails: [] }],
  lengthAtLeast: [
    { fact: 'message.text', value: 3, holds: ['abc', '赌博😀'], fails: ['ab', '😀😀'] },
    { fact: 'message.mentions', value: 2, holds: [['a', 'b']], fails: [['a'], []] },
  ],
  lengthAtMost: [{ fact: 'message.text', value: 2, holds: ['', 'ab', '😀😀'], fails: ['abc'] }],
  timeOfDayBetween: [
    {
      fact: 'event.time',
      value: { from: '22:00', to: '06:00', zone: 'Asia/Shanghai' },
      holds: [SATURDAY_23],
      fails: [SUNDAY_06, SATURDAY_23 - 2 * 3_600_000],
    },
    {
      fact: 'event.time',
      value: { from: '06:00', to: '07:00', zone: 'Asia/Shanghai' },
      holds: [SUNDAY_06],
      fails: [SUNDAY_06 + 3_600_000, SUNDAY_06 - 1],
    },
  ],
  weekday: [
    {
      fact: 'event.time',
      value: { days: ['sun'], zone: 'Asia/Shanghai' },
      holds: [SUNDAY_06],
      fails: [SATURDAY_23],
    },
    {
      fact: 'event.time',
      value: { days: ['sat'], zone: 'UTC' },
      holds: [SUNDAY_06],
      fails: [SUNDAY_06 + 7_200_000],
    },
  ],
};

const LISTS = { friends: ['dora'], words: ['casino'], networks: ['172.16.0.0/12'] };

function ruleFor(operator: OperatorName, fact: FactName, value: unknown): string {
  return stringify({
    lists: LISTS,
    rules: [{ id: 'r', on: 'message.send', when: { fact, operator, value }, then: { refuse: true } }],
  });
}

describe('operators', () => {
  for (const operator of OPERATOR_NAMES) {
    describe(operator, () => {
      for (const { fact, value, holds, fails } of CASES[operator]) {
        it(`${fact} with ${JSON.stringify(value)}`, async () => {
          const ruleSet = await ruleSetOf(ruleFor(operator, fact, value));
          const verdictFor = async (given: FactValue): Promise<string> =>
            (await ruleOn(ruleSet, 'message.send', { [fact]: given })).verdict;
          for (const given of holds)
            expect(await verdictFor(given), JSON.stringify(given)).to.equal('refuse');
          for (const given of fails) expect(await verdictFor(given), JSON.stringify(given)).to.equal('allow');
        });

        it(`${fact} absent`, async () => {
          const ruleSet = await ruleSetOf(ruleFor(operator, fact, value));
          expect((await ruleOn(ruleSet, 'message.send', {})).verdict).to.equal('allow');
        });
      }
    });
  }

  it('`exists: false` holds for an absent fact only', async () => {
    const ruleSet = await ruleSetOf(ruleFor('exists', 'topic.id', false));
    expect((await ruleOn(ruleSet, 'message.send', {})).verdict).to.equal('refuse');
    expect((await ruleOn(ruleSet, 'message.send', { 'topic.id': 't' })).verdict).to.equal('allow');
  });

  describe('comparing two facts', () => {
    const cases: readonly [OperatorName, FactName, FactName, Record<string, FactValue>, boolean][] = [
      ['equal', 'actor.id', 'target.id', { 'actor.id': 'a', 'target.id': 'a' }, true],
      ['equal', 'actor.id', 'target.id', { 'actor.id': 'a', 'target.id': 'b' }, false],
      ['equal', 'actor.id', 'target.id', { 'actor.id': 'a' }, false],
      ['notEqual', 'actor.id', 'operator.id', { 'actor.id': 'a', 'operator.id': 'b' }, true],
      ['notEqual', 'actor.id', 'operator.id', { 'actor.id': 'a' }, false],
      ['in', 'target.id', 'message.mentions', { 'target.id': 'a', 'message.mentions': ['b', 'a'] }, true],
      ['notIn', 'target.id', 'message.mentions', { 'target.id': 'a', 'message.mentions': ['b'] }, true],
      ['contains', 'message.text', 'target.id', { 'message.text': 'hi bob', 'target.id': 'bob' }, true],
      ['contains', 'message.mentions', 'actor.id', { 'message.mentions': ['a'], 'actor.id': 'a' }, true],
      ['lessThan', 'message.sentAt', 'event.time', { 'message.sentAt': 1, 'event.time': 2 }, true],
      ['startsWith', 'message.text', 'actor.id', { 'message.text': 'bob: hi', 'actor.id': 'bob' }, true],
    ];
    for (const [operator, left, right, facts, expected] of cases) {
      it(`${left} ${operator} ${right} with ${JSON.stringify(facts)}: ${expected}`, async () => {
        const ruleSet = await ruleSetOf(ruleFor(operator, left, { fact: right }));
        const ruling = await ruleOn(ruleSet, 'message.send', Object.fromEntries(factMap(facts)));
        expect(ruling.verdict === 'refuse').to.equal(expected);
      });
    }
  });
});
