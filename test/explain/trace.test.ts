import { expect } from 'chai';
import fc from 'fast-check';
import type { Finding } from '../../engine/finding.js';
import type { PlacedCondition, PlacedLeaf } from '../../engine/placed.js';
import { compileTraced, findOn, traceDecision, type TracedRuleSet } from '../../engine/trace.js';
import { blame } from '../../cli/explain/blame.js';
import { holdingRules } from '../engine/differential/plain-engine.js';
import { eventOf, randomEvent } from '../engine/differential/random-events.js';
import { randomDocument } from '../engine/differential/random-rules.js';
import { ABLE, eventOf as eventWith, LENIENT } from '../support/rules.js';

async function traced(data: unknown): Promise<TracedRuleSet> {
  const folder = { documents: [{ file: 'r.yaml', data }], texts: new Map<string, string>() };
  const result = await compileTraced(folder, { capabilities: ABLE, platforms: ['able'] });
  if (result.traced === null) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result.traced;
}

describe('a trace', () => {
  it('finds for every rule what json-rules-engine alone finds, and never contradicts the decision (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomDocument,
        fc.array(randomEvent, { minLength: 8, maxLength: 8 }),
        async ({ deciding }, events) => {
          const rules = await traced(deciding);
          for (const random of events) {
            const event = eventOf(random);
            const traces = await traceDecision(rules, event, await rules.ruleSet.decide(event, LENIENT));
            expect(traces).to.have.length(random.targets.length);
            for (const [index, facts] of random.targets.entries()) {
              const holding = await holdingRules(deciding, facts);
              for (const {
                traced: { rule },
                finding,
              } of traces[index]?.rules ?? []) {
                expect(finding?.holds, rule.id).to.equal(holding.has(rule.id));
              }
            }
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  const leaf = (value: string): unknown => ({ fact: 'actor.id', operator: 'equal', value });
  const rule = (id: string, more: object): object => ({
    id,
    on: 'message.send',
    when: leaf('a'),
    then: { tag: 'x' },
    ...more,
  });

  it('tells of every rule what became of it', async () => {
    const rules = await traced({
      rules: [
        rule('matches', {}),
        rule('differs', { when: leaf('b') }),
        rule('off', { mode: 'off' }),
        rule('decides', { then: { refuse: true }, stage: 'before' }),
        rule('late', {}),
        rule('elsewhere', { on: 'block.add' }),
      ],
    });
    const event = eventWith('message.send', { 'actor.id': 'a' });
    const [trace] = await traceDecision(rules, event, await rules.ruleSet.decide(event, LENIENT));
    expect(
      trace?.rules.map((one) => `${one.traced.rule.id} ${one.state} ${String(one.finding?.holds)}`),
    ).to.deep.equal([
      'matches matched true',
      'differs unmatched false',
      'off off true',
      'decides matched true',
      'late late true',
    ]);
  });

  it('tells why a rule could not be judged', async () => {
    const rules = await traced({
      rules: [rule('breaks', { when: { fact: 'message.text', operator: 'contains', value: 'x' } })],
    });
    const facts = {
      get: (name: string) => (name === 'message.text' ? Promise.reject(new Error('down')) : undefined),
    };
    const event = { kind: 'message.send', stage: 'before', facts, targets: [] } as const;
    const [trace] = await traceDecision(rules, event, await rules.ruleSet.decide(event, LENIENT));
    expect(trace?.rules[0]).to.include({ state: 'failed', error: 'down', finding: undefined });
  });

  it('shows the values that were compared, and where shared conditions stand', async () => {
    const rules = await traced({
      conditions: { self: { fact: 'actor.id', operator: 'equal', value: { fact: 'target.id' } } },
      rules: [rule('r', { on: 'block.add', when: { all: [{ not: { condition: 'self' } }, leaf('a')] } })],
    });
    const [only] = rules.rules;
    const finding = await findOn(
      only!,
      new Map([
        ['actor.id', 'a'],
        ['target.id', 'b'],
      ] as const),
    );
    expect(finding).to.deep.equal({
      holds: true,
      members: [
        { holds: true, members: [{ holds: false, left: 'a', right: 'b', members: [] }] },
        { holds: true, left: 'a', members: [] },
      ],
    });
    const [negation, plain] = only?.when?.type === 'all' ? only.when.members : [];
    const [shared] = negation?.type === 'not' ? negation.members : [];
    expect(shared).to.include({ shared: 'self' });
    expect(shared?.node.path).to.deep.equal(['conditions', 'self']);
    expect(plain?.node.path).to.deep.equal(['rules', 0, 'when', 'all', 1]);
  });

  it('contradicts no decision but that of another rule set', async () => {
    const [rules, others] = [
      await traced({ rules: [rule('r', {})] }),
      await traced({ rules: [rule('r', { when: leaf('b') })] }),
    ];
    const event = eventWith('message.send', { 'actor.id': 'a' });
    const decision = await others.ruleSet.decide(event, LENIENT);
    const error = await traceDecision(rules, event, decision).catch((reason: unknown) => reason);
    expect(String(error)).to.include('the trace of rule r contradicts the decision');
  });
});

/** A condition whose leaves are known by number, and what was found for it. */
type Shape =
  { readonly type: 'all' | 'any' | 'not'; readonly members: readonly Shape[] } | { readonly type: 'leaf' };

const shapes = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant({ type: 'leaf' } as const),
    fc.record({
      type: fc.constantFrom('all' as const, 'any' as const),
      members: fc.array(tie('shape'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ type: fc.constant('not' as const), members: fc.tuple(tie('shape')) }),
  ),
})).shape;

const NODE = { file: 'r.yaml', path: [], value: null };

function build(shape: Shape, leaves: PlacedLeaf[]): PlacedCondition {
  if (shape.type !== 'leaf') {
    return { type: shape.type, node: NODE, members: shape.members.map((member) => build(member, leaves)) };
  }
  const right = { type: 'operand', operand: 'a' } as const;
  const leaf: PlacedLeaf = {
    type: 'leaf',
    node: NODE,
    leaf: { type: 'leaf', fact: 'actor.id', operator: 'equal', right },
  };
  leaves.push(leaf);
  return leaf;
}

function find(condition: PlacedCondition, holds: ReadonlySet<PlacedLeaf>): Finding {
  if (condition.type === 'leaf') return { holds: holds.has(condition), members: [] };
  const members = condition.members.map((member) => find(member, holds));
  const truths = members.map((member) => member.holds === true);
  const whole = { all: truths.every(Boolean), any: truths.some(Boolean), not: !truths[0] };
  return { holds: whole[condition.type], members };
}

describe('the leaves that are blamed', () => {
  it('would make the condition hold, and no smaller set would (property)', () => {
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const leaves: PlacedLeaf[] = [];
        const condition = build(shape, leaves);
        fc.pre(leaves.length <= 8);
        const subsetOf = (bits: number): ReadonlySet<PlacedLeaf> =>
          new Set(leaves.filter((_, index) => (bits >> index) % 2 === 1));
        const truth = subsetOf(seed % 256);
        const flip = (flipped: ReadonlySet<PlacedLeaf>) =>
          find(condition, new Set(leaves.filter((leaf) => truth.has(leaf) !== flipped.has(leaf))));
        const blamed = new Set(blame(condition, find(condition, truth)).map(({ leaf }) => leaf));
        expect(flip(blamed).holds).to.equal(true);
        for (let bits = 0; bits < 1 << leaves.length; bits += 1) {
          const smaller = subsetOf(bits);
          if (smaller.size < blamed.size) expect(flip(smaller).holds).to.equal(false);
        }
      }),
    );
  });
});
