import { expect } from 'chai';
import {
  forgottenContents,
  nextNumber,
  NoSuchRelease,
  readHistory,
  rollbackTarget,
} from '../../fleet/history.js';
import { MOST_NUMBER, writeRecord, type ReleaseRecord } from '../../fleet/record.js';
import { recordOf, unsigned } from './records.js';

/** The youngest one first. */
function historyOf(...records: readonly ReleaseRecord[]) {
  return records.map(unsigned).reverse();
}

describe('the history of releases', () => {
  it('leaves out what is damaged', () => {
    const texts = [writeRecord(recordOf(2), undefined), 'damaged', writeRecord(recordOf(1), undefined)];
    expect(readHistory(texts).map(({ record }) => record.number)).to.deep.equal([2, 1]);
  });

  describe('the next number', () => {
    it('is 1 at first, then one more than any before', () => {
      expect(nextNumber([], [])).to.equal(1);
      expect(nextNumber(historyOf(recordOf(3), recordOf(4)), [])).to.equal(5);
    });

    it('is above those that run, of which Redis may know nothing any more', () => {
      expect(nextNumber([], [57, 56])).to.equal(58);
    });

    it('does not follow one that is too large to count on from', () => {
      expect(nextNumber(historyOf(recordOf(3)), [MOST_NUMBER])).to.equal(4);
    });
  });

  describe('contents', () => {
    const history = historyOf(recordOf(1), recordOf(2), recordOf(3));

    it('are forgotten with the last record that names them', () => {
      expect(forgottenContents(history, 'new', 3)).to.deep.equal(['content-1']);
      expect(forgottenContents(history, 'new', 4)).to.deep.equal([]);
    });

    it('stay while another record names them, or the new one', () => {
      const again = historyOf(recordOf(1), recordOf(2), recordOf(3, { content: 'content-1' }));
      expect(forgottenContents(again, 'new', 3)).to.deep.equal([]);
      expect(forgottenContents(history, 'content-1', 3)).to.deep.equal([]);
    });
  });

  describe('going back', () => {
    const one = recordOf(1);
    const two = recordOf(2);
    const three = recordOf(3, { revision: '7777abcdef01' });
    const history = historyOf(one, two, three);
    const target = (current: ReleaseRecord, named?: string): number =>
      rollbackTarget(history, current, named).record.number;

    it('leads to the last release with other rules', () => {
      expect(target(three)).to.equal(2);
      expect(
        rollbackTarget(historyOf(one, three, { ...three, number: 4 }), { ...three, number: 4 }, undefined)
          .record,
      ).to.deep.equal(one);
    });

    it('leads on from where the last step led, and not forth again', () => {
      const back = recordOf(4, { content: two.content, rollbackTo: 2 });
      expect(rollbackTarget(historyOf(one, two, three, back), back, undefined).record.number).to.equal(1);
    });

    it('leads to a number, a revision or its beginning', () => {
      expect(target(three, '1')).to.equal(1);
      expect(target(one, '7777abcdef01')).to.equal(3);
      expect(target(one, '7777A')).to.equal(3);
    });

    it('does not lead to what is unknown, too short to be meant, or in force', () => {
      expect(() => target(three, '9')).to.throw(NoSuchRelease, 'Release 9 is not among the last 50');
      expect(() => target(one, '777')).to.throw(NoSuchRelease);
      expect(() => target(three, '3')).to.throw(NoSuchRelease, 'in force already');
      expect(() => target(one)).to.throw(NoSuchRelease, 'no earlier release');
    });
  });
});
