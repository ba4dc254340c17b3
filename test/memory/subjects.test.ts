import { expect } from 'chai';
import fc from 'fast-check';
import type { EventFactName } from '../../engine/facts.js';
import { labelCommand, strikesCommand, type Subject } from '../../engine/subject.js';
import { ruleSetOf } from '../support/rules.js';
import { createRig, START } from './rig.js';

const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 150 });

describe('commands about users and groups that people give', () => {
  const source = (scope: string): string => `
labels: { seen: { scope: ${scope} } }
ladders: { ladder: { scope: ${scope}, by: [group.id, target.id] } }
rules:
  - id: gives
    on: group.invite
    when: always
    then: { label: { target: GIVEN, name: seen, for: 1h }, strike: { ladder: ladder } }
`;

  it('are about the same keys as those of rules, whoever it is and whatever IDs are made of', async () => {
    const facts: readonly EventFactName[] = ['actor.id', 'target.id', 'group.id'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('app', 'all'),
        fc.constantFrom(...facts),
        fc.record({ 'actor.id': id, 'target.id': id, 'group.id': id }),
        fc.constantFrom('im', 'tc'),
        async (scope, target, values, app) => {
          const rig = await createRig(source(scope).replace('GIVEN', target));
          await rig.happens({ kind: 'group.invite', facts: values, app });
          const value = (fact: EventFactName): string => values[fact as keyof typeof values];
          const subject = (...by: readonly EventFactName[]): Subject => ({ app, by, values: by.map(value) });
          const { memory } = rig.ruleSet;
          const asked = [
            strikesCommand(memory, 'ladder', subject('group.id', 'target.id'), {
              effect: 'read',
              at: START,
              member: '',
            }),
            labelCommand(memory, 'seen', subject(target), { effect: 'read', at: START, until: 0 }),
          ];
          expect(rig.store.run(asked)).to.deep.equal({ results: [1, 1], isLocal: false });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the ladders and labels of a rule set', () => {
  it('are those that are declared, given, looked at or named in a text, in whatever mode', async () => {
    const { memory } = await ruleSetOf(`
labels: { declared: { scope: all } }
ladders: { long: { decay: 60d } }
conditions:
  shared: { fact: label.in-condition, operator: equal, value: true }
rules:
  - id: gives
    mode: shadow
    on: message.send
    when: { fact: message.text, operator: equal, value: x }
    then: { label: { target: actor.id, name: given, for: 1h }, strike: { ladder: struck } }
  - id: looks
    mode: off
    on: message.send
    when: { all: [{ condition: shared }, { fact: strikes.counted, by: [target.id], operator: equal, value: 2 }] }
    then: { refuse: { message: 'You have {{strikes.told}}.' } }
`);
    expect([...memory.labels.values()]).to.deep.equal([
      { name: 'declared', scope: 'all' },
      { name: 'given', scope: 'app' },
      { name: 'in-condition', scope: 'app' },
    ]);
    expect([...memory.ladders.keys()]).to.have.members(['long', 'struck', 'counted', 'told']);
    expect(memory.ladders.get('long')?.decay).to.equal(60 * 86_400_000);
    expect(memory.ladders.get('told')?.decay).to.equal(30 * 86_400_000);
  });
});
