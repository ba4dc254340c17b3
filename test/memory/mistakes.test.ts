import { expect } from 'chai';
import { compileYaml } from '../support/rules.js';

/** Codes and messages of what is wrong. */
async function mistakes(source: string): Promise<readonly string[]> {
  const { problems } = await compileYaml(source);
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

const RULE = `
  - id: one
    on: message.send
    when: `;

const CASES: readonly (readonly [name: string, source: string, wanted: string])[] = [
  [
    'an unknown counter',
    `rules:${RULE}{ fact: count.sends, operator: equal, value: 1 }\n    then: { tag: a }`,
    'unknown-counter: Unknown counter `sends`.',
  ],
  [
    'an unknown counter in a text',
    `rules:${RULE}always\n    then: { refuse: { message: '{{count.sends}}' } }`,
    'unknown-counter: Unknown counter `sends`.',
  ],
  [
    'an unknown counter in an example',
    `rules:${RULE}always\n    then: { tag: a }\n    examples: [{ given: { count.sends: 1 }, expect: match }]`,
    'unknown-counter: Unknown counter `sends`.',
  ],
  [
    'a counter without a window',
    'counters: { sends: { on: message.send, by: [actor.id] } }',
    'missing-key: `window` is missing in a counter.',
  ],
  [
    'a window that is no length of time',
    'counters: { sends: { on: message.send, by: [actor.id], window: soon } }',
    'wrong-value: `soon` is not a length of time.',
  ],
  [
    'a window of more than a year',
    'counters: { sends: { on: message.send, by: [actor.id], window: 400d } }',
    'wrong-value: `400d` is not a length of time.',
  ],
  [
    'a fact that the events of a counter never carry',
    'counters: { sends: { on: message.send, by: [friend.remark], window: 1m } }',
    'fact-not-in-kind: The events of this counter never carry `friend.remark`.',
  ],
  [
    'two lists in `by`',
    'counters: { sends: { on: message.send, by: [message.links, message.mentions], window: 1m } }',
    'wrong-operand: Only one of the facts in `by` can be a list.',
  ],
  [
    'a list in `distinct`',
    'counters: { sends: { on: message.send, by: actor.id, distinct: message.links, window: 1m } }',
    'wrong-operand: `message.links` is a list; `distinct` takes one value.',
  ],
  [
    'a counter that looks at a label',
    'counters: { sends: { on: message.send, by: actor.id, window: 1m, where: { fact: label.a, operator: equal, value: true } } }',
    'unknown-fact: A counter cannot look at `label.a of actor.id`.',
  ],
  [
    'a wrong number of facts in `by`',
    `counters: { sends: { on: message.send, by: [actor.id, group.id], window: 1m } }\nrules:${RULE}{ fact: count.sends, by: [actor.id], operator: equal, value: 1 }\n    then: { tag: a }`,
    'wrong-operand: The counter `sends` counts by actor.id, group.id: `by` must name as many facts.',
  ],
  [
    '`by` at a fact of the event',
    `rules:${RULE}{ fact: message.text, by: [actor.id], operator: equal, value: a }\n    then: { tag: a }`,
    'unknown-key: `by` goes with counts, strikes and labels only.',
  ],
  [
    'a label that is compared with a number',
    `rules:${RULE}{ fact: label.a, operator: greaterThan, value: 1 }\n    then: { tag: a }`,
    'operator-for-fact: `greaterThan` cannot look at `label.a of actor.id`, which is a boolean.',
  ],
  [
    'a rewrite of a count',
    `counters: { sends: { on: message.send, by: [actor.id], window: 1m } }\nrules:${RULE}always\n    then: { rewrite: { count.sends: { set: 1 } } }`,
    'unknown-fact: Unknown fact `count.sends`.',
  ],
  [
    'a label without a time',
    `rules:${RULE}always\n    then: { label: { target: actor.id, name: muted } }`,
    'missing-key: `for` is missing in a label (`target`, `name`, `for`).',
  ],
  [
    'a label on somebody whom the event does not name',
    `rules:${RULE}always\n    then: { label: { target: channel.ownerId, name: muted, for: 1h } }`,
    'fact-not-in-kind: The events of this rule never carry `channel.ownerId`.',
  ],
  [
    'a count of somebody whom the event does not name',
    `counters: { sends: { on: message.send, by: [actor.id], window: 1m } }\nrules:${RULE}{ fact: count.sends, by: channel.ownerId, operator: equal, value: 1 }\n    then: { tag: a }`,
    'fact-not-in-kind: The events of this rule never carry `channel.ownerId`.',
  ],
  [
    'a cool-down for a list',
    `rules:${RULE}always\n    cooldown: { for: 1h, by: [message.links] }\n    then: { tag: a }`,
    'wrong-operand: `message.links` is a list; whose it is must be one value.',
  ],
  [
    'a name with a dot',
    'counters: { a.b: { on: message.send, by: [actor.id], window: 1m } }',
    'wrong-value: `a.b` cannot be the name of a counter.',
  ],
];

describe('mistakes in what is remembered', () => {
  for (const [name, source, wanted] of CASES) {
    it(`tells of ${name}`, async () => {
      expect(await mistakes(source)).to.deep.equal([wanted]);
    });
  }

  it('tells of two counters, ladders or labels with one name in two files', async () => {
    const counter = 'counters: { a: { on: message.send, by: actor.id, window: 1m } }';
    const source = `${counter}\nladders: { a: }\nlabels: { a: }`;
    const { problems } = await compileYaml({ 'a.yaml': source, 'b.yaml': source });
    expect(problems.map(({ file, code }) => `${file} ${code}`)).to.deep.equal(
      Array(3).fill('b.yaml duplicate-id'),
    );
  });
});
