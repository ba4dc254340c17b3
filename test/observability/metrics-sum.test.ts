import { expect } from 'chai';
import { Registry } from 'prom-client';
import { register, registerLatency, type Rows } from '../../server/metrics/family.js';
import { createLatency, LATENCY_BOUNDS } from '../../server/metrics/latency.js';
import { createRuleCounts, OTHER_RULES } from '../../server/metrics/rule-counts.js';
import { createMetricsSum } from '../../server/metrics/sum.js';
import { plainRuling, type Decision } from '../../engine/decision.js';
import { parseExposition } from './exposition.js';

/** The metrics of a process as they arrive from it. */
async function processWith(callbacks: number, hits: Rows, revision = 'abc') {
  const registry = new Registry();
  const latency = createLatency();
  for (let number = 0; number < callbacks; number += 1) latency.observe(3);
  register(registry, { name: 'calls_total', help: '-', type: 'counter', read: () => callbacks });
  register(registry, { name: 'hits_total', help: '-', type: 'counter', labels: ['rule'], read: () => hits });
  register(registry, {
    name: 'info',
    help: '-',
    type: 'gauge',
    labels: ['revision'],
    read: () => [[[revision], 1]],
  });
  register(registry, { name: 'files', help: '-', type: 'gauge', aggregator: 'max', read: () => 4 });
  registerLatency(registry, {
    name: 'took_seconds',
    help: '-',
    label: 'app',
    read: () => [['im', latency.counts()]],
  });
  const snapshot = await registry.getMetricsAsJSON();
  return JSON.parse(JSON.stringify(snapshot)) as typeof snapshot;
}

describe('the metrics of several processes', () => {
  it('are added up, or as their kind demands', async () => {
    const sum = createMetricsSum();
    sum.update('a', await processWith(2, [[['spam'], 1]]));
    sum.update('b', await processWith(3, [[['spam'], 4]], 'def'));
    const { value, samples } = parseExposition(await sum.text());
    expect(value('calls_total')).to.equal(5);
    expect(value('hits_total', { rule: 'spam' })).to.equal(5);
    expect(value('files')).to.equal(4);
    expect(samples.get('info')).to.have.lengthOf(2);
    expect(value('took_seconds_count', { app: 'im' })).to.equal(5);
    expect(value('took_seconds_bucket', { le: '0.0025' })).to.equal(0);
    expect(value('took_seconds_bucket', { le: '0.005' })).to.equal(5);
    expect(value('took_seconds_bucket', { le: '+Inf' })).to.equal(5);
  });

  it('count each process once, by what it said last', async () => {
    const sum = createMetricsSum();
    sum.update('a', await processWith(2, []));
    sum.update('a', await processWith(7, []));
    expect(parseExposition(await sum.text()).value('calls_total')).to.equal(7);
  });

  it('never shrink when a process ends: what it counted stays, what it was is gone', async () => {
    const sum = createMetricsSum();
    sum.update('a', await processWith(2, [[['spam'], 1]], 'old'));
    sum.update('b', await processWith(3, [[['spam'], 1]]));
    sum.retire('a');
    sum.retire('a');
    sum.retire('never-seen');
    sum.update('c', await processWith(1, []));
    const { value, samples } = parseExposition(await sum.text());
    expect(value('calls_total')).to.equal(6);
    expect(value('took_seconds_count', { app: 'im' })).to.equal(6);
    expect(value('hits_total', { rule: 'spam' })).to.equal(2);
    expect(value('info', { revision: 'abc' })).to.equal(2);
    expect(samples.get('info')).to.have.lengthOf(1);
  });

  it('do not keep rules alive that no living process knows', async () => {
    const sum = createMetricsSum();
    sum.update('a', await processWith(0, [[['gone'], 9]]));
    sum.retire('a');
    sum.update('b', await processWith(0, [[['new'], 1]]));
    const { samples } = parseExposition(await sum.text());
    expect(samples.get('hits_total')).to.deep.equal([{ labels: { rule: 'new' }, value: 1 }]);
  });
});

describe('latency', () => {
  it('is counted in the first bucket whose bound it does not exceed', () => {
    const latency = createLatency();
    for (const ms of [0, 0.1, 0.11, 800, 801, 2000, 2001, 1e9]) latency.observe(ms);
    const { buckets, sum } = latency.counts();
    const at = (bound: number): number | undefined => buckets[LATENCY_BOUNDS.indexOf(bound)];
    expect([at(0.1), at(0.25), at(800), at(1000), at(2000), buckets.at(-1)]).to.deep.equal([
      2, 1, 1, 1, 1, 2,
    ]);
    expect(sum).to.be.closeTo(1_000_005_602.21, 0.01);
  });
});

describe('hits of rules', () => {
  const decision = (...rules: string[]): Decision => ({
    revision: 'abc',
    rulings: [
      { ...plainRuling('allow'), matched: rules.map((rule) => ({ rule, mode: 'enforce' as const })) },
    ],
  });

  it('are counted by name for a bounded number of rules, and together for the others', () => {
    const counts = createRuleCounts(2);
    for (const rule of ['a', 'b', 'c', 'd', 'a']) counts.add(decision(rule));
    expect(counts.hits()).to.deep.equal([
      { rule: 'a', mode: 'enforce', count: 2 },
      { rule: 'b', mode: 'enforce', count: 1 },
      { rule: OTHER_RULES, mode: 'enforce', count: 2 },
    ]);
  });

  it('tell strikes and labels that were given, and not those that an app only watched', () => {
    const counts = createRuleCounts(1);
    const given = { ...plainRuling('allow'), strikes: ['spam', 'rude'], labels: ['muted'] };
    counts.add({ revision: 'abc', rulings: [given, given] });
    counts.add({ revision: 'abc', rulings: [given] }, false);
    expect(counts.strikes()).to.deep.equal([
      ['spam', 2],
      [OTHER_RULES, 2],
    ]);
    expect(counts.labels()).to.deep.equal([['muted', 2]]);
  });

  it('are forgotten with their rule', () => {
    const counts = createRuleCounts();
    counts.add(decision('a', 'b'));
    counts.keep(new Set(['b']));
    expect(counts.hits()).to.deep.equal([{ rule: 'b', mode: 'enforce', count: 1 }]);
  });
});
