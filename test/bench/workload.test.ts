import { expect } from 'chai';
import { callgate } from '../../bench/decision/contenders/callgate.js';
import { closures } from '../../bench/decision/contenders/closures.js';
import { stock } from '../../bench/decision/contenders/stock.js';
import { assertAgreement, withMatches } from '../../bench/decision/matching.js';
import { generateRules } from '../../bench/workload/rules.js';
import { eventOf, mixedTraffic, traffic } from '../../bench/workload/traffic.js';

const SEED = 7;
const rules = generateRules(300, SEED);

describe('generated rules', () => {
  it('are the same for the same seed, and the first ones whatever the count', () => {
    expect(generateRules(300, SEED)).to.deep.equal(rules);
    expect(generateRules(20, SEED)).to.deep.equal(rules.slice(0, 20));
    expect(generateRules(20, SEED + 1)).not.to.deep.equal(rules.slice(0, 20));
  });

  it('are about messages, friends, blocks and groups', () => {
    const kinds = new Set(rules.map(({ rule }) => rule.on));
    expect([...kinds].sort()).to.deep.equal(['block.add', 'friend.request', 'group.join', 'message.send']);
  });
});

describe('generated callbacks', () => {
  const callbacks = mixedTraffic(rules, { count: 100, seed: SEED });

  it('come from both platforms and are read by their adapters', () => {
    expect(new Set(callbacks.map(({ sketch }) => sketch.platform))).to.have.lengthOf(2);
    for (const callback of callbacks) expect(eventOf(callback).event.kind).to.equal(callback.sketch.kind);
  });

  it('have texts of 200 characters', () => {
    for (const { sketch } of callbacks) expect(sketch.text).to.have.lengthOf(200);
  });

  it('match a rule once in ten', async () => {
    const judge = await closures.prepare(rules);
    const matches = await Promise.all(
      callbacks.map(async (callback) => (await judge(eventOf(callback))).length),
    );
    expect(matches.map((count) => count > 0)).to.deep.equal(matches.map((_, index) => index % 10 === 9));
  });

  it('can match several rules at once', async () => {
    const events = traffic(rules, { count: 20, matches: 5, seed: SEED }).map(eventOf);
    expect(await withMatches(await closures.prepare(rules), events, 5, 5)).to.have.lengthOf(5);
  });

  it('are judged alike by Callgate, json-rules-engine and plain functions', async () => {
    const engines = [callgate, stock, closures];
    const judges = await Promise.all(
      engines.map(async (engine) => [engine.name, await engine.prepare(rules)] as const),
    );
    const several = traffic(rules, { count: 10, matches: 5, seed: SEED }).map(eventOf);
    await assertAgreement(judges, [...callbacks.slice(-30).map(eventOf), ...several]);
  });

  it('show when two judges disagree', async () => {
    const nothing = ['nothing', () => []] as const;
    const events = traffic(rules, { count: 1, matches: 1, seed: SEED }).map(eventOf);
    const failure = await assertAgreement(
      [nothing, ['Callgate', await callgate.prepare(rules)]],
      events,
    ).catch(String);
    expect(failure).to.include('Callgate finds');
  });
});
