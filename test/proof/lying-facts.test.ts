import { expect } from 'chai';
import type { FactSource, JudgedEvent } from '../../engine/event.js';
import { factDefinition, type FactName } from '../../engine/facts.js';
import { LENIENT, onlyRuling, ruleSetOf, STRICT } from '../support/rules.js';

/** A question about a fact, in YAML: at least one for every operator. */
const QUESTIONS: readonly (readonly [fact: FactName, question: string])[] = [
  ['actor.id', 'operator: equal, value: a'],
  ['actor.id', 'operator: notEqual, value: a'],
  ['actor.id', 'operator: in, value: [a, b]'],
  ['actor.id', 'operator: notIn, value: [a, b]'],
  ['actor.id', 'operator: startsWith, value: [a, b]'],
  ['actor.id', 'operator: endsWith, value: a'],
  ['actor.id', 'operator: equal, value: { fact: group.id }'],
  ['client.ip', 'operator: inCidr, value: 10.0.0.0/8'],
  ['message.text', 'operator: contains, value: a'],
  ['message.text', 'operator: doesNotContain, value: a'],
  ['message.text', 'operator: matches, value: "a+"'],
  ['message.text', 'operator: containsAny, value: [a, b]'],
  ['message.text', 'operator: containsNone, value: [a, b]'],
  ['message.text', 'operator: lengthAtLeast, value: 1'],
  ['message.text', 'operator: lengthAtMost, value: 1'],
  ['message.mentions', 'operator: contains, value: a'],
  ['message.mentions', 'operator: containsAny, value: [a, b]'],
  ['message.mentions', 'operator: matches, value: a'],
  ['message.mentions', 'operator: lengthAtLeast, value: 1'],
  ['message.random', 'operator: lessThan, value: 1'],
  ['message.random', 'operator: lessThanInclusive, value: 1'],
  ['message.random', 'operator: greaterThan, value: 1'],
  ['message.random', 'operator: greaterThanInclusive, value: 1'],
  ['message.random', 'operator: between, value: [1, 5]'],
  ['message.isSystem', 'operator: equal, value: true'],
  ['message.sentAt', 'operator: greaterThan, value: 2026-01-01T00:00:00Z'],
  ['message.sentAt', 'operator: timeOfDayBetween, value: { from: "22:00", to: "06:00", zone: UTC }'],
  ['message.sentAt', 'operator: weekday, value: { days: [sat], zone: UTC }'],
];

/** What no fact of any type can be. */
const LIES: Readonly<Record<string, unknown>> = {
  null: null,
  'not a number': Number.NaN,
  'no end': Infinity,
  'an object': { length: 1, includes: null },
  'a list of objects': [{}],
  'a function': () => true,
  'a symbol': Symbol('fact'),
  'a big integer': 1n,
  'a text': '9e15',
};

const GROUP: FactName = 'group.id';

/** An event of which one fact is a lie. */
function lyingEvent(fact: FactName, lie: () => unknown): JudgedEvent {
  // A lie has another type than the one it claims: no honest code gets past the compiler with it.
  const get = ((name) => (name === fact ? lie() : name === GROUP ? 'g' : undefined)) as FactSource['get'];
  return { kind: 'message.send', stage: 'before', targets: [], facts: { get } };
}

const rulesAbout = (fact: FactName, question: string, onError: string): string => `
rules:
  - { id: asks, on: message.send, priority: 1, on_error: ${onError}, when: { fact: ${fact}, ${question} }, then: { refuse: { reason: 2 } } }
  - { id: sound, on: message.send, when: { fact: group.id, operator: equal, value: g }, then: { refuse: { reason: 3 } } }
`;

/** The lie at once, and as something that had to be fetched. */
const WAYS: Readonly<Record<string, (lie: unknown) => unknown>> = {
  'at once': (lie) => lie,
  late: (lie) => Promise.resolve(lie),
};

describe('a fact that lies about its type', () => {
  for (const [fact, question] of QUESTIONS) {
    it(`is an error of the rule that asks for it, and of no other (${fact}, ${question})`, async () => {
      for (const [onError, policy, reason] of [
        ['skip', STRICT, 3],
        ['match', LENIENT, 2],
        ['fail', LENIENT, 3],
        ['fail', STRICT, 99],
      ] as const) {
        const ruleSet = await ruleSetOf(rulesAbout(fact, question, onError));
        for (const [what, lie] of Object.entries(LIES)) {
          if (typeof lie === 'string' && factDefinition(fact).type === 'string') continue;
          for (const [when, tell] of Object.entries(WAYS)) {
            const event = lyingEvent(fact, () => tell(lie));
            const { refusal, errors } = onlyRuling(await ruleSet.decide(event, policy));
            expect(refusal?.reason, `${what}, ${when}, ${onError}`).to.equal(reason);
            expect(errors.map(({ rule }) => rule)).to.deep.equal(['asks']);
          }
        }
      }
    });
  }

  it('is an error as well where it names a moment that no calendar has', async () => {
    const question = 'operator: weekday, value: { days: [sat], zone: UTC }';
    const ruleSet = await ruleSetOf(rulesAbout('message.sentAt', question, 'skip'));
    for (const moment of [9e15, -9e15]) {
      const { refusal, errors } = onlyRuling(
        await ruleSet.decide(
          lyingEvent('message.sentAt', () => moment),
          STRICT,
        ),
      );
      expect(refusal?.reason).to.equal(3);
      expect(errors.map(({ rule }) => rule)).to.deep.equal(['asks']);
    }
  });
});
