import { expect } from 'chai';
import type { DecisionPolicy, RuleSet } from '../../engine/rule-set.js';
import type { Ruling } from '../../engine/decision.js';
import type { FactSource, JudgedEvent } from '../../engine/event.js';
import type { FactName, FactValue } from '../../engine/facts.js';
import { compileYaml, factMap, LENIENT, onlyRuling, ruleSetOf, STRICT } from '../support/rules.js';

/** The text never comes, the nickname cannot be had, and everything else is at hand. */
function factsWith(more: Readonly<Partial<Record<FactName, FactValue>>>): FactSource {
  const facts = factMap({ 'event.kind': 'message.send', 'event.stage': 'before', ...more });
  return {
    get(name) {
      if (name === 'message.text') return new Promise(() => undefined);
      if (name === 'actor.nickname') return Promise.reject(new Error('no connection'));
      return facts.get(name);
    },
  };
}

const eventOf = (facts: FactSource): JudgedEvent => ({
  kind: 'message.send',
  stage: 'before',
  facts,
  targets: [],
});

/** Patience that ends at once. */
const impatient = () => Promise.resolve();

async function ruled(
  ruleSet: RuleSet,
  policy: DecisionPolicy,
  facts: FactSource = factsWith({ 'actor.id': 'alice' }),
): Promise<Ruling> {
  return onlyRuling(await ruleSet.decide(eventOf(facts), policy, { patience: impatient }));
}

const SLOW = (more: string) => `
rules:
  - id: slow
    on: message.send
    ${more}
    when: { fact: message.text, operator: contains, value: spam }
    then: { refuse: { message: 'Spam.' } }
  - id: quick
    on: message.send
    when: { fact: actor.id, operator: equal, value: alice }
    then: { tag: seen }
`;

describe('a rule that cannot be judged', () => {
  const message = 'the fact `message.text` did not come in time';

  it('is left out where failures are allowed, and the others decide', async () => {
    const ruling = await ruled(await ruleSetOf(SLOW('')), LENIENT);
    expect(ruling).to.deep.include({ verdict: 'allow', decidedBy: null, tags: ['seen'] });
    expect(ruling.errors).to.deep.equal([{ rule: 'slow', message }]);
  });

  it('refuses where failures are refused, in the words of a failure', async () => {
    const ruling = await ruled(await ruleSetOf(SLOW('')), STRICT);
    expect(ruling).to.deep.include({ verdict: 'refuse', decidedBy: 'slow', tags: [] });
    expect(ruling.refusal?.reason).to.equal(99);
  });

  it('does the same with `on_error: fail`', async () => {
    const ruleSet = await ruleSetOf(SLOW('on_error: fail'));
    expect((await ruled(ruleSet, LENIENT)).verdict).to.equal('allow');
    expect((await ruled(ruleSet, STRICT)).refusal?.reason).to.equal(99);
  });

  for (const [failures, policy] of [
    ['allowed', LENIENT],
    ['refused', STRICT],
  ] as const) {
    it(`counts as not matching with \`on_error: skip\`, where failures are ${failures}`, async () => {
      const ruling = await ruled(await ruleSetOf(SLOW('on_error: skip')), policy);
      expect(ruling).to.deep.include({ verdict: 'allow', decidedBy: null, tags: ['seen'] });
      expect(ruling.errors).to.deep.equal([{ rule: 'slow', message }]);
    });

    it(`counts as matching with \`on_error: match\`, where failures are ${failures}`, async () => {
      const ruling = await ruled(await ruleSetOf(SLOW('on_error: match')), policy);
      expect(ruling).to.deep.include({ verdict: 'refuse', decidedBy: 'slow' });
      expect(ruling.refusal).to.include({ reason: 1, message: 'Spam.' });
      expect(ruling.matched).to.deep.equal([{ rule: 'slow', mode: 'enforce' }]);
      expect(ruling.errors).to.deep.equal([{ rule: 'slow', message }]);
    });
  }

  it('has no effect as a shadow, and still tells what it would have done', async () => {
    const ruleSet = await ruleSetOf(SLOW('mode: shadow\n    on_error: match'));
    const ruling = await ruled(ruleSet, STRICT);
    expect(ruling).to.deep.include({ verdict: 'allow', tags: ['seen'] });
    expect(ruling.matched[0]).to.deep.include({ rule: 'slow', mode: 'shadow' });
    expect(ruling.matched[0]?.would?.verdict).to.equal('refuse');
  });

  it('fills its texts as if the fact were absent with `on_error: match`', async () => {
    const ruleSet = await ruleSetOf(`
rules:
  - id: greet
    on: message.send
    on_error: match
    when: always
    then: { refuse: { message: 'Not now, {{actor.nickname}}!' } }
`);
    const ruling = await ruled(ruleSet, STRICT);
    expect(ruling.refusal?.message).to.equal('Not now, !');
    expect(ruling.errors).to.deep.equal([{ rule: 'greet', message: 'no connection' }]);
  });

  it('is not there at all when no candidate needs the fact', async () => {
    const ruleSet = await ruleSetOf(SLOW('').replace('contains, value: spam', 'equal, value: spam'));
    const quick: FactSource = factMap({ 'actor.id': 'alice', 'message.text': 'hello' });
    let asked = 0;
    const patience = (): Promise<void> => {
      asked += 1;
      return impatient();
    };
    const { errors } = onlyRuling(await ruleSet.decide(eventOf(quick), STRICT, { patience }));
    expect(errors).to.deep.equal([]);
    expect(asked).to.equal(0);
  });

  it('takes a fact that came before the patience ended, however late it is looked at', async () => {
    const ruleSet = await ruleSetOf(SLOW('on_error: skip'));
    const facts: FactSource = {
      get: (name) => (name === 'message.text' ? Promise.resolve('spam') : undefined),
    };
    expect((await ruled(ruleSet, LENIENT, facts)).decidedBy).to.equal('slow');
  });

  it('knows no other word', async () => {
    const { problems } = await compileYaml(SLOW('on_error: ignore'));
    expect(problems.map(({ code }) => code)).to.deep.equal(['wrong-value']);
  });
});
