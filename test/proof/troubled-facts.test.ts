import { expect } from 'chai';
import type { FactSource } from '../../engine/event.js';
import type { FactName, FactValue } from '../../engine/facts.js';
import type { RuleSet } from '../../engine/rule-set.js';
import { sendJson } from '../support/http.js';
import { ruleSetOf } from '../support/rules.js';
import { startTestServer, type TestServer } from '../support/server.js';

const APPS = `
apps:
  - { id: lenient, platform: openim, path: /lenient, onFailure: allow, deadline: 1000 }
  - { id: strict, platform: openim, path: /strict, onFailure: refuse, deadline: 1000 }
`;

/** For each way to deal with errors: a rule that needs the troubled fact, and a sound one after it. */
const RULES = `
rules:
${['skip', 'match', 'fail']
  .map(
    (way) => `
  - id: asks-${way}
    on: block.add
    stage: before
    priority: 1
    on_error: ${way}
    when: { all: [{ fact: actor.id, operator: equal, value: ${way} }, { fact: target.id, operator: notEqual, value: x }] }
    then: { refuse: { reason: 2 } }`,
  )
  .join('')}
  - { id: sound, on: block.add, stage: before, when: { fact: platform, operator: equal, value: openim }, then: { refuse: { reason: 3 } } }
`;

/** Code of the reply by path and way: 5099 is the failure policy's. */
const CODES: Readonly<Record<string, number>> = {
  '/lenient skip': 5003,
  '/lenient match': 5002,
  '/lenient fail': 5003,
  '/strict skip': 5003,
  '/strict match': 5002,
  '/strict fail': 5099,
};

type Trouble = () => FactValue | Promise<FactValue | undefined> | undefined;

const TROUBLES: Readonly<Record<string, Trouble>> = {
  throws: () => {
    throw new Error('no such fact today');
  },
  'fails late': () => Promise.reject(new Error('the store is gone')),
  'never comes': () => new Promise(() => undefined),
  // A lie has another type than the one it claims, which takes an assertion.
  'lies about its type': () => null as unknown as FactValue,
  'lies late': () => Promise.resolve({} as unknown as FactValue),
};

/** The same rules about events of which one fact is in trouble. */
function troubled(rules: RuleSet, fact: FactName, trouble: Trouble): RuleSet {
  const around = (facts: FactSource): FactSource => ({
    get: (name) => (name === fact ? trouble() : facts.get(name)),
  });
  return {
    ...rules,
    decide: (event, policy, options) =>
      rules.decide({ ...event, facts: around(event.facts) }, policy, options),
  };
}

describe('a fact that is in trouble', () => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  async function start(trouble: Trouble): Promise<(path: string, actor: string) => Promise<number>> {
    const ruleSet = troubled(await ruleSetOf(RULES), 'target.id', trouble);
    const { callbackOrigin } = (server = await startTestServer({ apps: APPS, ruleSet }));
    return async (path, actor) => {
      const { text } = await sendJson(`${callbackOrigin}${path}/callbackBeforeAddBlackCommand`, {
        callbackCommand: 'callbackBeforeAddBlackCommand',
        ownerUserID: actor,
        blackUserID: 'bob',
      });
      return (JSON.parse(text) as { errCode: number }).errCode;
    };
  }

  for (const [what, trouble] of Object.entries(TROUBLES)) {
    it(`and ${what} costs the rules that need it what they say, and no other rule anything`, async () => {
      const ask = await start(trouble);
      const answers = await Promise.all(
        Object.keys(CODES).map(async (call) => {
          const [path = '', way = ''] = call.split(' ');
          return [call, await ask(path, way)] as const;
        }),
      );
      expect(Object.fromEntries(answers)).to.deep.equal(CODES);
      expect(await ask('/strict', 'nobody')).to.equal(5003);
    });
  }

  it('and never comes does not hold up callbacks that do not need it', async () => {
    const ask = await start(() => new Promise(() => undefined));
    const order: string[] = [];
    const call = async (actor: string): Promise<void> => {
      await ask('/lenient', actor);
      order.push(actor);
    };
    const waiting = Array.from({ length: 50 }, () => call('skip'));
    await Promise.all(Array.from({ length: 50 }, () => call('nobody')));
    expect(order).to.not.include('skip');
    await Promise.all(waiting);
    expect(order).to.have.lengthOf(100);
  });
});
