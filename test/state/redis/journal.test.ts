import { expect } from 'chai';
import fc from 'fast-check';
import type { StateCommand } from '../../../engine/state.js';
import { createJournal, isChange, isOver } from '../../../state/redis/journal.js';
import { claimingOf, countingOf, gatheringOf, markingOf, START } from '../commands.js';

const { count } = countingOf(60_000);
const { member } = gatheringOf(60_000);
const { set, clear, read } = markingOf();
const { claim } = claimingOf();

const added = (index: number): StateCommand => count('add', START, `t${index}`);

describe('the journal of what Redis has not heard of', () => {
  it('keeps what changes something, in order', () => {
    const journal = createJournal(10);
    const changes = [
      count('add', START),
      member('add', START, 'a'),
      set(START, START),
      clear(START),
      claim(0, 1, 'a'),
    ];
    journal.add([
      ...changes,
      count('read', START),
      count('assume', START),
      member('read', START),
      read(START),
    ]);
    expect(journal.size()).to.equal(5);
    expect([...journal.take(2), ...journal.take(10)]).to.deep.equal(changes);
    expect(journal.size()).to.equal(0);
    expect(changes.every(isChange)).to.equal(true);
  });

  it('drops the oldest of too many, and counts them', () => {
    const journal = createJournal(3);
    journal.add([0, 1, 2, 3].map(added));
    journal.add([4].map(added));
    expect(journal.dropped()).to.equal(2);
    expect(journal.take(10)).to.deep.equal([2, 3, 4].map(added));
  });

  it('holds what comes in order, and no more than it may, whatever is taken and put back', () => {
    const act = fc.oneof(fc.record({ add: fc.nat(7) }), fc.record({ take: fc.nat(7), back: fc.nat(7) }));
    fc.assert(
      fc.property(fc.array(act), (acts) => {
        const journal = createJournal(5);
        let model: StateCommand[] = [];
        let [last, dropped] = [0, 0];
        const hold = (commands: StateCommand[]): void => {
          dropped += Math.max(0, commands.length - 5);
          model = commands.slice(-5);
        };
        for (const each of acts) {
          if ('add' in each) {
            const fresh = Array.from({ length: each.add }, () => added(last++));
            journal.add(fresh);
            hold([...model, ...fresh]);
          } else {
            const taken = journal.take(each.take);
            expect(taken).to.deep.equal(model.slice(0, each.take));
            const back = taken.slice(-each.back || taken.length);
            journal.putBack(back);
            hold([...back, ...model.slice(each.take)]);
          }
          expect(journal.size()).to.equal(model.length);
          expect(journal.dropped()).to.equal(dropped);
        }
        expect(journal.take(10)).to.deep.equal(model);
      }),
    );
  });

  it('knows what is of no use any more', () => {
    const end = START + 60_000;
    expect(isOver(count('add', START), end + 1999)).to.equal(false);
    expect(isOver(count('add', START), end + 2000)).to.equal(true);
    for (const command of [member('add', START, 'a'), set(START, end), claim(START, end, 'a')]) {
      expect(isOver(command, end - 1)).to.equal(false);
      expect(isOver(command, end)).to.equal(true);
    }
    expect(isOver(clear(START), Infinity)).to.equal(false);
  });
});
