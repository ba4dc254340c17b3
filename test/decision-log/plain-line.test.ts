import { expect } from 'chai';
import fc from 'fast-check';
import type { FailureCause } from '../../adapters/adapter.js';
import { plainRuling, type Ruling } from '../../engine/decision.js';
import { createFactKeeper } from '../../server/decision-log/kept-facts.js';
import { lineOf, type DecisionEntry } from '../../server/decision-log/line.js';
import { createPlainLines } from '../../server/decision-log/plain-line.js';
import { fakeApp } from '../support/fake-adapter.js';
import { eventOf, eventWithTargets } from '../support/rules.js';
import { callbackOf, entryOf, NOON, SETTINGS } from './support.js';

const KEEPER = createFactKeeper(SETTINGS);

function plainLine(entry: DecisionEntry, now = NOON): string | undefined {
  return createPlainLines(KEEPER)(entry, now);
}

const wholeLine = (entry: DecisionEntry, now = NOON): string => JSON.stringify(lineOf(entry, KEEPER, now));

const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('alice', '"', '\\', '\u2028', '\ud800', ''),
);
const facts = fc.record(
  { 'actor.id': name, 'target.id': name, 'group.id': name, 'message.text': name },
  { requiredKeys: [] },
);

const anEntry = fc
  .record({
    facts,
    verdict: fc.constantFrom('allow', 'refuse', 'discard'),
    rules: fc.array(name, { maxLength: 3 }),
    isDecided: fc.boolean(),
    ms: fc.double({ min: 0, max: 1e6, noNaN: true }),
    revision: name,
    app: name,
  })
  .map(({ facts: given, verdict, rules, isDecided, ms, revision, app }): DecisionEntry => {
    const ruling: Ruling = {
      ...plainRuling(verdict),
      decidedBy: isDecided ? (rules[0] ?? null) : null,
      matched: rules.map((rule) => ({ rule, mode: 'enforce' })),
    };
    const decision = { revision, rulings: [ruling] };
    return entryOf(eventOf('message.send', given), decision, { ms, app: { ...fakeApp, id: app } });
  });

describe('a plain line of the decision log', () => {
  it('is to the letter what the general way makes', () => {
    fc.assert(
      fc.property(anEntry, fc.date({ noInvalidDate: true }), (entry, moment) => {
        expect(plainLine(entry, moment.getTime())).to.equal(wholeLine(entry, moment.getTime()));
      }),
      { numRuns: 500 },
    );
  });

  it('tells apps, commands and moments apart that follow each other', () => {
    const line = createPlainLines(KEEPER);
    const event = eventOf('message.send', { 'actor.id': 'alice' });
    const decision = { revision: 'r', rulings: [plainRuling('allow')] };
    const other = { ...fakeApp, id: 'other' };
    for (const app of [fakeApp, other, fakeApp]) {
      for (const command of ['one', 'two', 'one']) {
        for (const now of [NOON, NOON + 1, NOON]) {
          const entry = entryOf(event, decision, { app, callback: callbackOf(event, command) });
          expect(line(entry, now)).to.equal(wholeLine(entry, now));
        }
      }
    }
  });

  describe('is none', () => {
    const event = eventOf('message.send', { 'actor.id': 'alice' });
    const allow = plainRuling('allow');
    const of = (ruling: Partial<Ruling>, more: Partial<DecisionEntry> = {}): DecisionEntry =>
      entryOf(event, { revision: 'r', rulings: [{ ...allow, ...ruling }] }, more);
    const cause: FailureCause = 'deadline';
    const withMore: Readonly<Record<string, DecisionEntry>> = {
      'with a shadow rule': of({ matched: [{ rule: 'x', mode: 'shadow' }] }),
      'with a tag': of({ tags: ['spam'] }),
      'with a notification': of({ notify: ['team'] }),
      'with a strike': of({ strikes: ['spam'] }),
      'with a label': of({ labels: ['muted'] }),
      'with a rewrite': of({ rewrites: new Map([['friend.remark', { set: 'x' }]]) }),
      'with a rule that failed': of({ errors: [{ rule: 'x', message: 'm' }] }),
      'with something that could not be carried out': of({}, { shortfalls: [{ effect: 'e', reason: 'r' }] }),
      'that the failure policy made': of({}, { degraded: cause }),
      'of an app that only observes': of({}, { app: { ...fakeApp, enforce: false } }),
      'of an unknown command': of({}, { callback: { ...callbackOf(event), command: undefined } }),
      'of several targets': entryOf(eventWithTargets('friend.request', {}, ['bob']), {
        revision: 'r',
        rulings: [allow],
      }),
      'with several rulings': entryOf(event, { revision: 'r', rulings: [allow, allow] }),
    };
    for (const [what, entry] of Object.entries(withMore)) {
      it(what, () => {
        expect(plainLine(entry)).to.equal(undefined);
      });
    }

    it('where facts are kept', () => {
      const keeper = createFactKeeper({ ...SETTINGS, facts: ['actor.*', 'client.ip'] });
      expect(createPlainLines(keeper)(of({}), NOON)).to.equal(undefined);
    });
  });
});
